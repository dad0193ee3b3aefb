"""Flips, rotations, scales and translations, with few aliases."""

import math
from typing import Any

import numpy as np
from keras import ops

from keras_gans.layers.styles.fir import (
    along_axes,
    normalized,
    resampling_matrix,
)
from keras_gans.stabilizers.augmentation.matrices import (
    constant,
    rotation,
    scaling,
    translation,
)
from keras_gans.stabilizers.augmentation.numbers import Numbers

SYM6 = (
    *(0.015404109327027373, 0.0034907120842174702, -0.11799011114819057),
    *(-0.048311742585633, 0.4910559419267466, 0.787641141030194),
    *(0.3379294217276218, -0.07263752278646252, -0.021060292512300564),
    *(0.04472490177066578, 0.0017677118642428036, -0.007800708325034148),
)
"""The low-pass filter of the wavelet sym6. Doubling by it and halving by its
mirror image gives back the same image."""

EDGE = 3
"""Pixels that are made beyond each side for the filter of halving."""

SHIFT = 0.125
"""Largest integer translation, and the deviation of fractional ones, as a
share of the side."""

SCALE = 0.2
"""Deviation of the scales, in powers of two."""


def blit(numbers: Numbers, height: int, width: int) -> Any:
    """Returns where output pixels come from: flip, 90 degrees, translation.

    Args:
        numbers: The random numbers.
        height: Height of the images.
        width: Their width.

    Returns:
        Matrices (N, 3, 3) from places (x, y, 1) in the output to places in
        the input, both in pixels from the centre.
    """
    u = numbers.uniform
    flips = numbers.chosen(1, ops.floor(2.0 * u[:, 0]), 0.0)
    turns = numbers.chosen(3, ops.floor(4.0 * u[:, 2]), 0.0)
    x, y = (
        numbers.chosen(6, SHIFT * (2.0 * u[:, i] - 1.0), 0.0) for i in (4, 5)
    )
    return product(
        scaling(1.0 - 2.0 * flips, 1.0),
        rotation(0.5 * math.pi * turns),
        translation(-ops.round(width * x), -ops.round(height * y)),
    )


def geometric(numbers: Numbers, height: int, width: int) -> Any:
    """Returns the same for scales, any rotation and fractional translation.

    Rotations come before and after the anisotropic scale, each with the
    probability that gives p for either.
    """
    u, n = numbers.uniform, numbers.normal
    size = numbers.chosen(7, 2.0 ** (SCALE * n[:, 0]), 1.0)
    aspect = numbers.chosen(10, 2.0 ** (SCALE * n[:, 1]), 1.0)
    either = 1.0 - ops.sqrt(ops.clip(1.0 - numbers.p, 0.0, 1.0))
    before, after = (
        numbers.chosen(i + 1, math.pi * (2.0 * u[:, i] - 1.0), 0.0, either)
        for i in (8, 11)
    )
    x, y = (numbers.chosen(13, SHIFT * n[:, i], 0.0) for i in (2, 3))
    return product(
        scaling(1.0 / size, 1.0 / size),
        rotation(before),
        scaling(1.0 / aspect, aspect),
        rotation(after),
        translation(-width * x, -height * y),
    )


def product(first: Any, *others: Any) -> Any:
    """Returns the product of matrices, from left to right."""
    for other in others:
        first = ops.matmul(first, other)
    return first


def warp(images: Any, matrices: Any) -> Any:
    """Moves pixels, with images that go on mirrored beyond their sides.

    Images are doubled by the filter, sampled bilinearly there, and halved.
    Beyond one more image on each side all is zero.

    Args:
        images: (N, H, W, C).
        matrices: (N, 3, 3), as `blit` returns them.

    Returns:
        Images (N, H, W, C).
    """
    height, width, channels = images.shape[1:]
    maps = along_axes(
        images, mirrored_doubling(height), mirrored_doubling(width)
    )
    rows, columns = (2 * (side + 2 * EDGE) for side in (height, width))
    x, y = _places(matrices, rows, columns)
    samples = bilinear(maps, x + (width - 1.0), y + (height - 1.0))
    samples = ops.reshape(samples, (-1, rows, columns, channels))
    return along_axes(samples, halving(height), halving(width))


def _places(matrices: Any, rows: int, columns: int) -> tuple[Any, Any]:
    """Returns x and y of samples (N, rows * columns), doubled, from the centre.

    Args:
        matrices: (N, 3, 3).
        rows: Rows of samples.
        columns: Columns of samples.
    """
    down, along = (
        (np.arange(count) + 1.0 - count / 2) / 2 for count in (rows, columns)
    )
    y, x = (v.ravel() for v in np.meshgrid(down, along, indexing="ij"))
    grid = constant(np.stack([x, y, np.ones_like(x)]))
    places = 2.0 * ops.matmul(matrices[:, :2], grid[None])
    return places[:, 0], places[:, 1]


def mirrored(places: np.ndarray, side: int) -> np.ndarray:
    """Returns the matrix that reads pixels, also beyond an image's sides.

    Args:
        places: Whole numbers, (n,); beyond the sides the image is mirrored
            at the centres of its outer pixels.
        side: Number of pixels.

    Returns:
        A matrix (n, side) of ones and zeros.
    """
    period = max(2 * (side - 1), 1)
    places = np.mod(places, period)
    return np.eye(side)[np.where(places < side, places, period - places)]


def mirrored_doubling(side: int) -> np.ndarray:
    """Returns the matrix that mirrors pixels and doubles them by the filter.

    A mirrored image repeats itself after 2 * (side - 1) pixels, of which the
    result is one period.

    Args:
        side: Number of pixels, at least 2.

    Returns:
        A matrix (4 * (side - 1), side); its first row is the first pixel.
    """
    period, more = 2 * (side - 1), len(SYM6)
    read = mirrored(np.arange(-more, period + more), side)
    taps = 2.0 * normalized(SYM6)
    padding = ((len(SYM6) + 1) // 2, (len(SYM6) - 2) // 2)
    double = resampling_matrix(len(read), taps, up=2, padding=padding)
    return (double @ read)[2 * more : 2 * (more + period)].astype("float32")


def halving(side: int) -> np.ndarray:
    """Returns the matrix (side, 2 * (side + 2 * EDGE)) that halves."""
    taps = normalized(SYM6)[::-1]
    length = 2 * (side + 2 * EDGE)
    return resampling_matrix(length, taps, down=2, padding=(-1, -1))


def bilinear(maps: Any, x: Any, y: Any) -> Any:
    """Samples maps that repeat themselves, between their four nearest pixels.

    Args:
        maps: One period of doubled, mirrored images, (N, H, W, C).
        x: Columns (N, n), any real numbers.
        y: Rows (N, n).

    Returns:
        Samples (N, n, C); zero further than half a period beyond a side.
    """
    height, width, channels = maps.shape[1:]
    num = ops.shape(maps)[0]
    flat = ops.reshape(maps, (-1, channels))
    first = ops.arange(num, dtype="int32")[:, None] * (height * width)
    left, top = ops.floor(x), ops.floor(y)

    def axis(lower: Any, place: Any, step: int, side: int) -> tuple[Any, Any]:
        """Returns the index and the weight of a neighbour along one axis."""
        pixel = lower + step
        share = place - lower if step else 1.0 - (place - lower)
        # The image takes half a period and two, and as much on each side.
        inside = (pixel >= -side / 2) & (pixel < side + 2)
        index = ops.cast(pixel - side * ops.floor(pixel / side), "int32")
        return index, share * ops.cast(inside, share.dtype)

    total: Any = 0.0
    for down in (0, 1):
        row, row_share = axis(top, y, down, height)
        for along in (0, 1):
            column, column_share = axis(left, x, along, width)
            pixels = ops.take(flat, first + row * width + column, axis=0)
            total += (row_share * column_share)[..., None] * pixels
    return total
