"""Pairs of generated images and their nearest training images."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_pair
from keras_gans.metrics.distances.neighbours import nearest
from keras_gans.metrics.features.choice import shape_of
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.features.stream import choose, quantise


def nearest_pairs(
    real_images: Any,
    fake_images: Any,
    real: FeatureSet,
    fake: FeatureSet,
    num_pairs: int = 8,
) -> np.ndarray:
    """Puts the generated images closest to a training image beside that image.

    Args:
        real_images: The training images: array (n, H, W, C) or image source.
        fake_images: The generated images, of the same size.
        real: `compute_features(real_images)`, of all images or of those that
            its `num_samples` and `seed` chose.
        fake: `compute_features(fake_images)`, likewise.
        num_pairs: Number of pairs.

    Returns:
        uint8 images (pairs, H, 2 W, C): the generated image to the left, its
        nearest training image to the right, the closest pair first.
        `keras_gans.pictures.grids.save_grid` draws them in one picture.

    Raises:
        ValueError: Where images and features do not match in number, and
            where the images of the two sides differ in size.
    """
    check_same_size(real_images, fake_images)
    real_rows = _rows("real", real_images, real)
    fake_rows = _rows("fake", fake_images, fake)
    distances, indices = nearest(
        *reversed(check_pair(real.features, fake.features))
    )
    closest = np.argsort(distances, kind="stable")[:num_pairs]
    halves = [
        np.concatenate([quantise(images[np.array([row])]) for row in rows])
        for images, rows in (
            (fake_images, fake_rows[closest]),
            (real_images, real_rows[indices[closest]]),
        )
    ]
    return np.concatenate(halves, axis=2)


def check_same_size(real_images: Any, fake_images: Any) -> None:
    """Refuses images that differ in size.

    Args:
        real_images: Array (n, H, W, C) or image source.
        fake_images: Array (m, H, W, C) or image source.

    Raises:
        ValueError: Where height, width or channels differ.
    """
    real, fake = (shape_of(images) for images in (real_images, fake_images))
    if real != fake:
        raise ValueError(
            "Images can be put side by side only where they have one size: "
            "give `image_size` when they are loaded. "
            f"Received: {real} real and {fake} fake (height, width, channels)"
        )


def _rows(name: str, images: Any, features: FeatureSet) -> np.ndarray:
    """Returns the indices of the images that the features belong to."""
    if len(images) == len(features):
        return np.arange(len(images))
    if features.origin.seed is None:
        raise ValueError(
            f"`{name}` must be the features of all of `{name}_images`. "
            f"Received: {len(features)} features, {len(images)} images"
        )
    return choose(len(images), len(features), features.origin.seed)
