"""Precision, recall, density and coverage of two sets of features."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_pair
from keras_gans.metrics.distances.neighbours import (
    squared_distances,
    squared_radii,
)


def improved_precision_and_recall(
    real: Any, fake: Any, k: int = 3
) -> tuple[float, float]:
    """Computes the share of each set that lies in the manifold of the other.

    Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for
    Assessing Generative Models", equations 1 and 2. The manifold of a set is
    the union of balls around its points; the radius of a ball is the distance
    to the k-th nearest other point. A point on the edge of a ball is outside,
    as in the package prdc; this matters for duplicates only.

    Args:
        real: Features (n, d).
        fake: Features (m, d).
        k: Number of the neighbour that gives the radius; 3 in the paper.

    Returns:
        Precision (share of generated images in the real manifold) and recall
        (share of real images in the generated manifold).

    Raises:
        ValueError: For sets of k rows or fewer, other shapes, and values that
            are not finite.
    """
    real, fake = check_pair(real, fake)
    real_radii, fake_radii = squared_radii(real, k), squared_radii(fake, k)
    precise = np.zeros(len(fake), bool)
    recalled = np.zeros(len(real), bool)
    for part, block in squared_distances(real, fake):
        precise |= (block < real_radii[part, None]).any(axis=0)
        recalled[part] = (block < fake_radii).any(axis=1)
    return float(precise.mean()), float(recalled.mean())


def density_and_coverage(
    real: Any, fake: Any, k: int = 5
) -> tuple[float, float]:
    """Computes the density of generated images among real ones, and coverage.

    Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative
    Models", equations 4 and 5. The radius of a real point's ball is the
    distance to its k-th nearest other real point.

    Args:
        real: Features (n, d).
        fake: Features (m, d).
        k: Number of the neighbour that gives the radius; 5 in the paper.

    Returns:
        Density (number of real balls around a generated point, divided by k,
        averaged; may exceed 1) and coverage (share of the real balls that
        contain a generated point).

    Raises:
        ValueError: For sets of k rows or fewer, other shapes, and values that
            are not finite.
    """
    real, fake = check_pair(real, fake)
    radii = squared_radii(real, k)
    held = 0
    covered = np.zeros(len(real), bool)
    for part, block in squared_distances(real, fake):
        within = block < radii[part, None]
        held += int(within.sum())
        covered[part] = within.any(axis=1)
    return held / (k * len(fake)), float(covered.mean())
