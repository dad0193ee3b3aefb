"""SSIM and MS-SSIM: structural similarity of sets of images."""

from typing import Any

from keras_gans.metrics.pairs.image_pairs import compare_sets
from keras_gans.metrics.pairs.pixels import PixelMetric
from keras_gans.metrics.pairs.structural_similarity import (
    multiscale_structural_similarity,
    structural_similarity,
)
from keras_gans.metrics.record import MetricRecord


def ssim(
    real: Any,
    fake: Any,
    color: str = "rgb",
    border: int = 0,
    batch_size: int = 16,
) -> MetricRecord:
    """Computes the mean SSIM of two sets, compared image by image.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; an image source
            from `keras_gans.data.load`; or a list of images (H, W, C), which
            may differ in size. Floats are rounded to uint8.
        fake: As many images, in the same order.
        color: "rgb" or "y": see `structural_similarity`.
        border: Number of pixels to crop on every side.
        batch_size: Images at a time.

    Returns:
        A record of the mean.

    Raises:
        ValueError: For bad images, and for sets that do not match.
    """
    return compare_sets(SSIM(color, border), real, fake, batch_size)


def ms_ssim(
    real: Any,
    fake: Any,
    color: str = "rgb",
    border: int = 0,
    batch_size: int = 16,
) -> MetricRecord:
    """Computes the mean MS-SSIM of two sets, compared image by image.

    Args:
        real: As for `ssim`; each side 161 pixels or more.
        fake: As many images, in the same order.
        color: "rgb" or "y": see `multiscale_structural_similarity`.
        border: Number of pixels to crop on every side.
        batch_size: Images at a time.

    Returns:
        A record of the mean.

    Raises:
        ValueError: For bad images, and for sets that do not match.
    """
    return compare_sets(MSSSIM(color, border), real, fake, batch_size)


class SSIM(PixelMetric):
    """The mean SSIM as a streaming Keras metric.

    The metric works outside compiled steps; in `compile(metrics=[...])` use
    `structural_similarity`.

    Args:
        color: "rgb" or "y": see `structural_similarity`.
        border: Number of pixels to crop on every side.
        name: Name of the metric; None gives `ssim[<color>]`.
    """

    metric = "ssim"
    compare_pixels = staticmethod(structural_similarity)


class MSSSIM(PixelMetric):
    """The mean MS-SSIM as a streaming Keras metric.

    The metric works outside compiled steps; in `compile(metrics=[...])` use
    `multiscale_structural_similarity`.

    Args:
        color: "rgb" or "y": see `multiscale_structural_similarity`.
        border: Number of pixels to crop on every side.
        name: Name of the metric; None gives `ms_ssim[<color>]`.
    """

    metric = "ms_ssim"
    compare_pixels = staticmethod(multiscale_structural_similarity)
