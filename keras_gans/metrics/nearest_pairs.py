"""Generated images beside the training images that they are closest to."""

from typing import Any

import numpy as np

from keras_gans.metrics.checks import check_pair
from keras_gans.metrics.feature_set import FeatureSet
from keras_gans.metrics.feature_stream import quantise
from keras_gans.metrics.neighbours import nearest


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
        real: Their features, `compute_features(real_images)`, of all images.
        fake: `compute_features(fake_images)`, likewise.
        num_pairs: How many to show.

    Returns:
        uint8 images (pairs, H, 2 W, C): fake to the left, its nearest
        training image to the right, the closest pair first. `save_grid` in
        `keras_gans.callbacks.grids` makes one picture of them.

    Raises:
        ValueError: Where images and features do not match in number.
    """
    for name, images, features in (
        ("real", real_images, real),
        ("fake", fake_images, fake),
    ):
        if len(images) != len(features):
            raise ValueError(
                f"`{name}` must be the features of all of `{name}_images`. "
                f"Received: {len(features)} features, {len(images)} images"
            )
    distances, indices = nearest(
        *reversed(check_pair(real.features, fake.features))
    )
    closest = np.argsort(distances, kind="stable")[:num_pairs]
    halves = [
        np.concatenate([quantise(images[np.array([row])]) for row in rows])
        for images, rows in (
            (fake_images, closest),
            (real_images, indices[closest]),
        )
    ]
    return np.concatenate(halves, axis=2)
