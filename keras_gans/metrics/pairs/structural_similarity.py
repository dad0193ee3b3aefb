"""Structural similarity of tensors, at one scale and at several."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.pairs.image_pairs import check_pair
from keras_gans.metrics.pairs.pixels import to_pixels

WINDOW = 11


SIGMA = 1.5


K1, K2 = 0.01, 0.03


SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Weights of the scales, from fine to coarse.

Wang, Simoncelli and Bovik 2003, section 3.2.
"""


def structural_similarity(
    real: Any, fake: Any, color: str = "rgb", border: int = 0
) -> Any:
    """Computes the SSIM of each pair.

    Wang et al. 2004, "Image Quality Assessment: From Error Visibility to
    Structural Similarity", equations 13 to 17: a Gaussian window of 11x11
    with deviation 1.5 and weights that sum to 1 (so no sample covariance),
    K1 = 0.01, K2 = 0.03, the mean over those windows that lie inside the
    image, and over channels.

    The function consists of `keras.ops`: it works in compiled steps and has a
    gradient, so `1 - structural_similarity(...)` is a loss. Floats are not
    rounded.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1].
        fake: As many images of the same size.
        color: "rgb" for all channels as they are, also for grey images; "y"
            for the luma of BT.601 in studio range.
        border: Number of pixels to crop on every side first.

    Returns:
        (n,) in [-1, 1], 1 for equal images; float64 for float64 images, else
        float32.

    Raises:
        ValueError: For shapes that differ, images that are smaller than the
            window without the border, and NumPy arrays in a wrong range.
    """
    check_pair(real, fake)
    real, fake = to_pixels(real, color, border), to_pixels(fake, color, border)
    _check_size(real.shape, 1)
    similarity, _ = _means(real, fake)
    return ops.mean(similarity, axis=-1)


def multiscale_structural_similarity(
    real: Any, fake: Any, color: str = "rgb", border: int = 0
) -> Any:
    """Computes the MS-SSIM of each pair.

    Wang, Simoncelli and Bovik 2003, "Multiscale Structural Similarity for
    Image Quality Assessment", equation 7: the product of contrast and
    structure at five scales and luminance at the coarsest, each to its power.
    Between the scales 2x2 pixels are averaged. As in TensorFlow a negative
    mean counts as 0.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1]; each side 161
            pixels or more, so that the window fits into the coarsest scale.
        fake: As many images of the same size.
        color: "rgb" or "y", as in `structural_similarity`.
        border: Number of pixels to crop on every side first.

    Returns:
        (n,) in [0, 1], 1 for equal images; float64 for float64 images, else
        float32.

    Raises:
        ValueError: For shapes that differ, images that are too small, and
            NumPy arrays in a wrong range.
    """
    check_pair(real, fake)
    real, fake = to_pixels(real, color, border), to_pixels(fake, color, border)
    _check_size(real.shape, len(SCALE_WEIGHTS))
    product = 1.0
    for scale, weight in enumerate(SCALE_WEIGHTS):
        if scale:
            real, fake = _halve(real), _halve(fake)
        similarity, contrast_structure = _means(real, fake)
        last = scale + 1 == len(SCALE_WEIGHTS)
        factor = similarity if last else contrast_structure
        # A power has an infinite slope at 0, so it is not evaluated there.
        positive = factor > 0.0
        power = ops.where(positive, factor, 1.0) ** weight
        product = product * ops.where(positive, power, 0.0)
    return ops.mean(product, axis=-1)


def _check_size(shape: tuple[int | None, ...], scales: int) -> None:
    smallest = (WINDOW - 1) * 2 ** (scales - 1) + 1
    if any(size is not None and size < smallest for size in shape[1:3]):
        at_scales = f" at {scales} scales" if scales > 1 else ""
        raise ValueError(
            f"The window of {WINDOW} pixels{at_scales} needs images of "
            f"{smallest} pixels or more on each side, without the border. "
            f"Received: {shape[1]}x{shape[2]}"
        )


def _means(real: Any, fake: Any) -> tuple[Any, Any]:
    """Returns the means (n, C) of SSIM, and of contrast times structure."""
    # A shift leaves variances as they are, and saves digits.
    middle = 127.5
    x, y = real - middle, fake - middle
    maps = _blur(ops.concatenate([x, y, x * x + y * y, x * y], axis=-1))
    mean_x, mean_y, squares, product = ops.split(maps, 4, axis=-1)
    covariance = product - mean_x * mean_y
    variances = squares - mean_x * mean_x - mean_y * mean_y
    mean_x, mean_y = mean_x + middle, mean_y + middle
    c1, c2 = (K1 * 255.0) ** 2, (K2 * 255.0) ** 2
    structure = (2.0 * covariance + c2) / (variances + c2)
    luminance = (2.0 * mean_x * mean_y + c1) / (
        mean_x * mean_x + mean_y * mean_y + c1
    )
    return _mean(luminance * structure), _mean(structure)


def _mean(maps: Any) -> Any:
    # One sum over 250,000 float32 is accurate to five digits in TensorFlow.
    return ops.mean(ops.mean(maps, axis=2), axis=1)


def _blur(maps: Any) -> Any:
    """Applies the Gaussian window at the positions inside the image."""
    positions = np.arange(WINDOW) - WINDOW // 2
    window = np.exp(-(positions**2) / (2.0 * SIGMA**2))
    window /= window.sum()
    if not _on_accelerator():
        kernel = np.repeat(window[:, None, None, None], maps.shape[-1], axis=2)
        kernel = ops.convert_to_tensor(kernel, maps.dtype)
        maps = ops.depthwise_conv(maps, kernel)
        return ops.depthwise_conv(maps, ops.transpose(kernel, (1, 0, 2, 3)))
    # Accelerators round the inputs of a convolution to 10 bits by default,
    # which changes the third digit. Sums are exact, and fast there.
    taps = [(float(w), i, i - WINDOW + 1 or None) for i, w in enumerate(window)]
    maps = sum(w * maps[:, start:end] for w, start, end in taps)
    return sum(w * maps[:, :, start:end] for w, start, end in taps)


def _on_accelerator() -> bool:
    if keras.backend.backend() == "torch":  # Keras cannot list its devices.
        return ops.zeros(()).device.type != "cpu"
    devices = keras.distribution.list_devices()
    return any("cpu" not in device.lower() for device in devices)


def _halve(pixels: Any) -> Any:
    """Averages 2x2 pixels; the last row of an odd number is repeated."""
    repeated = ops.concatenate([pixels, pixels[:, -1:]], axis=1)
    pixels = (pixels[:, ::2] + repeated[:, 1::2]) * 0.5
    repeated = ops.concatenate([pixels, pixels[:, :, -1:]], axis=2)
    return (pixels[:, :, ::2] + repeated[:, :, 1::2]) * 0.5
