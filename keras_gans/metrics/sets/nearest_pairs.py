"""Generated images beside the training images that they are closest to."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_pair
from keras_gans.metrics.distances.neighbours import nearest
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.features.stream import choose, quantise, shape_of


def nearest_pairs(
    real_images: Any,
    fake_images: Any,
    real: FeatureSet,
    fake: FeatureSet,
    num_pairs: int = 8,
) -> np.ndarray:
    """Shows the fakes closest to a training image, each beside that image.

    Args:
        real_images: The training images: array (n, H, W, C) or image source.
        fake_images: The generated images, of the same size.
        real: Their features, `compute_features(real_images)`, of all images
            or of those that its `num_samples` and `seed` chose.
        fake: `compute_features(fake_images)`, likewise.
        num_pairs: How many to show.

    Returns:
        uint8 images (pairs, H, 2 W, C): fake to the left, its nearest
        training image to the right, the closest pair first. `save_grid` in
        `keras_gans.pictures.grids` makes one picture of them.

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
    """Refuses images that cannot stand side by side.

    Args:
        real_images: Array (n, H, W, C) or image source.
        fake_images: The same.

    Raises:
        ValueError: Where height, width or channels differ.
    """
    real, fake = (shape_of(images) for images in (real_images, fake_images))
    if real != fake:
        raise ValueError(
            "Images stand side by side only where they have one size: give "
            "`image_size` where they are opened. "
            f"Received: {real} real and {fake} fake (height, width, channels)"
        )


def _rows(name: str, images: Any, features: FeatureSet) -> np.ndarray:
    """Returns which of the images the features are of."""
    if len(images) == len(features):
        return np.arange(len(images))
    if features.origin.seed is None:
        raise ValueError(
            f"`{name}` must be the features of all of `{name}_images`. "
            f"Received: {len(features)} features, {len(images)} images"
        )
    return choose(len(images), len(features), features.origin.seed)
