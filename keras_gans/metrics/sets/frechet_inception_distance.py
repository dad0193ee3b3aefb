"""FID, the Fréchet distance between the features of images."""

import warnings
from typing import Any

from keras_gans.metrics.distances.frechet import frechet_distance
from keras_gans.metrics.distances.frechet_bias import expected_frechet_distance
from keras_gans.metrics.distances.statistics import GaussianStatistics
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
)
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    count,
    make_record,
    prepare,
)


def fid(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
) -> MetricRecord:
    """Computes the Fréchet distance between the features of two image sets.

    Heusel et al. 2017, equation 6. With features of Inception this is the
    FID of papers. With features of another network it is not comparable with
    theirs, so the result names its network.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; an image source
            from `keras_gans.data.load`; or `feature_statistics(...)` or
            `compute_features(...)` of either, which can be used many times.
        fake: Generated images or their features, likewise.
        feature_network: A network's name, a Keras model, or an extractor.
            None takes the network of the features or statistics that are
            given, and `default_feature_network(real)` where both are images.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice.

    Returns:
        A record of the value. Where there are no more images than features,
        a warning states the expected bias, and so does
        `details["expected_bias"]` (see `expected_frechet_distance`).

    Raises:
        ValueError: For bad images, fewer than 2 of them, or statistics of
            another network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
        statistics=("real", "fake"),
    )
    value = frechet_distance(
        real.gaussian.mean,
        real.gaussian.covariance,
        fake.gaussian.mean,
        fake.gaussian.covariance,
    )
    return make_record("fid", value, real, fake, **_bias(real, fake))


def _bias(real: FeatureStatistics, fake: FeatureStatistics) -> dict[str, float]:
    # Published statistics of an unknown number are of many images.
    larger, smaller = sorted(
        (real, fake), key=lambda side: count(side) or 10**9, reverse=True
    )
    most, least = (count(side) or 10**9 for side in (larger, smaller))
    dimensions = fake.gaussian.dimensions
    if least > dimensions:
        return {}
    bias = expected_frechet_distance(larger.gaussian.covariance, most, least)
    # The covariance of few images has too low a rank itself.
    about = "about" if most > 2 * dimensions else "at least"
    warnings.warn(
        f"fid[{fake.origin.feature_network}] compares {dimensions} features "
        f"on only {least} images. The covariance of so few images is not "
        "accurate, and the value is too high: two such sets from one source "
        f"would score {about} {bias:.3g} instead of 0. Compare it only with "
        "values from the same number of images, or use "
        f"{10 * dimensions} or more.",
        stacklevel=3,
    )
    return {"expected_bias": bias}


class FID(FeatureMetric):
    """FID as a streaming Keras metric; see `fid` and `FeatureMetric`.

    ```python
    metric = keras_gans.metrics.FID(real=feature_statistics(images))
    metric.update_state(None, gan.generate(1000))
    metric.result()
    ```

    It keeps mean and covariance, and no features.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `feature_statistics(...)` of the reference set, which
            `reset_state` keeps; None where real images come through
            `update_state`.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives `fid[<feature network>]`.
    """

    collector = GaussianStatistics

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureStatistics | FeatureSet | None = None,
        batch_size: int = 256,
        name: str | None = None,
    ):
        super().__init__("fid", feature_network, real, batch_size, name)

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the distance."""
        return [fid(real, fake)]
