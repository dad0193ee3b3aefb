"""Noise maps that are looked for, and kept from being pictures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops

from keras_gans.networks.noise import split_noise

COARSEST = 8
"""Side down to which noise is halved."""

Sizes = Sequence[tuple[int, int]]
"""The height and width of each map."""


def noise_regularisation(noise: Any, sizes: Sizes) -> Any:
    """Returns how much neighbours in noise are alike: noise regularisation.

    Karras et al. 2020, appendix D: the squared mean of the product of each
    number with that to its left, and with that above, over all maps, and over
    each map halved again and again down to 8x8. Halving averages 2x2 numbers
    and doubles them, which keeps their variance.

    Args:
        noise: (N, pixels), the maps one after another, row by row.
        sizes: Their heights and widths.

    Returns:
        Numbers (N,), about zero for numbers of N(0, 1).
    """
    total: Any = 0.0
    maps = split_noise(noise, [height * width for height, width in sizes])
    for each, (height, width) in zip(maps, sizes, strict=True):
        x = ops.reshape(each, (-1, height, width, 1))
        while True:
            for axis in (1, 2):
                alike = ops.mean(x * ops.roll(x, 1, axis), axis=(1, 2, 3))
                total += ops.square(alike)
            if min(x.shape[1:3]) <= COARSEST:
                break
            x = 2.0 * ops.average_pool(
                x, 2, 2, "valid", data_format="channels_last"
            )
    return total


def normalised(noise: np.ndarray, sizes: Sizes) -> np.ndarray:
    """Gives each map of noise (N, pixels) the mean 0 and the variance 1."""
    maps = split_noise(noise, [height * width for height, width in sizes])
    maps = [m - m.mean(1, keepdims=True) for m in maps]
    each = [m / np.sqrt((m**2).mean(1, keepdims=True)) for m in maps]
    return np.concatenate(each, axis=1)
