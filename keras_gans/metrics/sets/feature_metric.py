"""The base class of streaming Keras metrics that compare features."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
)
from keras_gans.metrics.features.networks import get_feature_extractor
from keras_gans.metrics.features.stream import quantise
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.sides import Network, Side, check_side, origin_of


class FeatureList:
    """A list of the features of batches.

    Args:
        dimensions: Length d of a feature vector.
    """

    def __init__(self, dimensions: int):
        self.dimensions = dimensions
        self.batches: list[np.ndarray] = []

    def update(self, features: np.ndarray) -> None:
        """Adds a batch (n, d)."""
        self.batches.append(features)

    def merge(self, other: "FeatureList") -> None:
        """Appends the batches of another list."""
        self.batches += other.batches


class FeatureMetric(keras.metrics.Metric):
    """A streaming Keras metric of the features of real and generated images.

    It works on NumPy arrays and eager tensors, outside compiled steps, so not
    in `compile(metrics=...)`. Features are NumPy arrays and not Keras
    variables, which are float32 and have a fixed size. A merged metric gives
    exactly the value of one metric that saw all batches in that order.

    Subclasses define `measure`, and pass its options to `__init__`.

    Args:
        metric: Name of the metric in results.
        feature_network: A network's name, a Keras model, or an extractor.
        real: The reference set, as `compute_features` or
            `feature_statistics` returns it. `reset_state` keeps it. None
            where real images come through `update_state`.
        batch_size: Images at a time; it does not change the result.
        name: Name of the Keras metric; None gives
            `<metric>[<feature network>]`.
        **options: Options of `measure`, which `get_config` returns.
    """

    needs_real = True
    """Whether the metric compares with real images."""
    collector: type = FeatureList
    """The class that collects the features of a side."""
    _channels: str | None

    def __init__(
        self,
        metric: str,
        feature_network: Network,
        real: Side | None,
        batch_size: int,
        name: str | None,
        **options: Any,
    ):
        self.extractor = get_feature_extractor(feature_network)
        super().__init__(name=name or f"{metric}[{self.extractor.name}]")
        self.batch_size = batch_size
        self.options = options
        self.reference = real
        if real is not None:
            check_side("real", real, origin_of(self.extractor))
        self.reset_state()

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the results.

        Args:
            real: Features of the real images: a `FeatureSet`, or
                `FeatureStatistics` from a collector of statistics; None where
                no real images are needed.
            fake: Features of the generated images, likewise.

        Returns:
            One record for each value.
        """
        raise NotImplementedError

    def update_state(self, real: Any, fake: Any) -> None:
        """Adds a batch of real and a batch of generated images.

        Args:
            real: Real images (n, H, W, C), uint8 or float in [-1, 1], or None.
            fake: Generated images (m, H, W, C), or None.

        Raises:
            ValueError: For bad images, and for real images where the metric
                has a reference set.
        """
        if real is not None and self.reference is not None:
            raise ValueError(
                "`real` must be None for a metric with a reference set. "
                f"Received: {len(real)} real images"
            )
        if self.needs_real:
            self._update("real", real)
        self._update("fake", fake)

    def _update(self, side: str, images: Any) -> None:
        if images is None:
            return
        images = quantise(keras.ops.convert_to_numpy(images), side)
        self._channels = self.extractor.channels_of(images.shape[1:])
        features = self.extractor(images, self.batch_size)
        collected = self._collected.setdefault(
            side, self.collector(features.shape[1])
        )
        collected.update(features)

    def merge_state(self, metrics: Sequence["FeatureMetric"]) -> None:
        """Adds the images of other metrics, for instance of replicas.

        Args:
            metrics: Metrics of the same class and feature network.

        Raises:
            ValueError: For another feature network.
        """
        for metric in metrics:
            if metric.extractor.checksum != self.extractor.checksum:
                raise ValueError(
                    "Only metrics of the same feature network can be merged. "
                    f"Received: {self.name} and {metric.name}"
                )
            for side, collected in metric._collected.items():
                own = self._collected.setdefault(
                    side, self.collector(collected.dimensions)
                )
                own.merge(collected)
            self._channels = self._channels or metric._channels

    def records(self) -> list[MetricRecord]:
        """Returns the records of the values so far."""
        real = self.reference
        if real is None and self.needs_real:
            real = self._side("real")
        return self.measure(real, self._side("fake"))

    def record(self) -> MetricRecord:
        """Returns the record of a metric that has one value."""
        (record,) = self.records()
        return record

    def _side(self, name: str) -> Side:
        origin = dataclasses.replace(
            origin_of(self.extractor), channels=self._channels
        )
        collected = self._collected.get(name, self.collector(0))
        if not isinstance(collected, FeatureList):
            return FeatureStatistics(collected, origin)
        empty = np.zeros((0, collected.dimensions), "float32")
        features = np.concatenate([empty, *collected.batches])
        return FeatureSet(features, origin, self.extractor.head)

    def result(self) -> float | dict[str, float]:
        """Returns the value so far, or a dictionary of several values."""
        records = self.records()
        if len(records) == 1:
            return records[0].value
        return {record.metric: record.value for record in records}

    def reset_state(self) -> None:
        """Forgets all images, but not a reference set."""
        self._collected: dict[str, Any] = {}
        self._channels = None

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration, without a reference set.

        A network is represented by its name, so `from_config` finds the
        networks of the package only.
        """
        return {
            "name": self.name,
            "feature_network": self.extractor.name,
            "batch_size": self.batch_size,
            **self.options,
        }
