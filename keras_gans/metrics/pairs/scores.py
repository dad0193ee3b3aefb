"""Scores of image pairs: what variants log on held-out pairs."""

from typing import Any

import numpy as np
from keras import ops

from keras_gans.metrics.pairs.perceptual_network import load_lpips
from keras_gans.metrics.pairs.psnr import peak_signal_noise_ratio
from keras_gans.metrics.pairs.structural_similarity import structural_similarity
from keras_gans.pretrained import lpips_files
from keras_gans.pretrained.lpips_networks import SMALLEST

LPIPS_BATCH = 16
"""Pairs whose features are in memory at a time."""


def mean_absolute_error(real: Any, made: Any) -> np.ndarray:
    """Returns the L1 distance of each pair, of values in [-1, 1], (N,)."""
    return np.abs(real - made).mean((1, 2, 3))


def _psnr(real: Any, made: Any) -> np.ndarray:
    return ops.convert_to_numpy(peak_signal_noise_ratio(real, made))


def _ssim(real: Any, made: Any) -> np.ndarray:
    return ops.convert_to_numpy(structural_similarity(real, made))


def _lpips(real: Any, made: Any) -> np.ndarray:
    network = load_lpips("alex")
    values = []
    for start in range(0, len(real), LPIPS_BATCH):
        part = slice(start, start + LPIPS_BATCH)
        values.append(ops.convert_to_numpy(network(real[part], made[part])))
    return np.concatenate(values)


PIXEL_SCORES = {"l1": mean_absolute_error, "psnr": _psnr, "ssim": _ssim}
"""Functions of real and made images (N, H, W, C) in [-1, 1] to (N,)."""


def scores_at_hand(image_shape: tuple[int, ...]) -> dict[str, Any]:
    """Returns `PIXEL_SCORES`, and `lpips` where its files are at hand.

    Args:
        image_shape: Height, width and channels of the images. LPIPS needs 1
            or 3 channels, and 31 pixels on each side.
    """
    height, width, channels = image_shape
    fits = channels in (1, 3) and min(height, width) >= SMALLEST["alex"]
    files = (lpips_files.BACKBONE_FILES["alex"], lpips_files.HEAD_FILES["alex"])
    if fits and all(map(lpips_files.is_at_hand, files)):
        return {**PIXEL_SCORES, "lpips": _lpips}
    return {**PIXEL_SCORES}
