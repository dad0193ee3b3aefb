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
    """Computes which share of each set lies within the manifold of the other.

    Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for
    Assessing Generative Models", equations 1 and 2. The manifold of a set is
    the union of balls about its points, each as large as the distance to the
    k-th nearest other one. A point on a ball's edge is outside, as in the
    package prdc; that makes a difference for duplicates only.

    Args:
        real: Features (n, d).
        fake: Features (m, d).
        k: The neighbour that says how large a ball is; 3 in the paper.

    Returns:
        Precision (share of fakes in the real manifold) and recall (share of
        reals in the fake one).

    Raises:
        ValueError: For sets of no more than k, other shapes, and what is not
            finite.
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
    """Computes how densely fakes lie among reals, and how many they reach.

    Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative
    Models", equations 4 and 5. A real point's ball is as large as the
    distance to its k-th nearest other real point.

    Args:
        real: Features (n, d).
        fake: Features (m, d).
        k: The neighbour that says how large a ball is; 5 in the paper.

    Returns:
        Density (balls that hold a fake, divided by k, on average over fakes;
        may exceed 1) and coverage (share of balls that hold any fake).

    Raises:
        ValueError: For sets of no more than k, other shapes, and what is not
            finite.
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
