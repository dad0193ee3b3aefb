"""FID, on the features of a network that every result names."""

import warnings
from typing import Any

import keras

from keras_gans.metrics.feature_set import (
    FeatureStatistics,
    feature_statistics,
    quantise,
)
from keras_gans.metrics.features import FeatureExtractor, get_feature_extractor
from keras_gans.metrics.frechet import frechet_distance
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.statistics import GaussianStatistics


def fid(
    real: Any,
    fake: Any,
    feature_network: str
    | keras.Model
    | FeatureExtractor = "fashion_mnist_classifier",
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
) -> MetricRecord:
    """Computes the Fréchet distance between the features of two image sets.

    Heusel et al. 2017, equation 6. With features of Inception this is the
    FID of papers; with others it is not comparable with theirs, and so the
    result names its network.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; an image source
            from `keras_gans.data.load`; or `feature_statistics(...)` of
            either, which saves doing the real set over and over.
        fake: The same, of generated images.
        feature_network: A network's name, a Keras model, or an extractor.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set to choose; None uses all.
        seed: Seed of the choice.

    Returns:
        A record of the value and how it was made.

    Raises:
        ValueError: For bad images, fewer than 2 of them, or statistics that
            another network made.
    """
    extractor = get_feature_extractor(feature_network)
    sides = []
    for name, images in (("real", real), ("fake", fake)):
        if not isinstance(images, FeatureStatistics):
            if len(images) < 2:
                raise ValueError(
                    f"FID needs at least 2 images in `{name}`. "
                    f"Received: {len(images)}"
                )
            images = feature_statistics(
                images, extractor, batch_size, num_samples, seed
            )
        elif images.origin.feature_network_checksum != extractor.checksum:
            raise ValueError(
                f"`{name}` must be made with the feature network "
                f"{extractor.name!r}, or one with the same weights. "
                f"Received: statistics of {images.origin.feature_network!r}"
            )
        sides.append(images)
    first, second = sides
    return MetricRecord(
        metric="fid",
        value=_distance(first.gaussian, second.gaussian, extractor.name),
        feature_network=extractor.name,
        feature_network_checksum=extractor.checksum,
        num_real=first.gaussian.count,
        num_fake=second.gaussian.count,
        real=first.origin.images,
        real_checksum=first.origin.images_checksum,
        fake=second.origin.images,
        seed=seed if num_samples is not None else second.origin.seed,
    )


def _distance(
    real: GaussianStatistics, fake: GaussianStatistics, network: str
) -> float:
    for name, side in (("real", real), ("fake", fake)):
        if side.count < 2:
            raise ValueError(
                f"FID needs at least 2 {name} images. Received: {side.count}"
            )
    smallest = min(real.count, fake.count)
    if smallest <= real.dimensions:
        warnings.warn(
            f"fid[{network}] compares {real.dimensions} features on only "
            f"{smallest} images. So few images cannot show how the features "
            "vary together, and the value comes out too high, by more the "
            "fewer there are. Compare it only with values from the same "
            f"number of images; better use {10 * real.dimensions} or more.",
            stacklevel=3,
        )
    return frechet_distance(
        real.mean, real.covariance, fake.mean, fake.covariance
    )


class FID(keras.metrics.Metric):
    """FID as a streaming Keras metric.

    ```python
    metric = keras_gans.metrics.FID(real=feature_statistics(images))
    metric.update_state(None, gan.generate(1000))
    metric.result()
    ```

    It works on NumPy arrays, outside compiled steps: on tensors of an eager
    evaluation, not as one of `compile(metrics=...)`.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `feature_statistics(...)` of the reference set, which then stays
            through every `reset_state`; None where real images come through
            `update_state`.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives `fid[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: str
        | keras.Model
        | FeatureExtractor = "fashion_mnist_classifier",
        real: FeatureStatistics | None = None,
        batch_size: int = 256,
        name: str | None = None,
    ):
        self.extractor = get_feature_extractor(feature_network)
        super().__init__(name=name or f"fid[{self.extractor.name}]")
        self.batch_size = batch_size
        self._reference = real
        expected = self.extractor.checksum
        if real and real.origin.feature_network_checksum != expected:
            raise ValueError(
                f"`real` must be made with {self.extractor.name!r}. "
                f"Received: statistics of {real.origin.feature_network!r}"
            )
        # NumPy, not Keras variables: those are float32, and float64 does not
        # exist on JAX by default. Float32 covariances spoil an FID.
        self._real: GaussianStatistics | None = None
        self._fake: GaussianStatistics | None = None

    def update_state(self, real: Any, fake: Any) -> None:
        """Adds a batch of each.

        Args:
            real: Images (n, H, W, C), uint8 or float in [-1, 1], or None.
            fake: The same, generated; the number may differ.

        Raises:
            ValueError: For bad images, or real ones where a reference set
                was given.
        """
        if real is not None and self._reference is not None:
            raise ValueError(
                "`real` must be None where the metric was made with a "
                f"reference set. Received: {len(real)} real images"
            )
        self._real = self._updated(self._real, real, "real")
        self._fake = self._updated(self._fake, fake, "fake")

    def _updated(
        self, gaussian: GaussianStatistics | None, images: Any, name: str
    ) -> GaussianStatistics | None:
        if images is None:
            return gaussian
        images = quantise(keras.ops.convert_to_numpy(images), name)
        features = self.extractor(images, self.batch_size)
        gaussian = gaussian or GaussianStatistics(features.shape[1])
        gaussian.update(features)
        return gaussian

    def merge_state(self, metrics: list["FID"]) -> None:
        """Adds what other metrics have seen, for instance on replicas.

        Args:
            metrics: FID metrics of the same feature network.
        """
        for metric in metrics:
            for side in ("_real", "_fake"):
                own, other = getattr(self, side), getattr(metric, side)
                if other is not None:
                    own = own or GaussianStatistics(other.dimensions)
                    own.merge(other)
                    setattr(self, side, own)

    def record(self) -> MetricRecord:
        """Returns the distance so far, and how it was made."""
        reference = self._reference
        origin = reference.origin if reference else None
        real = reference.gaussian if reference else self._real
        real, fake = real or GaussianStatistics(0), self._fake
        fake = fake or GaussianStatistics(0)
        return MetricRecord(
            metric="fid",
            value=_distance(real, fake, self.extractor.name),
            feature_network=self.extractor.name,
            feature_network_checksum=self.extractor.checksum,
            num_real=real.count,
            num_fake=fake.count,
            real=origin.images if origin else None,
            real_checksum=origin.images_checksum if origin else None,
        )

    def result(self) -> float:
        """Returns the distance so far."""
        return self.record().value

    def reset_state(self) -> None:
        """Forgets all images but a reference set."""
        self._real = self._fake = None

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration; a network goes by its name."""
        return {
            "name": self.name,
            "feature_network": self.extractor.name,
            "batch_size": self.batch_size,
        }
