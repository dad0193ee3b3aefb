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

    The function consists of `keras.ops`: it works in compiled steps, for
    instance as `compile(metrics=[peak_signal_noise_ratio])`, and has a
    gradient. Floats are not rounded to uint8.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1].
        fake: As many images of the same size.
        color: "rgb" for all channels as they are, also for grey images; "y"
            for the luma of BT.601 in studio range, as in papers on
            super-resolution.
        border: Number of pixels to crop on every side first; papers on
            super-resolution by a factor of s crop s pixels.

    Returns:
        Decibels (n,), float64 for float64 images and else float32; infinite
        for equal images.

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
            may differ in size. Floats are rounded to uint8.
        fake: As many images, in the same order.
        color: "rgb" or "y": see `peak_signal_noise_ratio`.
        border: Number of pixels to crop on every side.
        batch_size: Images at a time.

    Returns:
        A record of the mean, in decibels.

    Raises:
        ValueError: For bad images, and for sets that do not match.
    """
    return compare_sets(PSNR(color, border), real, fake, batch_size)


class PSNR(PixelMetric):
    """The mean PSNR as a streaming Keras metric, in decibels.

    The metric works outside compiled steps; in `compile(metrics=[...])` use
    `peak_signal_noise_ratio`.

    Args:
        color: "rgb" or "y": see `peak_signal_noise_ratio`.
        border: Number of pixels to crop on every side.
        name: Name of the metric; None gives `psnr[<color>]`.
    """

    metric = "psnr"
    compare_pixels = staticmethod(peak_signal_noise_ratio)
