"""Feature extractors: networks from images to the vectors that are compared."""

import functools
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.backend.precision import accelerated, full_float32
from keras_gans.files import sha256_of_weights
from keras_gans.metrics.features.resizing import MODES, Resizing
from keras_gans.modalities.image import to_float, to_uint8

Head = Callable[[np.ndarray], np.ndarray]

GREY_REPEATED = "grey repeated"
"""The `channels` of records where grey images were repeated."""

_LARGEST_BATCH = 32 * 299 * 299 * 3
"""Number of pixel values in a batch, at most; more is slower on a CPU."""


class FeatureExtractor:
    """A network whose features a metric compares, with name and checksum.

    Numbers of different networks cannot be compared, so every result carries
    the name and the checksum. Grey images are repeated for a network of three
    channels.

    Args:
        model: A Keras model from images (n, H, W, C) to features (n, d). It
            gets float32 in [-1, 1]; for another range put a `Rescaling` layer
            in front.
        name: Name in results; None takes the model's name.
        checksum: SHA-256 of the weights; None computes it.
        resize: How images are resized to the network's size: `"clean"`,
            `"legacy_tensorflow"` or `"legacy_pytorch"`; None where only
            images of the network's size are taken.
        head: A NumPy function from features, float (n, d), to float64 logits
            (n, classes); None where the network has no classifier.

    Raises:
        ValueError: For another `resize`, and for a `resize` with a model that
            takes images of any size.
    """

    def __init__(
        self,
        model: keras.Model,
        name: str | None = None,
        checksum: str | None = None,
        resize: str | None = None,
        head: Head | None = None,
    ):
        if resize is not None and resize not in MODES:
            raise ValueError(
                f"`resize` must be None or one of {list(MODES)}. "
                f"Received: {resize!r}"
            )
        if resize is not None and None in model.input_shape[1:]:
            raise ValueError(
                "`resize` needs a model that takes images of one size. "
                f"Received: {model.name!r} with {model.input_shape[1:]}"
            )
        self.model = model
        self.name = name or model.name
        self.resize = resize
        self.head = head
        self._checksum = checksum
        self._networks: dict[tuple[int, ...], keras.Model] = {}

    @property
    def dimensions(self) -> int:
        """Length of a feature vector."""
        return self.model.output_shape[-1]

    @functools.cached_property
    def checksum(self) -> str:
        """SHA-256 of the weights, in hexadecimal."""
        if self._checksum is not None:
            return self._checksum
        return sha256_of_weights(self.model.get_weights())

    def __call__(self, images: Any, batch_size: int = 256) -> np.ndarray:
        """Computes features.

        Args:
            images: (n, H, W, C), uint8 or float in [-1, 1]. Floats are
                first rounded to uint8, as image files hold it.
            batch_size: Largest number of images at a time; it does not
                change the features.

        Returns:
            float32 features (n, d).
        """
        images = to_uint8(images)
        network = self._network(images.shape[1:])
        # In equal parts, where a batch is too large for the network.
        parts = -(-batch_size // self._largest_batch(images.shape[1:]))
        most = -(-batch_size // parts)
        features = []
        for start in range(0, len(images), most):
            batch = images[start : start + most]
            # Sizes are powers of two: few, since each is compiled anew. A
            # single image would run through other kernels, with other
            # rounding errors.
            size = max(2, min(1 << (len(batch) - 1).bit_length(), most))
            padding = np.repeat(batch[-1:], size - len(batch), axis=0)
            with full_float32():
                output = distribution.predict_on_batch(
                    network, np.concatenate([batch, padding])
                )
            features.append(np.asarray(output, "float32")[: len(batch)])
        return np.concatenate(features)

    def _largest_batch(self, image_shape: tuple[int, ...]) -> int:
        shape = self.model.input_shape[1:] if self.resize else image_shape
        most = _LARGEST_BATCH
        if accelerated():
            most *= 4
        elif keras.backend.backend() == "jax":
            most //= 8  # XLA allocates all memory anew each time.
        return max(2, most // int(np.prod(shape)))

    def _network(self, image_shape: tuple[int, ...]) -> keras.Model:
        """Returns the model with the preprocessing in front."""
        if image_shape not in self._networks:
            self._check_image_shape(image_shape)
            images = keras.Input(image_shape, dtype="uint8")
            if self.resize:
                height, width, channels = self.model.input_shape[1:]
                size = (height, width)
                x = Resizing(size, self.resize, channels, dtype="float32")(
                    images
                )
            else:
                x = to_float(images)
                if self.channels_of(image_shape):
                    x = keras.ops.repeat(x, 3, axis=-1)
            outputs = self.model(x, training=False)
            if len(outputs.shape) != 2:
                raise ValueError(
                    f"The feature network {self.name!r} must return one "
                    "vector for each image: `GlobalAveragePooling2D` turns "
                    "maps into vectors. "
                    f"Received: outputs of shape {tuple(outputs.shape)}"
                )
            network = keras.Model(images, outputs)
            if keras.backend.backend() == "tensorflow" and not accelerated():
                network.jit_compile = False  # XLA is slower on a CPU.
            self._networks[image_shape] = network
        return self._networks[image_shape]

    def channels_of(self, image_shape: tuple[int, ...]) -> str | None:
        """Returns how images of a shape get the network's channels.

        Args:
            image_shape: (height, width, channels).

        Returns:
            "grey repeated" for grey images and a network of three channels;
            else None.
        """
        both = (image_shape[-1], self._input_shape(image_shape)[-1])
        return GREY_REPEATED if both == (1, 3) else None

    def _input_shape(self, image_shape: tuple[int, ...]) -> tuple:
        return getattr(self.model, "input_shape", (None, *image_shape))[1:]

    def _check_image_shape(self, image_shape: tuple[int, ...]) -> None:
        wanted = self._input_shape(image_shape)
        size, channels = image_shape[:2], image_shape[2]
        given = (
            *(wanted[:2] if self.resize else size),
            3 if self.channels_of(image_shape) else channels,
        )
        matches = zip(wanted, given, strict=True)
        if not all(w in (None, size) for w, size in matches):
            raise ValueError(
                f"The feature network {self.name!r} takes images of "
                f"{tuple(wanted)} (height, width, channels). "
                f"Received: {tuple(image_shape)}"
            )
