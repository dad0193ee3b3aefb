"""Projection: the styles whose image is nearest to a given one."""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import backend
from keras_gans.latents.styles import check_styles, mean_style, to_styles
from keras_gans.metrics.pairs.perceptual_network import load_lpips

RATE = 0.1
"""Adam's rate at its highest."""

WARM_UP, COOL_DOWN = 0.05, 0.25
"""Shares of the steps in which the rate rises, and falls."""

NOISE, NOISY = 0.05, 0.75
"""Noise of the styles, in standard deviations of w, and the share of the
steps in which it falls to zero."""


@dataclasses.dataclass(frozen=True)
class Projection:
    """What a projection found.

    Attributes:
        styles: float32 (N, layers, style_dim).
        images: Their images, float32 (N, H, W, C) in [-1, 1].
        distances: The distance of each to its target, (N,).
        errors: The mean squared error of each, (N,), of pixels in [-1, 1].
    """

    styles: np.ndarray
    images: np.ndarray
    distances: np.ndarray
    errors: np.ndarray


def mean_square(real: Any, fake: Any) -> Any:
    """Returns the mean squared difference of each pair of images, (N,)."""
    return ops.mean(ops.square(real - fake), axis=(1, 2, 3))


def project(
    gan: Any,
    images: np.ndarray,
    space: str = "w",
    steps: int = 500,
    distance: Callable[[Any, Any], Any] | str = "vgg",
    seed: int = 0,
    progress: Callable[[int, float], None] | None = None,
    **given: Any,
) -> Projection:
    """Looks for the styles whose images are nearest to given ones.

    Karras et al. 2020, appendix D: Adam from the mean of w, with a rate that
    rises and falls, and with noise on the styles that fades. The noise inputs
    stay as they are.

    Args:
        gan: A GAN with styles.
        images: (N, H, W, C), uint8 or float in [-1, 1], of the GAN's size.
        space: "w" for one w for all layers; "w+" for a w for each layer,
            which is nearer to any image, and less like those of the GAN.
        steps: Number of steps, at least 1.
        distance: "vgg", "alex" or "squeeze" for LPIPS on that network, as
            `keras_gans.metrics.load_lpips` loads it; "pixels" for the mean
            squared error; or a function from two batches of images to
            distances (N,), with a gradient.
        seed: Seed of the noise and of the spread of w.
        progress: Function that is called with each step and its mean distance.
        **given: What else the mapping takes: `labels=3`.

    Returns:
        The styles, their images and the distances.

    Raises:
        ValueError: For a GAN without styles, another space, and images of
            another size.
    """
    check_styles(gan)
    if space not in ("w", "w+") or steps < 1:
        raise ValueError(
            "`space` must be 'w' or 'w+', and `steps` at least 1. "
            f"Received: space={space!r}, steps={steps}"
        )
    kind = next(iter(gan.makes.values()))
    targets = ops.convert_to_tensor(kind.to_device(kind.check(images)))
    measure = (
        {"pixels": mean_square}.get(distance)
        if isinstance(distance, str)
        else distance
    )
    measure = measure or load_lpips(distance)
    synthesis = gan.inference_generator.get_layer("synthesis")
    layers, dim = synthesis.input.shape[1:]
    rng = np.random.default_rng(seed)
    w = to_styles(gan, num=1000, seed=seed, **given)[:, 0]
    spread = float(np.sqrt(np.mean(np.sum((w - w.mean(0)) ** 2, axis=1))))
    spread /= np.sqrt(dim)
    start = mean_style(gan)
    start = start if start.any() else w.mean(0)
    count = layers if space == "w+" else 1
    found = np.tile(start, (len(images), count, 1)).astype("float32")

    def distances(styles: Any) -> Any:
        styles = ops.repeat(styles, layers // count, axis=1)
        return measure(targets, ops.cast(synthesis(styles), "float32"))

    optimizer = _Adam(found.shape)
    for step in range(steps):
        share = step / steps
        fading = NOISE * max(0.0, 1.0 - share / NOISY) ** 2
        noise = fading * spread * rng.standard_normal(found.shape)
        styles = ops.convert_to_tensor((found + noise).astype("float32"))
        (said, slope) = backend.output_and_input_gradient(distances, styles)
        found = found + optimizer.move(_numpy(slope), _rate(share))
        if progress is not None:
            progress(step + 1, float(np.mean(_numpy(said))))
    styles = np.repeat(found, layers // count, axis=1).astype("float32")
    made = synthesis(ops.convert_to_tensor(styles))
    return Projection(
        styles,
        _numpy(made).astype("float32"),
        _numpy(distances(ops.convert_to_tensor(found))),
        _numpy(mean_square(targets, made)),
    )


def _numpy(x: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(ops.stop_gradient(x)))


def _rate(share: float) -> float:
    rise = min(1.0, (share + 1e-3) / WARM_UP)
    fall = min(1.0, (1.0 - share) / COOL_DOWN)
    return RATE * rise * 0.5 * (1.0 - np.cos(np.pi * fall))


class _Adam:
    """Adam with beta1 = 0.9 and beta2 = 0.999, for an array."""

    def __init__(self, shape: tuple[int, ...]):
        self.mean, self.square = np.zeros(shape), np.zeros(shape)
        self.steps = 0

    def move(self, slope: np.ndarray, rate: float) -> np.ndarray:
        """Returns a step against a slope, float32."""
        self.steps += 1
        self.mean += 0.1 * (slope - self.mean)
        self.square += 0.001 * (slope**2 - self.square)
        mean = self.mean / (1.0 - 0.9**self.steps)
        square = self.square / (1.0 - 0.999**self.steps)
        return (-rate * mean / (np.sqrt(square) + 1e-8)).astype("float32")
