"""Projection: the styles whose image is nearest to a given one."""

import dataclasses
import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import backend
from keras_gans.latents.noise_maps import noise_regularisation, normalised
from keras_gans.latents.styles import (
    check_styles,
    mean_style,
    to_styles,
    told_for,
)
from keras_gans.metrics.pairs.perceptual_network import load_lpips
from keras_gans.networks.noise import fixed_noise, given_noise, noise_sizes

RATE = 0.1
"""Adam's rate at its highest."""

WARM_UP, COOL_DOWN = 0.05, 0.25
"""Shares of the steps in which the rate rises, and falls."""

NOISE, NOISY = 0.05, 0.75
"""Noise of the styles, as a share of how far w spreads, and the share of the
steps in which it falls to zero."""

DRAWN = 10_000
"""Latents from which the mean and the spread of w are taken."""

NOISE_WEIGHT = 1e5
"""Weight of the regularisation of the noise maps."""


@dataclasses.dataclass(frozen=True)
class Projection:
    """What a projection found.

    Attributes:
        styles: float32 (N, layers, style_dim).
        images: Their images with this noise, float32 (N, H, W, C) in [-1, 1].
        distances: The distance of each to its target, (N,).
        errors: The mean squared error of each, (N,), of pixels in [-1, 1].
        noise: float32 (N, pixels), the noise of all layers, as `from_styles`
            and `edit` take it; None where the generator's was left.
    """

    styles: np.ndarray
    images: np.ndarray
    distances: np.ndarray
    errors: np.ndarray
    noise: np.ndarray | None = None


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
    progress: Callable[[int, float], None] | bool = True,
    noise: bool = True,
    **given: Any,
) -> Projection:
    """Looks for the styles whose images are nearest to given ones.

    Karras et al. 2020, appendix D: Adam from the mean of w, with a rate that
    rises and falls, and with noise on the styles that fades. The noise maps
    of the layers are looked for too. A regularisation with the weight 1e5
    keeps pictures out of them (`latents.noise_maps.noise_regularisation`), and
    after each step they get the mean 0 and the variance 1.

    Args:
        gan: A GAN with styles.
        images: (N, H, W, C), uint8 or float in [-1, 1], of the GAN's size;
            `keras_gans.latents.read_targets` reads photographs of any.
        space: "w" for one w for all layers; "w+" for a w for each layer,
            which is nearer to any image, and less like those of the GAN.
        steps: Number of steps, at least 1.
        distance: "vgg", "alex" or "squeeze" for LPIPS on that network, as
            `keras_gans.metrics.load_lpips` loads it; "pixels" for the mean
            squared error; or a function from two batches of images to
            distances (N,), with a gradient.
        seed: Seed of the noise and of the spread of w.
        progress: Whether to show a bar; or a function that is called with
            each step and its mean distance.
        noise: Whether to look for noise maps; else the generator's stay.
        **given: What else the mapping takes, for all images or for each:
            `labels=3`. The search then begins from the mean of the styles
            with it.

    Returns:
        The styles, the noise, their images and the distances.

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
    targets = ops.convert_to_tensor(
        kind.to_device(kind.check(images, "images"))
    )
    measure = _measure_of(distance)
    report = _bar(steps) if progress is True else progress
    row = _Row(gan, space, noise)
    rng = np.random.default_rng(seed)
    starts, spreads = _starts_and_spreads(gan, len(images), seed, given)
    found = row.of(starts)

    def losses(numbers: Any) -> Any:
        styles, maps = row.split(numbers)
        said = measure(targets, row.images(styles, maps))
        if not row.sizes:
            return said, said
        return said + NOISE_WEIGHT * noise_regularisation(maps, row.sizes), said

    optimizer = _Adam(found.shape)
    for step in range(steps):
        share = step / steps
        fading = NOISE * max(0.0, 1.0 - share / NOISY) ** 2
        moved = found.copy()
        shape = moved[:, : row.width].shape
        moved[:, : row.width] += fading * spreads * rng.standard_normal(shape)
        numbers = ops.convert_to_tensor(moved)
        (_, said), slope = backend.output_and_input_gradient(losses, numbers)
        found = found + optimizer.move(_numpy(slope), _rate(share))
        found = row.normalised(found)
        if report:
            report(step + 1, float(np.mean(_numpy(said))))
    styles, maps = row.split(ops.convert_to_tensor(found))
    made = row.images(styles, maps)
    return Projection(
        _numpy(styles).astype("float32"),
        _numpy(made).astype("float32"),
        _numpy(measure(targets, made)),
        _numpy(mean_square(targets, made)),
        _numpy(maps).astype("float32") if row.sizes else None,
    )


class _Row:
    """All that is looked for, for each image in a row of numbers.

    Args:
        gan: A GAN with styles.
        space: "w" or "w+".
        noise: Whether there are noise maps behind the styles.
    """

    def __init__(self, gan: Any, space: str, noise: bool):
        synthesis = gan.inference_generator.get_layer("synthesis")
        self.layers, self.dim = synthesis.input.shape[1:]
        self.count = self.layers if space == "w+" else 1
        self.width = self.count * self.dim
        self.sizes = noise_sizes(synthesis) if noise else []
        self.fixed = np.zeros(0, "float32")
        self.network = synthesis
        if self.sizes:
            self.fixed = normalised(fixed_noise(synthesis)[None], self.sizes)[0]
            self.network = given_noise(synthesis)

    def of(self, styles: np.ndarray) -> np.ndarray:
        """Returns rows of styles and of the generator's noise, float32."""
        noise = np.tile(self.fixed, (len(styles), 1))
        styles = np.tile(styles, (1, self.count))
        return np.concatenate([styles, noise], axis=1).astype("float32")

    def split(self, rows: Any) -> tuple[Any, Any]:
        """Returns styles for each layer, and noise."""
        styles = rows[:, : self.width]
        styles = ops.reshape(styles, (-1, self.count, self.dim))
        styles = ops.repeat(styles, self.layers // self.count, axis=1)
        return styles, rows[:, self.width :]

    def images(self, styles: Any, noise: Any) -> Any:
        """Returns the images of styles and noise, float32."""
        given = [styles, noise] if self.sizes else styles
        return ops.cast(self.network(given), "float32")

    def normalised(self, rows: np.ndarray) -> np.ndarray:
        """Returns rows whose noise has the mean 0 and the variance 1."""
        if not self.sizes:
            return rows
        noise = normalised(rows[:, self.width :], self.sizes)
        return np.concatenate([rows[:, : self.width], noise], axis=1)


def _starts_and_spreads(
    gan: Any, num: int, seed: int, given: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Returns where the search begins, and how far w spreads from there.

    Karras et al. 2020, appendix D: the mean of w, and the square root of the
    mean squared distance from it, a sum over the dimensions of w. Where the
    generator is told a class or the like, both are of the styles with it.

    Args:
        gan: A GAN with styles.
        num: Number of images.
        seed: Seed of the latents.
        given: What the generator is told, for all images or for each.

    Returns:
        Styles (num, style_dim), and distances (num, 1).
    """
    rows: list[dict[str, Any]] = [{}]
    if given:
        told = told_for(gan, num, seed, given)
        rows = [
            {n: v[[i] * DRAWN] if np.ndim(v) else v for n, v in told.items()}
            for i in range(num)
        ]
    starts, spreads = [], []
    for row in rows:
        w = to_styles(gan, num=DRAWN, seed=seed, **row)[:, 0]
        start = mean_style(gan)
        if given or not start.any():  # not trained: no running mean
            start = w.mean(0)
        starts.append(start)
        spreads.append([np.sqrt(np.square(w - start).sum(1).mean())])
    each = num // len(rows)
    return np.repeat(starts, each, 0), np.repeat(spreads, each, 0)


def _measure_of(distance: Callable[[Any, Any], Any] | str) -> Any:
    """Returns the function of a distance."""
    if not isinstance(distance, str):
        return distance
    if distance == "pixels":
        return mean_square
    lpips = load_lpips(distance)
    return lambda real, fake: lpips(_at_most(real), _at_most(fake))


def _at_most(images: Any, side: int = 256) -> Any:
    """Returns images that are averaged down where they are larger.

    VGG learned from 224x224 pixels (Karras et al. 2020, appendix D).
    """
    factor = min(images.shape[1:3]) // side
    if factor < 2:
        return images
    return ops.average_pool(
        images, factor, factor, "valid", data_format="channels_last"
    )


def _bar(steps: int) -> Callable[[int, float], None]:
    """Returns a function that shows a bar of steps."""
    verbose = 1 if sys.stdout.isatty() else 2
    bar = keras.utils.Progbar(steps, verbose=verbose)
    return lambda step, said: bar.update(step, [("distance", said)])


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
