"""R-precision: whether an image is found by its own sentence."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans.files import sha256_of_weights
from keras_gans.metrics.record import MetricRecord


def count_found(scores: Any, own: Any, same: Any = None) -> np.ndarray:
    """Returns the images whose own sentence has the highest score, bool (N,).

    One that shares the highest score with others is not found: a matcher
    that says the same of all finds none.

    Args:
        scores: How well each image and each candidate match, (N, M).
        own: The number of each image's own candidate, (N,).
        same: Which candidates mean the same as the own one, and are left out
            of the others, bool (N, M); None for itself alone.
    """
    scores, own = np.asarray(scores, "float64"), np.asarray(own)
    others = scores.copy()
    if same is not None:
        others[same] = -np.inf
    rows = np.arange(len(scores))
    others[rows, own] = -np.inf
    return scores[rows, own] > others.max(1)


def r_precision(
    matcher: Any,
    prompts: Any,
    fake: Any,
    candidates: Any = None,
    batch_size: int = 256,
    synonyms: Sequence[Sequence[str]] | None = None,
) -> MetricRecord:
    """Computes the share of images that match their own sentence best.

    Xu et al. 2018, section 4, take the true sentence and 99 others at random,
    of which some may mean the same. Here the true one stands among all
    distinct sentences, so that chance is 1 / their number.

    Args:
        matcher: A `keras_gans.MatchingModel`, or anything with `scores(images,
            ids, batch_size)` that returns (N, M). Trained on images that the
            GAN did not learn from, it measures more than the GAN's own.
        prompts: The ids of the sentences that the images were made by, (N, L).
        fake: The images (N, H, W, C).
        candidates: The ids of all sentences to choose from, (M, L); None for
            those in `prompts`. Equal ones count once.
        batch_size: Rows at a time.
        synonyms: Groups of sentences that mean the same, lists of strings, as
            in `DFGAN`: for instance of the same words in another order. They
            are not held against each other. The matcher's
            `modalities["prompts"]` makes ids of them.

    Returns:
        A record of the share; its `details` hold the number of `candidates`
        and `chance`, the mean of 1 / the number that an image's own sentence
        stands among.

    Raises:
        ValueError: For a sentence that is not among the candidates or stands
            there alone, and another number of sentences than images.
    """
    prompts = np.asarray(prompts)
    if len(prompts) != len(fake):
        raise ValueError(
            "There must be a sentence for each image. "
            f"Received: {len(fake)} images, {len(prompts)} prompts"
        )
    distinct = np.unique(
        prompts if candidates is None else np.asarray(candidates), axis=0
    )
    is_own = _equal(prompts, distinct)
    own = is_own.argmax(1)
    same = _same_meaning(matcher, distinct, synonyms)[own]
    if same.all(1).any() or not is_own.any(1).all():
        raise ValueError(
            "`candidates` must hold every sentence of `prompts`, and one of "
            f"another meaning. Received: {len(distinct)} distinct candidates, "
            f"{(~is_own.any(1)).sum()} prompts that are not among them, "
            f"{same.all(1).sum()} that mean the same as all"
        )
    found = count_found(matcher.scores(fake, distinct, batch_size), own, same)
    return MetricRecord(
        metric="r_precision",
        value=float(found.mean()),
        feature_network=getattr(matcher, "name", type(matcher).__name__),
        feature_network_checksum=sha256_of_weights(
            matcher.get_weights() if hasattr(matcher, "get_weights") else []
        ),
        num_real=0,
        num_fake=len(fake),
        details={
            "candidates": len(distinct),
            "chance": float(np.mean(1 / ((~same).sum(1) + 1))),
        },
    )


def _same_meaning(matcher: Any, distinct: np.ndarray, synonyms: Any) -> Any:
    """Returns which of all candidates mean the same, bool (M, M)."""
    same = np.eye(len(distinct), dtype=bool)
    for group in synonyms or ():
        ids = matcher.modalities["prompts"].check(list(group), "synonyms")
        members: Any = _equal(distinct, ids).any(1)
        same |= members[:, None] & members
    return same


def _equal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Returns which rows of ids are equal, bool (N, M)."""
    return (one[:, None] == other).all(-1)
