"""The Fréchet distance, extrapolated to infinitely many samples."""

import dataclasses
from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_features
from keras_gans.metrics.distances.frechet import frechet_distance
from keras_gans.metrics.distances.statistics import GaussianStatistics


@dataclasses.dataclass(frozen=True)
class Extrapolation:
    """A line through Fréchet distances as a function of 1 / n.

    Attributes:
        value: The line's value at 1 / n = 0.
        slope: Its slope.
        counts: The sample sizes n, int (points,).
        distances: The distance measured for each size, (points,).
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
    """Extrapolates the Fréchet distance to infinitely many samples.

    Chong and Forsyth 2020, "Effectively Unbiased FID and Inception Score and
    where to find them", section 3: the bias is linear in 1 / n, so a line
    through the distances of random subsets of several sizes n gives the limit.
    As in the paper the real set is used whole, and its own bias remains.

    Args:
        real: Mean and covariance of the real features.
        fake: Features of generated images (N, d).
        points: Number of sizes, evenly from `smallest` to N; 15 in the paper.
        smallest: The smallest size, 5,000 of 50,000 in the paper. None takes
            the larger one of N / 10 and 2 d, where 2 d is at most N / 2.
        seed: Seed of the subsets.

    Returns:
        The line. Its value may be below 0 for equal distributions.

    Raises:
        ValueError: For too few images or points, another shape, and values
            that are not finite.
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
