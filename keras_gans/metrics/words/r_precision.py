"""R-precision: whether an image is found by its own sentence."""

from typing import Any

import numpy as np

from keras_gans.files import sha256_of_weights
from keras_gans.metrics.record import MetricRecord


def count_found(scores: Any, own: Any) -> np.ndarray:
    """Returns the images whose own sentence has the highest score, bool (N,).

    One that shares the highest score with others is not found: a matcher
    that says the same of all finds none.

    Args:
        scores: How well each image and each candidate match, (N, M).
        own: The number of each image's own candidate, (N,).
    """
    scores, own = np.asarray(scores, "float64"), np.asarray(own)
    rows = np.arange(len(scores))
    right = scores[rows, own]
    others = scores.copy()
    others[rows, own] = -np.inf
    return right > others.max(1)


def r_precision(
    matcher: Any,
    prompts: Any,
    fake: Any,
    candidates: Any = None,
    batch_size: int = 256,
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

    Returns:
        A record of the share; its `details` hold the number of `candidates`
        and `chance`.

    Raises:
        ValueError: For a sentence that is not among the candidates, fewer
            than two distinct ones, and another number of sentences than
            images.
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
    is_own = (prompts[:, None] == distinct[None]).all(-1)
    if len(distinct) < 2 or not is_own.any(1).all():
        raise ValueError(
            "`candidates` must hold every sentence of `prompts`, and two that "
            f"differ. Received: {len(distinct)} distinct candidates, "
            f"{(~is_own.any(1)).sum()} prompts that are not among them"
        )
    scores = matcher.scores(fake, distinct, batch_size)
    found = count_found(scores, is_own.argmax(1))
    return MetricRecord(
        metric="r_precision",
        value=float(found.mean()),
        feature_network=getattr(matcher, "name", type(matcher).__name__),
        feature_network_checksum=sha256_of_weights(
            matcher.get_weights() if hasattr(matcher, "get_weights") else []
        ),
        num_real=0,
        num_fake=len(fake),
        details={"candidates": len(distinct), "chance": 1 / len(distinct)},
    )
