"""The Inception Score, from the classifier of a feature network."""

import itertools
from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_features
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    logits_of,
    make_record,
    prepare,
)


def scores_of_splits(
    logits: Any, splits: int = 10, seed: int = 0
) -> np.ndarray:
    """Computes the Inception Score of every part of a set.

    Salimans et al. 2016, "Improved Techniques for Training GANs", section 4:
    exp(E_x KL(p(y|x) || p(y))), where p(y) is the mean over the part.

    Args:
        logits: Logits of a classifier, (n, classes).
        splits: Number of parts of the shuffled set; their sizes differ by at
            most one image. The score depends on it: smaller parts score less.
        seed: Seed of the shuffle; 2020 shuffles as torch-fidelity does by
            default.

    Returns:
        float64 (splits,), each from 1 to the number of classes.

    Raises:
        ValueError: For fewer images than splits, another shape, and values
            that are not finite.
    """
    logits = check_features(logits, "logits")
    if not 1 <= splits <= len(logits):
        raise ValueError(
            "`splits` must be at least 1 and at most the number of images. "
            f"Received: splits={splits}, {len(logits)} images"
        )
    # Images may be sorted by their classes.
    order = np.random.RandomState(seed).permutation(len(logits))
    logits = logits[order]
    log_p = logits - _log_sum_exp(logits, axis=1)
    edges = [i * len(logits) // splits for i in range(splits + 1)]
    scores = []
    for start, stop in itertools.pairwise(edges):
        part = log_p[start:stop]
        # In logarithms, so that no small probability becomes 0.
        log_mean = _log_sum_exp(part, axis=0) - np.log(len(part))
        divergence = (np.exp(part) * (part - log_mean)).sum(axis=1)
        scores.append(np.exp(divergence.mean()))
    return np.array(scores)


def _log_sum_exp(values: np.ndarray, axis: int) -> np.ndarray:
    largest = values.max(axis=axis, keepdims=True)
    total = np.exp(values - largest).sum(axis=axis, keepdims=True)
    return largest + np.log(total)


def inception_score(
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    splits: int = 10,
) -> MetricRecord:
    """Computes the Inception Score of images.

    Args:
        fake: Images or features, as for `fid`, but not statistics.
        feature_network: As for `fid`; a network with a classifier.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose; None uses all.
        seed: Seed of the choice, and of the shuffle.
        splits: Number of parts; papers take 10 parts of 5,000 images.

    Returns:
        A record of the mean over the parts, with their standard deviation in
        `details`.

    Raises:
        ValueError: For bad images, fewer images than splits, and a network
            without a classifier.
    """
    (fake,) = prepare(
        {"fake": fake}, feature_network, batch_size, num_samples, seed
    )
    scores = scores_of_splits(logits_of(fake), splits, seed)
    return make_record(
        "is",
        scores.mean(),
        None,
        fake,
        deviation=float(scores.std()),
        splits=splits,
        split_seed=seed,
    )


class InceptionScore(FeatureMetric):
    """The Inception Score as a streaming Keras metric.

    See `inception_score` and `FeatureMetric`. Real images are ignored.

    Args:
        feature_network: A network's name or an extractor, with a classifier.
        splits: Number of parts.
        seed: Seed of the shuffle.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives `is[<feature network>]`.
    """

    needs_real = False

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        splits: int = 10,
        seed: int = 0,
        batch_size: int = 256,
        name: str | None = None,
    ):
        super().__init__(
            "is",
            feature_network,
            None,
            batch_size,
            name,
            splits=splits,
            seed=seed,
        )

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the score."""
        return [inception_score(fake, **self.options)]
