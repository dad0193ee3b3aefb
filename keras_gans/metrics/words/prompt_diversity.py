"""Diversity: how far apart the images of one sentence are."""

from typing import Any

import numpy as np

from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.sides import Network, make_record, prepare


def mean_distances(features: Any, groups: Any) -> np.ndarray:
    """Returns the mean distance of two rows of each group.

    Args:
        features: (N, d).
        groups: What tells the groups apart, (N,) or (N, L). A group of one
            row has no distance.

    Returns:
        float64 (groups,).

    Raises:
        ValueError: Where no group has two rows.
    """
    features = np.asarray(features, "float64")
    _, numbers = np.unique(np.asarray(groups), axis=0, return_inverse=True)
    means = []
    for number in range(numbers.max() + 1):
        rows = features[numbers.ravel() == number]
        first, second = np.triu_indices(len(rows), 1)
        if len(first):
            apart = np.linalg.norm(rows[first] - rows[second], axis=1)
            means.append(apart.mean())
    if not means:
        raise ValueError(
            "Diversity is that of several images of one sentence. "
            f"Received: {len(features)} images, all of different sentences"
        )
    return np.array(means)


def prompt_diversity(
    prompts: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
) -> MetricRecord:
    """Computes how far apart the features of one sentence's images are.

    It is the mean over sentences of the mean Euclidean distance between the
    features of two of its images; hold it against that of real images. A
    generator that ignores its latents has 0.

    Args:
        prompts: What the images were made by: ids (N, L), or the number of
            each one's sentence (N,).
        fake: The images (N, H, W, C), uint8 or float in [-1, 1], an image
            source, or `compute_features` of either.
        feature_network: As in `fid`.
        batch_size: Images at a time.

    Returns:
        A record; its `details` hold the number of `prompts` with two images
        or more.

    Raises:
        ValueError: For bad images, and where no sentence has two.
    """
    (fake,) = prepare({"fake": fake}, feature_network, batch_size)
    means = mean_distances(fake.features, prompts)
    return make_record(
        "prompt_diversity", means.mean(), None, fake, prompts=len(means)
    )
