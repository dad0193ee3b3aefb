"""Augmentation of the data by Keras's layers, or KerasCV's."""

import copy
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.data.images.arrays import Images
from keras_gans.data.report import Origin
from keras_gans.data.source import ImageSource
from keras_gans.modalities.image import to_uint8


class AugmentedImages(ImageSource):
    """An image source whose images are changed at random when they are read.

    The changes follow from the seed, the pass over the data, and the images
    that are read together, so a resumed run sees what it would have seen.
    That holds for layers that draw from their own `seed`, as the geometric
    ones do; KerasCV's colour layers and `RandomCropAndResize` draw from
    TensorFlow's global one.

    Args:
        source: An image source, or an array of images (N, H, W, C).
        layers: A layer, or several, from float images in [0, 255] of shape
            (n, H, W, C) to float images in [0, 255], applied in their order;
            they may change H and W. Keras's own work, and those of
            `keras_cv.layers`.
        seed: Seed of the changes, a whole number from 0.
    """

    def __init__(
        self,
        source: Any,
        layers: keras.layers.Layer | Sequence[keras.layers.Layer],
        seed: int = 0,
    ):
        self.source = (
            Images(source) if isinstance(source, np.ndarray) else source
        )
        is_one = isinstance(layers, keras.layers.Layer)
        self.layers = [layers] if is_one else list(layers)
        self.seed = seed
        self.nth_pass = 0
        self.name = f"{getattr(self.source, 'name', 'images')} augmented"
        self.class_names = getattr(self.source, "class_names", None)
        self.image_shape = self.read(np.array([0])).shape[1:]

    @property
    def changes(self) -> str:  # type: ignore[override]
        """The names of the layers."""
        return ", ".join(type(layer).__name__ for layer in self.layers)

    def in_memory(self, name: str) -> np.ndarray | None:
        """Returns the labels; see `Source.in_memory`."""
        if isinstance(self.source, ImageSource):
            return self.source.in_memory(name)
        return super().in_memory(name)

    def origins(self) -> dict[str, Origin]:
        """Returns what the images were; see `Source.origins`."""
        if isinstance(self.source, ImageSource):
            return self.source.origins()
        return {}

    @property
    def labels(self) -> np.ndarray | None:  # type: ignore[override]
        """The labels of the source."""
        return getattr(self.source, "labels", None)

    @property
    def has_labels(self) -> bool:
        """Whether the source has labels."""
        if isinstance(self.source, ImageSource):
            return self.source.has_labels
        return self.labels is not None

    def __len__(self) -> int:
        return len(self.source)

    def in_pass(self, nth_pass: int) -> "AugmentedImages":
        """Returns the images with the changes of a pass over the data."""
        changed = copy.copy(self)
        changed.nth_pass = nth_pass
        return changed

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads and changes images; see `ImageSource.read`."""
        images = to_uint8(self.source[rows]).astype("float32")
        draws = np.random.default_rng([self.seed, self.nth_pass, *rows])
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
    layers: keras.layers.Layer | Sequence[keras.layers.Layer] | None = None,
    seed: int = 0,
) -> AugmentedImages:
    """Changes images at random when they are read.

    These are changes of the data: the generator learns to make what it is
    shown, so changes that real images do not have (noise, rotated faces)
    will show in its images. `keras_gans.stabilizers.DiffAugment` changes what
    the discriminator sees of real and of generated images alike, and leaves
    no such trace.

    `keras_cv.layers` work too; they import TensorFlow, on every Keras
    backend.

    Args:
        source: An image source, or an array of images (N, H, W, C).
        layers: A layer, or several, from float images in [0, 255] to float
            images in [0, 255], for instance
            `keras.layers.RandomTranslation(0.1, 0.1)`; None flips half of the
            images from left to right.
        seed: Seed of the changes, a whole number from 0.

    Returns:
        An image source of the same length, with uint8 images.
    """
    if layers is None:
        layers = keras.layers.RandomFlip("horizontal")
    return AugmentedImages(source, layers, seed)
