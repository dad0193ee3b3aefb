"""Amplified frequencies, noise and cutout."""

from typing import Any

import numpy as np
from keras import ops

from keras_gans.stabilizers.augmentation.geometry import mirrored
from keras_gans.stabilizers.augmentation.matrices import constant
from keras_gans.stabilizers.augmentation.numbers import Numbers

SYM2 = (
    *(-0.12940952255092145, 0.22414386804185735),
    *(0.836516303737469, 0.48296291314469025),
)
"""The low-pass filter of the wavelet sym2."""

POWER = np.array([10.0, 1.0, 1.0, 1.0]) / 13.0
"""The expected power of each band in an image, from low to high."""

NOISE = 0.1
"""Scale of the noise's deviation."""

CUTOUT = 0.5
"""Sides of the rectangle that is cut out, as a share of the image's."""


def filter_bank() -> np.ndarray:
    """Returns the filters of four bands of frequencies, (4, taps).

    Their sum is the identity. The band of low frequencies comes first, and
    each after it is twice as high and wide.
    """
    low = np.array(SYM2)
    high = low * (-1.0) ** np.arange(len(low))
    lows, highs = (np.convolve(f, f[::-1]) / 2.0 for f in (low, high))
    bank = np.eye(4, 1)
    for i in range(1, 4):
        spread = np.zeros((4, 2 * bank.shape[1] - 1))
        spread[:, ::2] = bank
        bank = np.array([np.convolve(row, lows) for row in spread])
        start = (bank.shape[1] - len(highs)) // 2
        bank[i, start : start + len(highs)] += highs
    return bank


def band_matrices(side: int) -> np.ndarray:
    """Returns the matrix of each band along an axis, (4, side, side)."""
    bank = filter_bank()
    reach = bank.shape[1] // 2
    read = mirrored(np.arange(-reach, side + reach), side)
    return np.array(
        [
            [taps @ read[i : i + len(taps)] for i in range(side)]
            for taps in bank
        ],
        "float32",
    )


def band_gains(numbers: Numbers) -> Any:
    """Returns the gain of each band, (N, 4).

    Each band is amplified by a power of two in turn, and all gains are then
    scaled back to the expected power of an image.
    """
    gains: Any = 1.0
    for i in range(4):
        gain = numbers.chosen(21 + i, 2.0 ** numbers.normal[:, 7 + i], 1.0)
        bands = 1.0 + (gain[:, None] - 1.0) * constant(np.eye(4)[i])
        power = ops.sum(ops.square(bands) * constant(POWER), axis=1)
        gains = gains * bands * ops.rsqrt(power)[:, None]
    return gains


def amplify(images: Any, gains: Any) -> Any:
    """Multiplies each band of frequencies by a gain, along both axes.

    Args:
        images: (N, H, W, C).
        gains: (N, 4).
    """
    height, width, channels = images.shape[1:]
    rows, columns = (
        ops.einsum("nb,byx->nyx", gains, constant(band_matrices(side)))
        for side in (height, width)
    )
    flat = ops.reshape(images, (-1, height, width * channels))
    y = ops.reshape(ops.matmul(rows, flat), (-1, height, width, channels))
    return ops.matmul(columns[:, None], y)


def add_noise(images: Any, noise: Any, numbers: Numbers) -> Any:
    """Adds noise of a random deviation.

    Args:
        images: (N, H, W, C).
        noise: (N, H, W, C), of N(0, 1).
        numbers: The random numbers.
    """
    scale = NOISE * ops.abs(numbers.normal[:, 11])
    scale = numbers.chosen(25, scale, 0.0)[:, None, None, None]
    return images + scale * noise


def cutout(images: Any, numbers: Numbers) -> Any:
    """Sets a rectangle of half of each side to zero, centred anywhere.

    Args:
        images: (N, H, W, C).
        numbers: The random numbers.
    """
    size = numbers.chosen(26, ops.full_like(numbers.uniform[:, 0], CUTOUT), 0.0)
    columns, rows = (
        _inside(numbers.uniform[:, place], size, side)
        for place, side in ((27, images.shape[2]), (28, images.shape[1]))
    )
    cut = ops.logical_and(rows[:, :, None], columns[:, None, :])
    return images * (1.0 - ops.cast(cut[..., None], images.dtype))


def _inside(centre: Any, size: Any, side: int) -> Any:
    places = constant((np.arange(side) + 0.5) / side)[None]
    return ops.abs(places - centre[:, None]) < size[:, None] / 2
