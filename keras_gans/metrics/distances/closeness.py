"""The distances of generated images to the training set."""

import dataclasses
from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_features, check_pair
from keras_gans.metrics.distances.neighbours import nearest


@dataclasses.dataclass(frozen=True)
class Closeness:
    """How close generated images are to the training set.

    Attributes:
        share: Share of the generated images whose distance to the training
            set is below the threshold. For images as new as unseen real ones
            it is about the quantile.
        threshold: The quantile of the distances from unseen real images to
            the training set.
        z: Standard score of the Mann-Whitney test that generated images are
            no closer to the training set than unseen real images. Below -3
            is hardly chance; poor images give far more than 0.
        distances: Distance from each generated image to its nearest training
            image, (m,).
        indices: Index of that training image, int (m,).
    """

    share: float
    threshold: float
    z: float
    distances: np.ndarray
    indices: np.ndarray


def closeness(
    real: Any, fake: Any, test: Any = None, quantile: float = 0.05
) -> Closeness:
    """Compares how far generated and real images are from the training set.

    The standard score is the statistic of Meehan et al. 2020, "A
    Non-Parametric Test to Detect Data-Copying in Generative Models", section
    3.1, with the whole space as one cell. The score detects a generator all
    of whose images are too close; the share detects a few copies among many
    new images.

    Args:
        real: Features of the training set (n, d).
        fake: Features of generated images (m, d).
        test: Features of real images that were not trained on (t, d). None
            takes the distance of every training image to its nearest other
            training image instead: an unseen image of the same kind is as
            far from the training set.
        quantile: Share of the real images that are closer than the
            threshold, above 0 and below 1.

    Returns:
        The shares and distances.

    Raises:
        ValueError: For another quantile, other shapes, fewer than 2 rows, and
            values that are not finite.
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
        The score: below 0 where numbers of the first tend to be smaller;
        standard normal where both are samples of one distribution.
    """
    m, n = len(first), len(second)
    ordered = np.sort(second)
    below = np.searchsorted(ordered, first, "left")
    up_to = np.searchsorted(ordered, first, "right")
    larger = float((below + up_to).sum()) / 2.0  # A tie counts as half.
    _, ties = np.unique(np.concatenate([first, second]), return_counts=True)
    tied = float((ties.astype("float64") ** 3 - ties).sum())
    total = m + n
    variance = m * n / 12.0 * (total + 1 - tied / (total * (total - 1)))
    if variance == 0.0:  # All numbers are equal.
        return 0.0
    return (larger - m * n / 2.0) / variance**0.5
