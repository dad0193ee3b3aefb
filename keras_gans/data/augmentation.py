"""Augmentation of the data by KerasCV layers."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.data.images.arrays import Images
from keras_gans.data.optional import import_package
from keras_gans.data.source import ImageSource
from keras_gans.modalities.image import to_uint8


class AugmentedImages(ImageSource):
    """An image source whose images are changed at random when they are read.

    What is drawn depends only on the seed and on which images are read
    together, so a resumed run sees what it would have seen. That holds for
    layers that draw from their own `seed`, as the geometric ones do; KerasCV's
    colour layers and `RandomCropAndResize` draw from TensorFlow's global one.

    Args:
        source: An image source, or an array of images (N, H, W, C).
        layers: Layers that map float images in [0, 255] of shape
            (n, H, W, C) to such, applied in their order; they may change H
            and W. Meant for `keras_cv.layers`; Keras's own work too.
        seed: Seed of the changes, a whole number from 0.
    """

    def __init__(
        self, source: Any, layers: Sequence[keras.layers.Layer], seed: int = 0
    ):
        self.source = (
            Images(source) if isinstance(source, np.ndarray) else source
        )
        self.layers = list(layers)
        self.seed = seed
        self.name = f"{getattr(self.source, 'name', 'images')} augmented"
        self.class_names = getattr(self.source, "class_names", None)
        self.image_shape = self.read(np.array([0])).shape[1:]

    @property
    def labels(self) -> np.ndarray | None:  # type: ignore[override]
        """The labels of the source."""
        return getattr(self.source, "labels", None)

    def __len__(self) -> int:
        return len(self.source)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads and changes images; see `ImageSource.read`."""
        images = to_uint8(self.source[rows]).astype("float32")
        draws = np.random.default_rng([self.seed, *rows])
        for layer in self.layers:
            images = _seeded(layer, draws)(images, training=True)
        images = keras.ops.convert_to_numpy(images)
        return np.clip(np.rint(images), 0, 255).astype("uint8")


def _seeded(
    layer: keras.layers.Layer, draws: np.random.Generator
) -> keras.layers.Layer:
    config = layer.get_config()
    if "seed" not in config:
        return layer
    config["seed"] = int(draws.integers(2**31))
    return type(layer).from_config(config)


def augment(
    source: Any,
    layers: Sequence[keras.layers.Layer] | None = None,
    seed: int = 0,
) -> AugmentedImages:
    """Changes images at random when they are read, by KerasCV layers.

    The generator learns to make what it is shown: augmentations that a
    picture must not have (noise, rotation of faces) will show in its images.

    KerasCV imports TensorFlow, on every Keras backend.

    Args:
        source: An image source, or an array of images (N, H, W, C).
        layers: Layers that map float images in [0, 255] to such, for instance
            `keras_cv.layers.RandomTranslation(0.1, 0.1)`; a horizontal flip
            of every second image where None.
        seed: Seed of the changes, a whole number from 0.

    Returns:
        An image source of the same length, giving uint8 images.

    Raises:
        ImportError: Where the flip is wanted and keras-cv is not installed.
    """
    if layers is None:
        keras_cv = import_package("keras_cv", "keras-cv")
        layers = [keras_cv.layers.RandomFlip("horizontal")]
    return AugmentedImages(source, layers, seed)
