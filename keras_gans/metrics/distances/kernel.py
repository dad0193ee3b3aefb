"""The kernel distance between two sets of features."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_pair
from keras_gans.metrics.distances.neighbours import BLOCK


def kernel_distance(real: Any, fake: Any) -> float:
    """Computes the squared maximum mean discrepancy, without bias.

    Binkowski et al. 2018, "Demystifying MMD GANs", equation 4, with the
    kernel of section 4, k(x, y) = (x . y / d + 1)^3. All pairs are used, in
    blocks: memory does not grow with the sets, and time grows with n m d.

    Args:
        real: Features (n, d), n at least 2.
        fake: Features (m, d), m at least 2.

    Returns:
        The distance. For two samples of one distribution its mean is 0, so
        it may be negative.

    Raises:
        ValueError: For fewer rows, other shapes, and values that are not
            finite.
    """
    real, fake = check_pair(real, fake)
    within = 0.0
    for side in (real, fake):
        n, d = side.shape
        own = np.sum((np.einsum("nd,nd->n", side, side) / d + 1.0) ** 3)
        within += (_sum_of_kernel(side, side) - own) / (n * (n - 1))
    between = _sum_of_kernel(real, fake) / (len(real) * len(fake))
    return within - 2.0 * between


def kernel_distances(
    real: Any,
    fake: Any,
    subsets: int = 100,
    subset_size: int = 1000,
    seed: int = 0,
) -> np.ndarray:
    """Computes the kernel distance of many pairs of subsets.

    Args:
        real: Features (n, d).
        fake: Features (m, d).
        subsets: Number of pairs.
        subset_size: Number of rows in each subset, drawn without replacement.
        seed: Seed of the subsets; 2020 gives those that torch-fidelity draws
            by default.

    Returns:
        float64 (subsets,). The mean is the KID of papers.

    Raises:
        ValueError: Where a set is smaller than `subset_size`, for other
            shapes, and for values that are not finite.
    """
    real, fake = check_pair(real, fake)
    smaller = min(len(real), len(fake))
    if subsets < 1 or not 2 <= subset_size <= smaller:
        raise ValueError(
            "`subsets` must be at least 1, and `subset_size` at least 2 and "
            "at most the number of images: give more images, or "
            f"`subset_size={smaller}`, and state it with the result. "
            f"Received: subsets={subsets}, subset_size={subset_size}, "
            f"{len(real)} real and {len(fake)} fake images"
        )
    rng = np.random.RandomState(seed)
    return np.array(
        [
            kernel_distance(
                real[rng.choice(len(real), subset_size, replace=False)],
                fake[rng.choice(len(fake), subset_size, replace=False)],
            )
            for _ in range(subsets)
        ]
    )


def _sum_of_kernel(rows: np.ndarray, columns: np.ndarray) -> float:
    size = max(1, BLOCK // len(columns))
    total = 0.0
    for start in range(0, len(rows), size):
        base = rows[start : start + size] @ columns.T
        base /= rows.shape[1]
        base += 1.0
        total += float(np.sum(base * base * base))  # `**` is far slower.
    return total
