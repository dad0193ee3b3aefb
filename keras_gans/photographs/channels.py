"""Pixels of any type and number of channels, for a network, and back."""

from typing import Any

import numpy as np
from PIL import Image

from keras_gans.modalities.image import to_float, to_uint8

LUMA = np.array([0.299, 0.587, 0.114], "float32")
"""Weights of red, green and blue in grey, ITU-R BT.601."""


def as_floats(pixels: np.ndarray) -> np.ndarray:
    """Maps uint8 or uint16 to float32 in [-1, 1]; floats pass."""
    if pixels.dtype == np.uint16:
        return pixels.astype("float32") / 32767.5 - 1.0
    return to_float(pixels)


def as_type(values: np.ndarray, dtype: Any) -> np.ndarray:
    """Rounds floats in [-1, 1] to uint8 or uint16; float32 passes."""
    if dtype == np.uint8:
        return to_uint8(values)
    if dtype == np.uint16:
        scaled = np.rint((values.astype("float64") + 1.0) * 32767.5)
        return np.clip(scaled, 0, 65535).astype("uint16")
    return values


def batch_for(values: np.ndarray, channels: int) -> np.ndarray:
    """Returns images of as many channels as a network takes.

    Grey is repeated for a network of colours. Of colours, a network of grey
    images gets the grey values.

    Args:
        values: An image (H, W, C), float32.
        channels: What the network takes.

    Returns:
        (1, H, W, channels).

    Raises:
        ValueError: For other numbers of channels.
    """
    given = values.shape[-1]
    if given == 1 and channels == 3:
        values = np.repeat(values, 3, axis=-1)
    elif given == 3 and channels == 1:
        values = grey(values)
    elif given != channels:
        raise ValueError(
            f"The network takes {channels} channels. "
            f"Received: an image of {given}"
        )
    return values[None]


def grey(values: np.ndarray) -> np.ndarray:
    """Returns the grey values (..., 1) of colours (..., 3)."""
    return (values @ LUMA)[..., None]


def enlarged(alpha: np.ndarray, scale: int) -> np.ndarray:
    """Enlarges transparency (H, W, 1) with Lanczos's filter.

    Args:
        alpha: uint8, uint16 or float32.
        scale: By how much.
    """
    if scale == 1:
        return alpha
    plane = Image.fromarray(as_floats(alpha)[..., 0])
    size = plane.width * scale, plane.height * scale
    larger = np.asarray(plane.resize(size, Image.Resampling.LANCZOS))
    return as_type(np.clip(larger, -1, 1)[..., None], alpha.dtype)


ALPHA_OVERLAP = 3
"""Pixels to each side that `enlarged` looks at."""
