"""What the metrics of features share as streaming Keras metrics."""

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
    """Features of batches, kept one after the other.

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
        """Adds what another list holds, behind its own."""
        self.batches += other.batches


class FeatureMetric(keras.metrics.Metric):
    """A metric of the features of real and generated images, streaming.

    It works on NumPy arrays, outside compiled steps: on tensors of an eager
    evaluation, not as one of `compile(metrics=...)`. Features are kept as
    NumPy arrays and not as Keras variables, which are float32 and of a fixed
    size. A merged metric gives exactly what one would that saw its batches
    and then those of the others.

    Subclasses say in `measure` what is computed, and hand `__init__` the
    options that it needs.

    Args:
        metric: What results call it.
        feature_network: A network's name, a Keras model, or an extractor.
        real: The reference set, as `compute_features` or
            `feature_statistics` returns it, which stays through every
            `reset_state`; None where real images come through `update_state`.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives `<metric>[<feature network>]`.
        **options: What `measure` needs, as `get_config` shows it.
    """

    needs_real = True
    """Whether real images are looked at."""
    collector: type = FeatureList
    """What keeps the features of a side."""
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
            real: `FeatureSet` or, where the collector makes them,
                `FeatureStatistics`; None where none are needed.
            fake: The same, generated.

        Returns:
            One record for each value.
        """
        raise NotImplementedError

    def update_state(self, real: Any, fake: Any) -> None:
        """Adds a batch of each.

        Args:
            real: Images (n, H, W, C), uint8 or float in [-1, 1], or None.
            fake: The same, generated; the number may differ.

        Raises:
            ValueError: For bad images, or real ones where a reference set
                was given.
        """
        if real is not None and self.reference is not None:
            raise ValueError(
                "`real` must be None where the metric was made with a "
                f"reference set. Received: {len(real)} real images"
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
        """Adds what other metrics have seen, for instance on replicas.

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
        """Returns the values so far, and how they were made."""
        real = self.reference
        if real is None and self.needs_real:
            real = self._side("real")
        return self.measure(real, self._side("fake"))

    def record(self) -> MetricRecord:
        """Returns the value so far of a metric that has one, with origin."""
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
        """Returns the value so far, or several by their names."""
        records = self.records()
        if len(records) == 1:
            return records[0].value
        return {record.metric: record.value for record in records}

    def reset_state(self) -> None:
        """Forgets all images but a reference set."""
        self._collected: dict[str, Any] = {}
        self._channels = None

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration, without a reference set.

        A network goes by its name, so `from_config` finds those of the
        package; pass others to the constructor.
        """
        return {
            "name": self.name,
            "feature_network": self.extractor.name,
            "batch_size": self.batch_size,
            **self.options,
        }
