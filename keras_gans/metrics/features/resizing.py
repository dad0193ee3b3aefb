"""Resizing of images to the size of a feature network.

The mode of resizing alone changes an FID by several points (Parmar et al.
2022, "On aliased resizing and surprising subtleties in GAN evaluation"), so
every result names its mode.

Every mode is linear along each axis: it is two products with matrices, which
are computed once for each size. The numbers are the same on every backend.
"""

import functools
from typing import Any

import keras
import numpy as np
from keras import ops


def clean(size: int, new_size: int) -> np.ndarray:
    """Computes antialiased bicubic weights.

    They are Pillow's for float images, as in clean-fid.

    Args:
        size: Number of pixels along one axis.
        new_size: Number of pixels after resizing.

    Returns:
        The weights (new_size, size), float32.
    """
    from PIL import Image

    # Pillow resamples rows and columns separately, so the resized rows of the
    # identity matrix are its weights.
    identity = Image.fromarray(np.eye(size, dtype="float32"))
    resized = identity.resize((new_size, size), Image.Resampling.BICUBIC)
    return np.asarray(resized).T.copy()


def legacy_tensorflow(size: int, new_size: int) -> np.ndarray:
    """Computes the bilinear weights of TensorFlow 1.

    They are neither antialiased nor centred. The graph `inception-2015-12-05`
    contains them (`ResizeBilinear`), and with it the FID of Heusel et al.
    2017; torch-fidelity has them too.

    Args:
        size: Number of pixels along one axis.
        new_size: Number of pixels after resizing.

    Returns:
        The weights (new_size, size), float32.
    """
    scale = np.float32(size) / np.float32(new_size)
    return _bilinear(np.arange(new_size, dtype="float32") * scale, size)


def legacy_pytorch(size: int, new_size: int) -> np.ndarray:
    """Computes bilinear weights between pixel centres, not antialiased.

    They are those of `torch.nn.functional.interpolate(mode="bilinear",
    align_corners=False)`, as in pytorch-fid.

    Args:
        size: Number of pixels along one axis.
        new_size: Number of pixels after resizing.

    Returns:
        The weights (new_size, size), float32.
    """
    scale = np.float32(size) / np.float32(new_size)
    # PyTorch rounds once, after multiplying and subtracting, as float64 does.
    positions = scale.astype("float64") * (np.arange(new_size) + 0.5) - 0.5
    return _bilinear(np.maximum(positions, 0).astype("float32"), size)


def _bilinear(positions: np.ndarray, size: int) -> np.ndarray:
    # In float32 like the originals: for large images the rounding errors of
    # their positions are larger than the agreement wanted between libraries.
    lower = np.minimum(positions.astype("int64"), size - 1)
    upper = np.minimum(lower + 1, size - 1)
    fraction = positions - lower.astype("float32")
    weights = np.zeros((len(positions), size), "float32")
    rows = np.arange(len(positions))
    weights[rows, lower] = 1 - fraction
    weights[rows, upper] += fraction
    return weights


MODES = {
    mode.__name__: mode for mode in (clean, legacy_tensorflow, legacy_pytorch)
}
"""From the name of a mode to the function of its weights along one axis."""


def resize(
    images: Any, size: tuple[int, int], mode: str = "clean", channels: int = 3
) -> Any:
    """Resizes images of any size, up or down.

    Args:
        images: Array or tensor (n, H, W, C), values in [0, 255].
        size: Height and width after resizing.
        mode: One of `MODES`.
        channels: 3 to repeat grey images; otherwise the channels of `images`.

    Returns:
        A float32 tensor (n, *size, channels), values in [0, 255]; not rounded.
    """
    x = ops.cast(images, "float32")
    if tuple(images.shape[1:3]) != tuple(size):
        x = _resize(x, size, mode)
    if images.shape[3] == 1 and channels == 3:
        x = ops.repeat(x, 3, axis=-1)
    return x


def _resize(x: Any, size: tuple[int, int], mode: str) -> Any:
    height, width, channels = x.shape[1:]
    rows = _weights(mode, height, size[0])
    columns = _weights(mode, width, size[1])
    x = ops.matmul(rows, ops.reshape(x, (-1, height, width * channels)))
    x = ops.reshape(x, (-1, size[0], width, channels))
    x = ops.reshape(ops.transpose(x, (0, 1, 3, 2)), (-1, width))
    x = ops.reshape(ops.matmul(x, columns.T), (-1, size[0], channels, size[1]))
    x = ops.clip(x, 0.0, 255.0)  # Bicubic weights overshoot.
    return ops.transpose(x, (0, 1, 3, 2))


@functools.lru_cache(maxsize=16)
def _weights(mode: str, size: int, new_size: int) -> np.ndarray:
    return MODES[mode](size, new_size)


class Resizing(keras.layers.Layer):
    """A layer that resizes images as `resize` does, and maps to [-1, 1].

    Args:
        size: Height and width after resizing.
        mode: One of `MODES`.
        channels: 3 to repeat grey images; otherwise those of the images.
    """

    def __init__(
        self,
        size: tuple[int, int],
        mode: str,
        channels: int = 3,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.size = size
        self.mode = mode
        self.channels = channels

    def call(self, images: Any) -> Any:
        """Resizes (n, H, W, C) in [0, 255] to float32 in [-1, 1]."""
        resized = resize(images, self.size, self.mode, self.channels)
        return resized / 127.5 - 1.0

    def compute_output_shape(self, input_shape: Any) -> tuple:
        """Returns (n, height, width, channels)."""
        return (input_shape[0], *self.size, self.channels)
