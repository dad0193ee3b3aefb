"""Real-ESRGAN's degradation: Wang et al. 2021, arXiv:2107.10833, figure 2.

Blur, resizing, noise and JPEG, twice, and a sinc at the end: each drawn from
the ranges of the authors' training of the network of scale 4.
"""

import dataclasses
import io

import numpy as np
from PIL import Image

from keras_gans.data.degraded.blurring import (
    LARGEST,
    blur,
    draw_kernel,
    sinc_kernel,
)
from keras_gans.data.degraded.resizing import FILTERS, resize


@dataclasses.dataclass(frozen=True)
class Order:
    """The ranges of one of the two orders.

    Attributes:
        blurs: Probability of a blur.
        deviations: Range of its standard deviations, in pixels.
        resizes: Probabilities of enlarging, reducing and neither.
        sizes: The smallest and the largest factor.
        noise: Range of the deviation of Gaussian noise, in 255ths.
        poisson: Range of the strength of Poisson noise.
        quality: Range of JPEG's quality.
    """

    blurs: float
    deviations: tuple[float, float]
    resizes: tuple[float, float, float]
    sizes: tuple[float, float]
    noise: tuple[float, float]
    poisson: tuple[float, float]
    quality: tuple[int, int] = (30, 95)


FIRST = Order(1.0, (0.2, 3.0), (0.2, 0.7, 0.1), (0.15, 1.5), (1, 30), (0.05, 3))
SECOND = Order(
    0.8, (0.2, 1.5), (0.3, 0.4, 0.3), (0.3, 1.2), (1, 25), (0.05, 2.5)
)
SINC, LAST_SINC, GREY_NOISE = 0.1, 0.8, 0.4
"""Probabilities: of a sinc as a blur, of one at the end, of grey noise."""


def second_order(
    image: np.ndarray, size: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Degrades and reduces an image.

    Args:
        image: uint8 (H, W, C) of 1 or 3 channels.
        size: The (height, width) of the result.
        rng: The generator of random numbers.

    Returns:
        uint8 (*size, C).
    """
    values = image / 255.0
    values = _blurred_and_resized(values, image.shape[:2], FIRST, rng)
    values = jpeg(add_noise(values, FIRST, rng), _quality(FIRST, rng))
    values = _blurred_and_resized(values, size, SECOND, rng)
    values = add_noise(values, SECOND, rng)
    quality = _quality(SECOND, rng)
    filter = _filter(rng)
    # The last sinc rings as sharpened photographs do, before or after JPEG.
    rings = rng.random() < LAST_SINC
    kernel = sinc_kernel(LARGEST, rng.uniform(np.pi / 3, np.pi))
    is_compressed_first = rng.random() < 0.5
    if is_compressed_first:
        values = jpeg(values, quality)
    values = _resized(values, size, filter)
    values = blur(values, kernel) if rings else values
    if not is_compressed_first:
        values = jpeg(values, quality)
    return np.clip(np.rint(values * 255), 0, 255).astype("uint8")


def _quality(order: Order, rng: np.random.Generator) -> int:
    lowest, highest = order.quality
    return int(rng.integers(lowest, highest + 1))


def _resized(
    values: np.ndarray, size: tuple[int, int], filter: str
) -> np.ndarray:
    """Resizes as PyTorch's `interpolate`, which the authors use, does.

    Bilinear and bicubic alias there.
    """
    return resize(values, size, filter, antialias=filter == "area")


def _filter(rng: np.random.Generator) -> str:
    return list(FILTERS)[rng.integers(len(FILTERS))]


def _blurred_and_resized(
    values: np.ndarray,
    size: tuple[int, int],
    order: Order,
    rng: np.random.Generator,
) -> np.ndarray:
    """Blurs, and resizes to a drawn multiple of a size."""
    if rng.random() < order.blurs:
        values = blur(values, draw_kernel(rng, order.deviations, SINC))
    smallest, largest = order.sizes
    low, high = ((1, largest), (smallest, 1), (1, 1))[
        rng.choice(3, p=order.resizes)
    ]
    factor, filter = rng.uniform(low, high), _filter(rng)
    height, width = (max(1, round(side * factor)) for side in size)
    return _resized(values, (height, width), filter)


def add_noise(
    values: np.ndarray, order: Order, rng: np.random.Generator
) -> np.ndarray:
    """Adds Gaussian or Poisson noise, of each channel or of all alike.

    Args:
        values: Floats (H, W, C) in [0, 1].
        order: The ranges of the strength.
        rng: The generator of random numbers.

    Returns:
        Floats (H, W, C) in [0, 1].
    """
    is_grey = rng.random() < GREY_NOISE
    if rng.random() < 0.5:
        shape = (*values.shape[:2], 1 if is_grey else values.shape[2])
        noise = rng.normal(0, rng.uniform(*order.noise) / 255, shape)
    else:
        clean = np.clip(np.rint(values * 255), 0, 255) / 255
        if is_grey:
            clean = clean.mean(axis=-1, keepdims=True)
        # As many levels as the image has, up to a power of two.
        levels = 2.0 ** np.ceil(np.log2(len(np.unique(clean))))
        noise = rng.poisson(clean * levels) / levels - clean
        noise *= rng.uniform(*order.poisson)
    return np.clip(values + noise, 0, 1)


def jpeg(values: np.ndarray, quality: int) -> np.ndarray:
    """Compresses an image and decodes it again.

    Args:
        values: Floats (H, W, C) of 1 or 3 channels; they are clipped to
            [0, 1] and rounded to 8 bits.
        quality: JPEG's quality, in [1, 95].
    """
    pixels = np.clip(np.rint(values * 255), 0, 255).astype("uint8")
    grey = pixels.shape[-1] == 1
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if grey else pixels).save(
        file, "JPEG", quality=quality
    )
    decoded = np.asarray(Image.open(file)) / 255.0
    return decoded.reshape(values.shape)
