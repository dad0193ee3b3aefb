"""FID, on the features of a network that every result names."""

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
    FID of papers; with others it is not comparable with theirs, and so the
    result names its network.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; an image source
            from `keras_gans.data.load`; or `feature_statistics(...)` or
            `compute_features(...)` of either, which saves doing the real set
            over and over.
        fake: The same, of generated images.
        feature_network: A network's name, a Keras model, or an extractor.
            None takes the one that made the statistics that are given, and
            the Fashion-MNIST classifier where both are images.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set of images to choose; None uses all.
        seed: Seed of the choice.

    Returns:
        A record of the value and how it was made. Where there are no more
        images than features, a warning says how far off the value is, and so
        does `details["expected_bias"]` (see `expected_frechet_distance`).

    Raises:
        ValueError: For bad images, fewer than 2 of them, or statistics that
            another network made.
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
    # A published set of statistics whose number is unknown is a large one.
    larger, smaller = sorted(
        (real, fake), key=lambda side: count(side) or 10**9, reverse=True
    )
    most, least = (count(side) or 10**9 for side in (larger, smaller))
    dimensions = fake.gaussian.dimensions
    if least > dimensions:
        return {}
    bias = expected_frechet_distance(larger.gaussian.covariance, most, least)
    # The covariance of few images is itself of too few directions.
    about = "about" if most > 2 * dimensions else "at least"
    warnings.warn(
        f"fid[{fake.origin.feature_network}] compares {dimensions} features "
        f"on only {least} images. So few images cannot show how the features "
        "vary together, and the value comes out too high: two such sets of "
        f"one and the same source would score {about} {bias:.3g} instead of "
        "0. Compare it only with values from the same number of images; "
        f"better use {10 * dimensions} or more.",
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
        real: `feature_statistics(...)` of the reference set, which then stays
            through every `reset_state`; None where real images come through
            `update_state`.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives `fid[<feature network>]`.
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
