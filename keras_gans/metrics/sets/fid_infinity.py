"""FID, extrapolated to infinitely many generated images."""

import dataclasses
import warnings
from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_features
from keras_gans.metrics.distances.frechet import frechet_distance
from keras_gans.metrics.distances.statistics import GaussianStatistics
from keras_gans.metrics.features.feature_metric import FeatureMetric
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
)
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


@dataclasses.dataclass(frozen=True)
class Extrapolation:
    """A line through Fréchet distances over 1 / n.

    Attributes:
        value: Where it meets 1 / n = 0.
        slope: How it falls.
        counts: The n, int (points,).
        distances: What was measured there, (points,).
    """

    value: float
    slope: float
    counts: np.ndarray
    distances: np.ndarray


def extrapolate(
    real: GaussianStatistics,
    fake: Any,
    points: int = 15,
    smallest: int | None = None,
    seed: int = 0,
) -> Extrapolation:
    """Extrapolates the Fréchet distance to infinitely many fakes.

    Chong and Forsyth 2020, "Effectively Unbiased FID and Inception Score and
    where to find them", section 3: the bias is linear in 1 / n, so the
    distance of subsets of several sizes n, each drawn anew, shows where it
    goes. As in the paper the real set is used whole, and its own bias stays.

    Args:
        real: Mean and covariance of the real features.
        fake: Features (N, d).
        points: How many sizes, evenly from `smallest` to N; 15 in the paper.
        smallest: The smallest size, 5,000 of 50,000 in the paper; None takes
            N / 10, or twice as many as dimensions if that is more and no
            more than half of N.
        seed: Seed of the draws.

    Returns:
        The line, whose value may be below 0 for equal distributions.

    Raises:
        ValueError: For too few images or points, another shape, and what is
            not finite.
    """
    fake = check_features(fake, "fake")
    total, dimensions = fake.shape
    if smallest is None:
        smallest = max(total // 10, min(2 * dimensions, total // 2))
    if points < 2 or not 2 <= smallest < total:
        raise ValueError(
            "`points` must be at least 2, and `smallest` at least 2 and less "
            f"than the number of images. Received: points={points}, "
            f"smallest={smallest}, {total} images"
        )
    rng = np.random.default_rng(seed)
    counts = np.linspace(smallest, total, points).astype(int)
    distances = []
    for count in counts:
        some = GaussianStatistics(dimensions)
        some.update(fake[rng.choice(total, count, replace=False)])
        distances.append(
            frechet_distance(
                real.mean, real.covariance, some.mean, some.covariance
            )
        )
    slope, value = np.polyfit(1.0 / counts, distances, 1)
    return Extrapolation(
        float(value), float(slope), counts, np.array(distances)
    )


def fid_infinity(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    points: int = 15,
    smallest: int | None = None,
) -> MetricRecord:
    """Computes the FID that infinitely many generated images would have.

    Args:
        real: Images, features or statistics, as for `fid`.
        fake: Images or features of generated images.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set of images to choose; None uses all.
        seed: Seed of the choice, and of the subsets.
        points: How many sizes of subsets; see `extrapolate`.
        smallest: The smallest subset; see `extrapolate`.

    Returns:
        A record; `details` hold the slope and the FID of all images too.

    Raises:
        ValueError: For bad images, too few of them, and features of another
            network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
        statistics=("real",),
    )
    line = extrapolate(real.gaussian, fake.features, points, smallest, seed)
    least, dimensions = int(line.counts[0]), real.gaussian.dimensions
    if least <= dimensions:
        warnings.warn(
            f"fid_infinity[{fake.origin.feature_network}] starts at {least} "
            f"images for {dimensions} features. The distance falls in a "
            "straight line only where there are more images than features, "
            "so the result comes out wrong. Better use "
            f"{4 * dimensions} images or more.",
            stacklevel=2,
        )
    return make_record(
        "fid_infinity",
        line.value,
        real,
        fake,
        points=points,
        smallest=least,
        subset_seed=seed,
        slope=line.slope,
        fid=float(line.distances[-1]),
    )


class FIDInfinity(FeatureMetric):
    """Extrapolated FID as a streaming Keras metric.

    See `fid_infinity` and `FeatureMetric`.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `feature_statistics(...)` of the reference set, or None.
        points: How many sizes of subsets.
        smallest: The smallest subset, or None; see `extrapolate`.
        seed: Seed of the subsets.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives `fid_infinity[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureStatistics | FeatureSet | None = None,
        points: int = 15,
        smallest: int | None = None,
        seed: int = 0,
        batch_size: int = 256,
        name: str | None = None,
    ):
        super().__init__(
            "fid_infinity",
            feature_network,
            real,
            batch_size,
            name,
            points=points,
            smallest=smallest,
            seed=seed,
        )

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the intercept."""
        return [fid_infinity(real, fake, **self.options)]
