"""What is measured of a GAN, from numbers alone."""

import numpy as np


def nearest_distance(features: np.ndarray) -> float:
    """Returns the mean distance of each row to its nearest other row.

    It falls where samples repeat themselves, even if they repeat several
    things: the mean distance of all pairs would not.

    Args:
        features: (n, d), n of at least 2.
    """
    features = np.asarray(features, "float64")
    squares = (features**2).sum(1)
    distances = squares[:, None] + squares - 2 * features @ features.T
    np.fill_diagonal(distances, np.inf)
    return float(np.sqrt(np.maximum(distances.min(1), 0.0)).mean())


def separation(real: np.ndarray, fake: np.ndarray) -> float:
    """Returns how often a discriminator tells real from generated.

    That is the share of pairs in which the real row has the higher score: 1
    where it always tells, 0.5 where it guesses. It is the same for every loss,
    since only the order of the scores matters.

    Args:
        real: Scores of real rows, (n,).
        fake: Scores of generated rows, (m,).
    """
    more = (real[:, None] > fake).mean() + 0.5 * (real[:, None] == fake).mean()
    return float(more)


def accuracies(
    real: np.ndarray, fake: np.ndarray, boundary: float
) -> tuple[float, float]:
    """Returns the shares of real and of generated rows that D judges rightly.

    Args:
        real: Scores of real rows, (n,).
        fake: Scores of generated rows, (m,).
        boundary: The score above which D takes a row for real.
    """
    return float((real > boundary).mean()), float((fake <= boundary).mean())


def dead_units(activations: np.ndarray) -> tuple[int, int]:
    """Counts units that are zero for every row.

    Args:
        activations: (n, ..., units), of at least zero.

    Returns:
        The number of such units, and of all.
    """
    flat = activations.reshape(-1, activations.shape[-1])
    return int((flat.max(0) <= 0).sum()), flat.shape[-1]


def swing(means: np.ndarray) -> float:
    """Returns how far the means of parts of an epoch are apart.

    Args:
        means: Means of successive parts of an epoch, (n,).

    Returns:
        Their mean change from part to part, over their mean size; 0 for means
        that are not all positive, whose size says nothing.
    """
    if means.min() <= 0:
        return 0.0
    return float(np.abs(np.diff(means)).mean() / means.mean())
