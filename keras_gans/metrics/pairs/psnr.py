"""The peak signal-to-noise ratio, in decibels."""

import math
from typing import Any

from keras import ops

from keras_gans.metrics.pairs.image_pairs import check_pair, compare_sets
from keras_gans.metrics.pairs.pixels import PixelMetric, to_pixels
from keras_gans.metrics.record import MetricRecord


def peak_signal_noise_ratio(
    real: Any, fake: Any, color: str = "rgb", border: int = 0
) -> Any:
    """Computes the PSNR of each pair: 10 log10(255^2 / mean squared error).

    Made of `keras.ops`: it works in compiled steps, for instance as
    `compile(metrics=[peak_signal_noise_ratio])`, and has a gradient. Floats
    are not rounded to uint8 here.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1].
        fake: As many, of the same size.
        color: "rgb" for every channel as it is, grey images too; "y" for
            the luma of BT.601 in studio range, as in papers on
            super-resolution.
        border: Pixels to cut off on every side before; papers on
            super-resolution by a factor of s cut s pixels.

    Returns:
        Decibels (n,), float32 or float64 as came; infinite for equal images.

    Raises:
        ValueError: For shapes that differ, and for NumPy arrays in a wrong
            range.
    """
    check_pair(real, fake)
    difference = to_pixels(real, color, border) - to_pixels(fake, color, border)
    error = ops.mean(ops.square(difference), axis=(1, 2, 3))
    return 10.0 / math.log(10.0) * (math.log(255.0**2) - ops.log(error))


def psnr(
    real: Any,
    fake: Any,
    color: str = "rgb",
    border: int = 0,
    batch_size: int = 16,
) -> MetricRecord:
    """Computes the mean PSNR of two sets, compared image by image.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; an image source
            from `keras_gans.data.load`; or a list of images (H, W, C), which
            may differ in size. Floats are rounded to uint8, as in a file.
        fake: As many, in the same order.
        color: "rgb" or "y": see `peak_signal_noise_ratio`.
        border: Pixels to cut off on every side.
        batch_size: Images at a time.

    Returns:
        A record of the mean in decibels and how it was made.

    Raises:
        ValueError: For bad images, and sets that do not match.
    """
    return compare_sets(PSNR(color, border), real, fake, batch_size)


class PSNR(PixelMetric):
    """Mean PSNR as a streaming Keras metric, in decibels.

    It works outside compiled steps; in `compile(metrics=[...])` use
    `peak_signal_noise_ratio`.

    Args:
        color: "rgb" or "y": see `peak_signal_noise_ratio`.
        border: Pixels to cut off on every side.
        name: The metric's name; None gives `psnr[<color>]`.
    """

    metric = "psnr"
    compare_pixels = staticmethod(peak_signal_noise_ratio)
