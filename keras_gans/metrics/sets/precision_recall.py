"""Improved precision and recall."""

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


def precision_recall(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    k: int = 3,
) -> list[MetricRecord]:
    """Computes improved precision and recall of two image sets.

    Args:
        real: Images or features, as for `fid`, but not statistics. Sets of
            the same size are best: recall rises with the number of fakes,
            precision with that of reals.
        fake: The same, of generated images.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set of images to choose; None uses all.
        seed: Seed of the choice.
        k: The neighbour that says how large a ball is; 3 in the paper.

    Returns:
        Two records, `"precision"` and `"recall"`.

    Raises:
        ValueError: For bad images, no more than k of them, and features of
            another network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
    )
    values = improved_precision_and_recall(real.features, fake.features, k)
    return [
        make_record(name, value, real, fake, k=k)
        for name, value in zip(("precision", "recall"), values, strict=True)
    ]


class PrecisionRecall(FeatureMetric):
    """Improved precision and recall as a streaming Keras metric.

    See `precision_recall` and `FeatureMetric`. `result()` is a dictionary.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `compute_features(...)` of the reference set, or None.
        k: The neighbour that says how large a ball is.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives
            `precision_recall[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureSet | None = None,
        k: int = 3,
        batch_size: int = 256,
        name: str | None = None,
    ):
        metric = "precision_recall"
        super().__init__(metric, feature_network, real, batch_size, name, k=k)

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes both."""
        return precision_recall(real, fake, **self.options)
