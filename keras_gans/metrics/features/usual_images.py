"""A warning where images are not of the kind that a network knows.

A classifier of clothes is as sure of X-rays as of clothes (mean confidence
0.97 and 0.95), so its confidence does not tell them apart. Its features do:
their mean lies outside of where those of clothes vary.
"""

import functools
import warnings
from pathlib import Path

import h5py
import numpy as np

from keras_gans.metrics.features import shipped_classifiers
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
)

THRESHOLD = 0.2
"""The distance from which `warn_of_unusual_images` warns.

Measured by `tests/benchmarks/usual_images.py`: no class of clothes or digits
lies further than 0.08 from the training images of its own network, and no
other set nearer than 0.36.
"""

_KINDS = {
    shipped_classifiers.FASHION_MNIST: "clothes",
    shipped_classifiers.MNIST: "digits",
}
_warned: set[tuple[str, str]] = set()


def reference_path(name: str) -> Path:
    """Returns the path of what is usual for a classifier that ships."""
    return Path(__file__).with_name(f"{name}.usual.h5")


@functools.cache
def usual(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Reads what features the training images of a classifier have.

    Args:
        name: "fashion_mnist_classifier" or "mnist_classifier".

    Returns:
        Their mean (d,) and the inverse of their covariance (d, d), float64.
    """
    with h5py.File(reference_path(name)) as file:
        mean, precision = (
            file[key][()].astype("float64") for key in ("mean", "precision")
        )
    return mean, precision


def unusualness(
    mean: np.ndarray, num_images: int, usual: tuple[np.ndarray, np.ndarray]
) -> float:
    """Computes how far the mean of features lies from the usual.

    The squared Mahalanobis distance for each dimension,
    (m - m0)' S0^-1 (m - m0) / d, without what it is by chance for so few
    images, 1 / n.

    Args:
        mean: The mean m of the features (d,).
        num_images: Their number n, or 0 where it is not known.
        usual: The usual mean m0 (d,) and the inverse S0^-1 of the usual
            covariance (d, d).

    Returns:
        About 0 for a part of the usual images, up to 0.08 for one class of
        them, and more for others.
    """
    usual_mean, precision = usual
    difference = mean - usual_mean
    distance = difference @ precision @ difference / len(mean)
    return float(distance - (1 / num_images if num_images else 0))


def warn_of_unusual_images(side: FeatureSet | FeatureStatistics) -> None:
    """Warns, once for a set, of features that say little of the images.

    Args:
        side: The features of the real images.
    """
    checksum = side.origin.feature_network_checksum
    key = (checksum, side.origin.images_checksum)
    names = {sha: name for name, sha in shipped_classifiers.SHA256.items()}
    if checksum not in names or key in _warned:
        return
    name = names[checksum]
    if isinstance(side, FeatureSet):
        mean, num = side.features.mean(axis=0, dtype="float64"), len(side)
    else:
        mean, num = side.gaussian.mean, side.gaussian.count
    distance = unusualness(mean, num, usual(name))
    if distance <= THRESHOLD:
        return
    _warned.add(key)
    warnings.warn(
        f"The real images ({side.origin.images or 'images'}) are unlike the "
        f"{_KINDS[name]} that {name} was trained on, so its features say "
        "little of them: choose another feature network, such as "
        "inception_2048. Received: images at a distance "
        f"of {distance:.2f}, where {_KINDS[name]} have less than {THRESHOLD}",
        stacklevel=4,
    )
