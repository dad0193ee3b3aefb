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
"""Wang, Simoncelli and Bovik 2003, section 3.2: from fine to coarse."""


def structural_similarity(
    real: Any, fake: Any, color: str = "rgb", border: int = 0
) -> Any:
    """Computes the SSIM of each pair.

    Wang et al. 2004, "Image Quality Assessment: From Error Visibility to
    Structural Similarity", equations 13 to 17: a Gaussian window of 11x11
    with deviation 1.5 and weights that sum to 1 (so no sample covariance),
    K1 = 0.01, K2 = 0.03, the mean over those windows that lie inside the
    image, and over channels.

    Made of `keras.ops`: it works in compiled steps and has a gradient, so
    that `1 - structural_similarity(...)` is a loss. Floats are not rounded.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1].
        fake: As many, of the same size.
        color: "rgb" for every channel as it is, grey images too; "y" for
            the luma of BT.601 in studio range.
        border: Pixels to cut off on every side before.

    Returns:
        (n,) in [-1, 1], 1 for equal images; float32 or float64 as came.

    Raises:
        ValueError: For shapes that differ, images smaller than the window
            once the border is off, and for NumPy arrays in a wrong range.
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
    Image Quality Assessment", equation 7: contrast and structure at five
    scales, luminance at the coarsest, each to its power, halved in between
    by means of 2x2 pixels. As in TensorFlow a negative mean counts as 0.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1]; 161 pixels or
            more on each side, for the window to fit in the coarsest scale.
        fake: As many, of the same size.
        color: "rgb" or "y", as in `structural_similarity`.
        border: Pixels to cut off on every side before.

    Returns:
        (n,) in [0, 1], 1 for equal images; float32 or float64 as came.

    Raises:
        ValueError: For shapes that differ, images that are too small, and
            for NumPy arrays in a wrong range.
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
        # The power of 0 has an infinite slope: it is not evaluated there.
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
    # Variances do not change with the middle, and lose fewer digits so.
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
    # At once TensorFlow adds up 250,000 float32 one by one: five digits.
    return ops.mean(ops.mean(maps, axis=2), axis=1)


def _blur(maps: Any) -> Any:
    """Applies the Gaussian window where it lies inside the image."""
    positions = np.arange(WINDOW) - WINDOW // 2
    window = np.exp(-(positions**2) / (2.0 * SIGMA**2))
    window /= window.sum()
    if not _on_accelerator():
        kernel = np.repeat(window[:, None, None, None], maps.shape[-1], axis=2)
        kernel = ops.convert_to_tensor(kernel, maps.dtype)
        maps = ops.depthwise_conv(maps, kernel)
        return ops.depthwise_conv(maps, ops.transpose(kernel, (1, 0, 2, 3)))
    # Accelerators round what goes into a convolution to 10 bits, unless told
    # not to, and that shows in the third digit. Sums are exact, and fast there.
    taps = [(float(w), i, i - WINDOW + 1 or None) for i, w in enumerate(window)]
    maps = sum(w * maps[:, start:end] for w, start, end in taps)
    return sum(w * maps[:, :, start:end] for w, start, end in taps)


def _on_accelerator() -> bool:
    if keras.backend.backend() == "torch":  # Keras cannot list its devices.
        return ops.zeros(()).device.type != "cpu"
    devices = keras.distribution.list_devices()
    return any("cpu" not in device.lower() for device in devices)


def _halve(pixels: Any) -> Any:
    """Averages 2x2 pixels; the last of an odd number is repeated."""
    repeated = ops.concatenate([pixels, pixels[:, -1:]], axis=1)
    pixels = (pixels[:, ::2] + repeated[:, 1::2]) * 0.5
    repeated = ops.concatenate([pixels, pixels[:, :, -1:]], axis=2)
    return (pixels[:, :, ::2] + repeated[:, :, 1::2]) * 0.5
