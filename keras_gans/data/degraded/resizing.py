"""Resizing of images as super-resolution does it, in NumPy."""

import functools
from collections.abc import Callable

import numpy as np


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic with a = -1/2, MATLAB's and Pillow's."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x**2 + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def _linear(x: np.ndarray) -> np.ndarray:
    return np.maximum(1 - np.abs(x), 0.0)


def _box(x: np.ndarray) -> np.ndarray:
    return ((x >= -0.5) & (x < 0.5)).astype("float64")


FILTERS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], float]] = {
    "bicubic": (_cubic, 2.0),
    "bilinear": (_linear, 1.0),
    "area": (_box, 0.5),
}
"""The kernel of each filter, and the radius outside of which it is 0."""


@functools.lru_cache(maxsize=64)
def resizing_matrix(
    size: int, new_size: int, filter: str = "bicubic", antialias: bool = True
) -> np.ndarray:
    """Returns the matrix that resizes a row of pixels.

    Positions outside of the row mirror it, edge included.

    Args:
        size: Length of the row.
        new_size: Length of the result.
        filter: A name of `FILTERS`.
        antialias: Whether the kernel covers all pixels that become one.

    Returns:
        float64 (new_size, size), whose rows sum to 1.
    """
    kernel, radius = FILTERS[filter]
    scale = new_size / size
    width = min(scale, 1.0) if antialias else 1.0
    centres = (np.arange(new_size) + 0.5) / scale - 0.5
    taps = int(np.ceil(2 * radius / width)) + 2
    first = np.floor(centres - radius / width).astype(int)
    places = first[:, None] + np.arange(taps)
    weights = kernel((centres[:, None] - places) * width)
    weights /= weights.sum(axis=1, keepdims=True)
    mirrored = np.concatenate([np.arange(size), np.arange(size)[::-1]])
    matrix = np.zeros((new_size, size))
    rows = np.broadcast_to(np.arange(new_size)[:, None], places.shape)
    np.add.at(matrix, (rows, mirrored[places % (2 * size)]), weights)
    matrix.setflags(write=False)
    return matrix


def resize(
    image: np.ndarray,
    size: tuple[int, int],
    filter: str = "bicubic",
    antialias: bool = True,
) -> np.ndarray:
    """Resizes an image.

    With the default it is MATLAB's `imresize`, by which papers on
    super-resolution make their small images: antialiased, with a mirrored
    border, and rounded only at the end. Pillow's filter is the same but for
    the border and for rounding between its two passes.

    Args:
        image: (H, W, C), uint8 or float.
        size: The new (height, width).
        filter: "bicubic", "bilinear" or "area".
        antialias: Whether the kernel covers all pixels that become one.

    Returns:
        (height, width, C) of the type of the image; uint8 is rounded.
    """
    height, width = (
        resizing_matrix(old, new, filter, antialias)
        for old, new in zip(image.shape[:2], size, strict=True)
    )
    # Matrix products of two axes each, which BLAS computes.
    rows = np.tensordot(height, image.astype("float64"), axes=(1, 0))
    resized = np.tensordot(rows, width, axes=(1, 1)).transpose(0, 2, 1)
    if image.dtype == np.uint8:
        return np.clip(np.floor(resized + 0.5), 0, 255).astype("uint8")
    return resized.astype(image.dtype)
