"""Scores of image pairs that need no network: what variants log on pairs."""

from typing import Any

import numpy as np
from keras import ops

from keras_gans.metrics.pairs.psnr import peak_signal_noise_ratio
from keras_gans.metrics.pairs.structural_similarity import structural_similarity


def mean_absolute_error(real: Any, made: Any) -> np.ndarray:
    """Returns the L1 distance of each pair, of values in [-1, 1], (N,)."""
    return np.abs(real - made).mean((1, 2, 3))


def _psnr(real: Any, made: Any) -> np.ndarray:
    return ops.convert_to_numpy(peak_signal_noise_ratio(real, made))


def _ssim(real: Any, made: Any) -> np.ndarray:
    return ops.convert_to_numpy(structural_similarity(real, made))


PIXEL_SCORES = {"l1": mean_absolute_error, "psnr": _psnr, "ssim": _ssim}
"""Functions of real and made images (N, H, W, C) in [-1, 1] to (N,)."""
