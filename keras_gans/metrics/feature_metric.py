"""What the metrics of features share: their input, results and streaming."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import keras
import numpy as np

from keras_gans.metrics import fashion_mnist_classifier
from keras_gans.metrics.feature_set import (
    FeatureSet,
    FeatureStatistics,
    Origin,
    compute_features,
    quantise,
)
from keras_gans.metrics.features import FeatureExtractor, get_feature_extractor
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.statistics_file import Uncounted

Network: TypeAlias = str | keras.Model | FeatureExtractor
Side: TypeAlias = FeatureSet | FeatureStatistics

DEFAULT_NETWORK = fashion_mnist_classifier.NAME


def prepare(
    sides: Mapping[str, Any],
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    compute: Callable[..., Any] = compute_features,
) -> list[Any]:
    """Makes features of what is not yet features, all with one network.

    Args:
        sides: By the name that an error should use: images (array or image
            source), a `FeatureSet`, or, with another `compute`,
            `FeatureStatistics`.
        feature_network: A network's name, a Keras model, or an extractor.
            None takes the one that made the features among the sides, and
            the Fashion-MNIST classifier where all are images.
        batch_size: Images at a time.
        num_samples: How many of each set of images to choose; None uses all.
        seed: Seed of the choice.
        compute: `compute_features` or `feature_statistics`.

    Returns:
        The sides, in their order, as `compute` returns them, or as they came.

    Raises:
        ValueError: For bad images, fewer than 2 of them, features of another
            network, and what is not finite.
    """
    made = [s.origin for s in sides.values() if isinstance(s, Side)]
    for name, side in sides.items():
        if not isinstance(side, Side) and len(side) < 2:
            raise ValueError(
                f"`{name}` must hold at least 2 images. Received: {len(side)}"
            )
    if feature_network is not None or len(made) < len(sides):
        network = made[0].feature_network if made else DEFAULT_NETWORK
        feature_network = get_feature_extractor(feature_network or network)
        wanted = _origin(feature_network)
    else:
        wanted = made[0]
    prepared = []
    for name, side in sides.items():
        if not isinstance(side, Side):
            side = compute(side, feature_network, batch_size, num_samples, seed)
        _check(name, side, wanted, compute is compute_features)
        prepared.append(side)
    _warn_of_the_same(dict(zip(sides, prepared, strict=True)))
    return prepared


def make_record(
    metric: str, value: float, real: Side | None, fake: Side, **details: Any
) -> MetricRecord:
    """Writes down a value and how it was made.

    Args:
        metric: What was measured.
        value: The number.
        real: The reference set, or None where the metric needs none.
        fake: The generated set.
        **details: What else there is to say, as numbers.

    Returns:
        The record.
    """
    origin = fake.origin
    reference = real.origin if real else None
    seed = origin.seed
    if seed is None and reference:
        seed = reference.seed
    return MetricRecord(
        metric=metric,
        value=float(value),
        feature_network=origin.feature_network,
        feature_network_checksum=origin.feature_network_checksum,
        num_real=count(real) if real else 0,
        num_fake=count(fake),
        real=reference.images if reference else None,
        real_checksum=reference.images_checksum or None if reference else None,
        fake=origin.images,
        seed=seed,
        resize=origin.resize,
        split=reference.split if reference else None,
        details=details,
    )


def count(side: Side) -> int | None:
    """Returns how many images a side is of; None where nobody knows."""
    if isinstance(side, FeatureSet):
        return len(side)
    unknown = isinstance(side.gaussian, Uncounted)
    return None if unknown else side.gaussian.count


def _check(name: str, side: Side, wanted: Origin, features: bool) -> None:
    of_wanted = (wanted.feature_network_checksum, wanted.resize)
    origin = side.origin
    if (origin.feature_network_checksum, origin.resize) != of_wanted:
        raise ValueError(
            f"`{name}` must be made with the feature network "
            f"{wanted.feature_network!r}, or one with the same weights and "
            f"resize={wanted.resize!r}. Received: statistics of "
            f"{origin.feature_network!r} with resize={origin.resize!r}"
        )
    if features and isinstance(side, FeatureStatistics):
        raise ValueError(
            f"This metric needs the features of `{name}`, not only their "
            "mean and covariance: pass images or `compute_features(...)`. "
            "Received: FeatureStatistics"
        )
    size = count(side)
    if size is not None and size < 2:
        raise ValueError(
            f"`{name}` must hold at least 2 images. Received: {size}"
        )
    values = (
        side.features if isinstance(side, FeatureSet) else side.gaussian.mean
    )
    if not np.isfinite(values).all():
        raise ValueError(
            f"The features of `{name}` must be finite; a network with broken "
            "weights gives such. Received: NaN or infinite values from "
            f"{origin.feature_network!r}"
        )


def _warn_of_the_same(sides: dict[str, Side]) -> None:
    seen: dict[str, str] = {}
    for name, side in sides.items():
        checksum = side.origin.images_checksum
        if checksum and checksum in seen:
            warnings.warn(
                f"`{seen[checksum]}` and `{name}` are the very same images, "
                "so the result says nothing of a generator. Received: "
                f"{side.origin.images or 'images'} of SHA-256 {checksum[:16]}… "
                "twice",
                stacklevel=4,
            )
        seen[checksum] = name


def _origin(extractor: FeatureExtractor) -> Origin:
    return Origin(
        extractor.name, extractor.checksum, extractor.resize, None, ""
    )


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
            _check("real", real, _origin(self.extractor), features=False)
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
        origin = _origin(self.extractor)
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

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration; a network goes by its name."""
        return {
            "name": self.name,
            "feature_network": self.extractor.name,
            "batch_size": self.batch_size,
            **self.options,
        }
