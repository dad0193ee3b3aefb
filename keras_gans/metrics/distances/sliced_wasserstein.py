"""The sliced Wasserstein distance between two sets of points."""

from typing import Any

import numpy as np

REPEATS, DIRECTIONS = 4, 128


_AT_ONCE = 16  # directions; all of them would take gigabytes


def sliced_wasserstein(
    real: Any,
    fake: Any,
    repeats: int = REPEATS,
    directions: int = DIRECTIONS,
    seed: int = 0,
) -> float:
    """Computes the sliced Wasserstein-1 distance between two sets of points.

    Rabin et al. 2011: the mean, over random directions of length 1, of the
    Wasserstein distance between the projections. In one dimension it is
    exact: sorted values are compared, or quantiles where the sizes differ.

    Args:
        real: Points (n, d).
        fake: Points (m, d).
        repeats: Number of times that directions are drawn.
        directions: Number of directions each time.
        seed: Seed of the directions.

    Returns:
        The distance, 0 for equal sets.

    Raises:
        ValueError: For other shapes, empty sets, and values that are not
            finite.
    """
    real, fake = np.asarray(real), np.asarray(fake)
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise ValueError(
            "Points must have the shapes (n, d) and (m, d). "
            f"Received: {real.shape} and {fake.shape}"
        )
    for points in (real, fake):
        if points.size == 0 or not np.isfinite(points).all():
            raise ValueError(
                "Points must be finite, and there must be at least 1. "
                f"Received: shape {points.shape}, or NaN in it"
            )
    rng = np.random.default_rng(seed)
    n, m = len(real), len(fake)
    # Quantiles change at multiples of 1/n and 1/m; times n m, exactly.
    ends = np.union1d(np.arange(1, n + 1) * m, np.arange(1, m + 1) * n)
    weights = np.diff(ends, prepend=0) / (n * m)
    rows = (ends - 1) // m, (ends - 1) // n
    total = 0.0
    for _ in range(repeats):
        drawn = rng.standard_normal((directions, real.shape[1]))
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        drawn = drawn.astype(np.result_type(real, fake, "float32"))
        for some in np.array_split(drawn, max(1, directions // _AT_ONCE)):
            sorted_real = np.sort(some @ real.T)[:, rows[0]]
            sorted_fake = np.sort(some @ fake.T)[:, rows[1]]
            total += float((np.abs(sorted_real - sorted_fake) @ weights).sum())
    return total / (repeats * directions)
