"""The distances of generated images to the training set."""

import dataclasses
from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_features, check_pair
from keras_gans.metrics.distances.neighbours import nearest


@dataclasses.dataclass(frozen=True)
class Closeness:
    """How close fakes are to the training set, beside real images.

    Attributes:
        share: Share of fakes that are closer to a training image than the
            quantile of unseen real images is. It is about the quantile for
            images that are as new as those.
        threshold: The quantile's distance.
        z: Standard score of the Mann-Whitney test that fakes are no closer
            to the training set than unseen real images are: below -3 hardly
            by chance, far above 0 for poor images.
        distances: From each fake to its nearest training image, (m,).
        indices: Which one that is, int (m,).
    """

    share: float
    threshold: float
    z: float
    distances: np.ndarray
    indices: np.ndarray


def closeness(
    real: Any, fake: Any, test: Any = None, quantile: float = 0.05
) -> Closeness:
    """Compares distances to the training set of fakes and of real images.

    The standard score is the statistic of Meehan et al. 2020, "A
    Non-Parametric Test to Detect Data-Copying in Generative Models", section
    3.1, of the whole space as one cell. It sees a generator whose images are
    too close on the whole; the share sees a few copies among many new images.

    Args:
        real: Features of the training set (n, d).
        fake: Features of generated images (m, d).
        test: Features of real images that were not trained on (t, d). None
            compares with the training images themselves, each of which is
            held against the others: an unseen image of the same kind is as
            far from its nearest one.
        quantile: Which share of the real images is to be closer than the
            threshold, above 0 and below 1.

    Returns:
        What was found.

    Raises:
        ValueError: For another quantile, other shapes, fewer than 2 rows, and
            what is not finite.
    """
    if not 0.0 < quantile < 1.0:
        raise ValueError(
            f"`quantile` must lie between 0 and 1. Received: {quantile}"
        )
    real, fake = check_pair(real, fake)
    if test is None:
        of_real, _ = nearest(real)
    else:
        _, test = check_pair(real, check_features(test, "test"))
        of_real, _ = nearest(test, real)
    distances, indices = nearest(fake, real)
    threshold = float(np.quantile(of_real, quantile))
    # Not `<`: where many real images are duplicates the threshold is 0.
    share = np.mean(distances <= threshold)
    return Closeness(
        float(share),
        threshold,
        mann_whitney_z(distances, of_real),
        distances,
        indices,
    )


def mann_whitney_z(first: np.ndarray, second: np.ndarray) -> float:
    """Computes the standard score of the Mann-Whitney test.

    Args:
        first: Numbers (m,).
        second: Numbers (n,).

    Returns:
        Below 0 where those of the first tend to be smaller; normal with
        deviation 1 where both are of one distribution.
    """
    m, n = len(first), len(second)
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, "left")
    up_to = np.searchsorted(ordered, first, "right")
    larger = float((below + up_to).sum()) / 2.0  # A tie counts a half.
    _, ties = np.unique(np.concatenate([first, second]), return_counts=True)
    tied = float((ties.astype("float64") ** 3 - ties).sum())
    total = m + n
    variance = m * n / 12.0 * (total + 1 - tied / (total * (total - 1)))
    if variance == 0.0:  # All are equal.
        return 0.0
    return (larger - m * n / 2.0) / variance**0.5
