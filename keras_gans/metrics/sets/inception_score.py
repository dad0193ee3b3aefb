"""The Inception Score, of a feature network's own classification."""

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
    """Computes the Inception Score of each part of a set.

    Salimans et al. 2016, "Improved Techniques for Training GANs", section 4:
    exp(E_x KL(p(y|x) || p(y))), where p(y) is the mean over the part.

    Args:
        logits: Of a classifier, (n, classes).
        splits: Into how many parts the shuffled set goes, which are as large
            as each other or by one image larger. The score depends on it:
            fewer images score less.
        seed: Seed of the shuffle; 2020 shuffles as torch-fidelity does unless
            told otherwise.

    Returns:
        float64 (splits,), each from 1 to the number of classes.

    Raises:
        ValueError: For fewer images than splits, another shape, and what is
            not finite.
    """
    logits = check_features(logits, "logits")
    if not 1 <= splits <= len(logits):
        raise ValueError(
            "`splits` must be at least 1 and at most the number of images. "
            f"Received: splits={splits}, {len(logits)} images"
        )
    # Images may stand in the order of their classes.
    order = np.random.RandomState(seed).permutation(len(logits))
    logits = logits[order]
    log_p = logits - _log_sum_exp(logits, axis=1)
    edges = [i * len(logits) // splits for i in range(splits + 1)]
    scores = []
    for start, stop in itertools.pairwise(edges):
        part = log_p[start:stop]
        # In logarithms, where no probability is so small that it is 0.
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
        feature_network: As for `fid`; one with a head, which classifies.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many images to choose; None uses all.
        seed: Seed of the choice, and of the shuffle.
        splits: Into how many parts the set goes; papers take 10 parts of
            5,000 images.

    Returns:
        A record of the mean over splits, with their deviation in `details`.

    Raises:
        ValueError: For bad images, fewer than splits, and a network that
            does not classify.
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

    See `inception_score` and `FeatureMetric`. Real images are not looked at.

    Args:
        feature_network: A network's name or an extractor, with a head.
        splits: Into how many parts the set goes.
        seed: Seed of the shuffle.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives `is[<feature network>]`.
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
