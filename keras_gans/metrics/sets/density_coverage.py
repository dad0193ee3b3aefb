"""Density and coverage."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_pair
from keras_gans.metrics.distances.neighbours import (
    squared_distances,
    squared_radii,
)
from keras_gans.metrics.features.feature_metric import FeatureMetric
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


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


def density_coverage(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    k: int = 5,
) -> list[MetricRecord]:
    """Computes density and coverage of two image sets.

    Args:
        real: Images or features, as for `fid`, but not statistics.
        fake: The same, of generated images. Coverage rises with their number.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set of images to choose; None uses all.
        seed: Seed of the choice.
        k: The neighbour that says how large a ball is; 5 in the paper.

    Returns:
        Two records, `"density"` and `"coverage"`.

    Raises:
        ValueError: For bad images, no more than k real ones, and features of
            another network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
    )
    values = density_and_coverage(real.features, fake.features, k)
    return [
        make_record(name, value, real, fake, k=k)
        for name, value in zip(("density", "coverage"), values, strict=True)
    ]


class DensityCoverage(FeatureMetric):
    """Density and coverage as a streaming Keras metric.

    See `density_coverage` and `FeatureMetric`. `result()` is a dictionary.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `compute_features(...)` of the reference set, or None.
        k: The neighbour that says how large a ball is.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives
            `density_coverage[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureSet | None = None,
        k: int = 5,
        batch_size: int = 256,
        name: str | None = None,
    ):
        metric = "density_coverage"
        super().__init__(metric, feature_network, real, batch_size, name, k=k)

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes both."""
        return density_coverage(real, fake, **self.options)
