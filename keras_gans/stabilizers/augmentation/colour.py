"""Brightness, contrast, luma, hue and saturation, as one matrix."""

import math
from typing import Any

from keras import ops

from keras_gans.stabilizers.augmentation.geometry import product
from keras_gans.stabilizers.augmentation.matrices import (
    colour_scaling,
    colour_translation,
    hue_rotation,
    luma_reflection,
    saturation_scaling,
)
from keras_gans.stabilizers.augmentation.numbers import Numbers

BRIGHTNESS, CONTRAST, SATURATION = 0.2, 0.5, 1.0
"""Deviations; those of contrast and saturation in powers of two."""


def colour_matrices(numbers: Numbers, channels: int) -> Any:
    """Returns matrices (N, 4, 4) from colours (r, g, b, 1) to colours.

    Args:
        numbers: The random numbers.
        channels: Those of the images. Grey ones keep hue and saturation.
    """
    u, n = numbers.uniform, numbers.normal
    brightness = numbers.chosen(14, BRIGHTNESS * n[:, 4], 0.0)
    contrast = numbers.chosen(15, 2.0 ** (CONTRAST * n[:, 5]), 1.0)
    flips = numbers.chosen(17, ops.floor(2.0 * u[:, 16]), 0.0)
    changes = [
        luma_reflection(flips),
        colour_scaling(contrast),
        colour_translation(brightness),
    ]
    if channels > 1:
        angle = math.pi * (2.0 * u[:, 18] - 1.0)
        saturation = numbers.chosen(20, 2.0 ** (SATURATION * n[:, 6]), 1.0)
        changes = [
            saturation_scaling(saturation),
            hue_rotation(numbers.chosen(19, angle, 0.0)),
            *changes,
        ]
    return product(*changes)


def recolour(images: Any, matrices: Any) -> Any:
    """Applies matrices of colours.

    Args:
        images: (N, H, W, C), C being 3 or 1.
        matrices: (N, 4, 4).

    Returns:
        Images (N, H, W, C).
    """
    height, width, channels = images.shape[1:]
    if channels == 1:  # the mean of what the three colours become
        rows = ops.mean(matrices[:, :3], axis=1)
        factor = ops.sum(rows[:, :3], axis=1)[:, None, None, None]
        return images * factor + rows[:, 3][:, None, None, None]
    pixels = ops.reshape(images, (-1, height * width, channels))
    turned = ops.transpose(matrices[:, :3, :3], (0, 2, 1))
    pixels = ops.matmul(pixels, turned) + matrices[:, None, :3, 3]
    return ops.reshape(pixels, (-1, height, width, channels))
