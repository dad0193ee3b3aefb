"""The Fréchet distance, extrapolated to infinitely many samples."""

import dataclasses
from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_features
from keras_gans.metrics.distances.frechet import frechet_distance
from keras_gans.metrics.distances.statistics import GaussianStatistics


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
