"""Perceptual path length: how smoothly images change with their latents."""

import dataclasses
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from keras_gans.metrics.labels import how_drawn
from keras_gans.metrics.paths.interpolation import INTERPOLATIONS
from keras_gans.metrics.paths.path_length import EPSILON, PPL
from keras_gans.metrics.record import MetricRecord


def ppl(
    gan: Any,
    distance: Callable[[Any, Any], Any] | None = None,
    num_samples: int = 10_000,
    epsilon: float = EPSILON,
    interpolation: str = "slerp",
    sampling: str = "full",
    labels: np.ndarray | None = None,
    crop_faces: bool = False,
    batch_size: int = 64,
    seed: int = 0,
    progress: Callable[[int], Any] | None = None,
) -> MetricRecord:
    """Computes the perceptual path length of a GAN.

    Karras et al. 2019, "A Style-Based Generator Architecture for Generative
    Adversarial Networks", equation 2: the mean distance between the images of
    two points `epsilon` apart on the path between random latents, divided by
    epsilon squared. The paper takes 100,000 samples, LPIPS on VGG16 and images
    of at most 256 pixels. The result depends on the distance, and names it.

    Generate in float32: in bfloat16 such small differences are lost.

    Args:
        gan: A GAN of this package, or an object with
            `sample_latents(num, seed)` and
            `generate(num, seed=..., latents=...)`. For the path length in W,
            equation 3, give an object whose latents are those of the mapping
            network, with `interpolation="lerp"`.
        distance: See `PPL`.
        num_samples: Number of pairs of images.
        epsilon: Distance of the latents along their path.
        interpolation: "slerp" for Gaussian latents, "lerp" for W.
        sampling: "full" for points along the whole path, "end" for points at
            its beginning.
        labels: A label for each pair, for conditional GANs; None takes the
            classes in turn.
        crop_faces: See `PPL`.
        batch_size: Images at a time.
        seed: The same seed gives the same latents.
        progress: A function of the number of pairs done so far.

    Returns:
        A record of the value.

    Raises:
        ValueError: For impossible settings, and images that are not finite.
    """
    _check(interpolation, sampling, num_samples, labels)
    _warn_of_low_precision(gan)
    metric = PPL(distance, epsilon, crop_faces)
    seeds = np.random.SeedSequence(seed).generate_state(3).tolist()
    takes = getattr(gan, "takes", {})
    if labels is None and "labels" in takes:
        rng = np.random.default_rng(seeds[2])
        labels = takes["labels"].draw(num_samples, rng)
    ends = [np.asarray(gan.sample_latents(num_samples, s)) for s in seeds[:2]]
    t = np.random.default_rng(seeds[2]).uniform(size=num_samples)
    t = (t * (sampling == "full")).reshape(-1, *[1] * (ends[0].ndim - 1))
    for start in range(0, num_samples, batch_size):
        rows = slice(start, start + batch_size)
        given: dict[str, Any] = (
            {} if labels is None else {"labels": labels[rows]}
        )
        # The same seed for both, for generators that draw noise too.
        given["seed"] = seed + start
        pair = []
        for shift in (0.0, epsilon):
            latents = INTERPOLATIONS[interpolation](
                ends[0][rows], ends[1][rows], t[rows] + shift
            ).astype(ends[0].dtype)
            pair.append(gan.generate(len(latents), latents=latents, **given))
        metric.update_state(*pair)
        if progress is not None:
            progress(min(start + batch_size, num_samples))
    return dataclasses.replace(
        metric.record(), seed=seed, labels=how_drawn(None, labels)
    )


def _check(
    interpolation: str,
    sampling: str,
    num_samples: int,
    labels: np.ndarray | None,
) -> None:
    if (
        interpolation not in INTERPOLATIONS
        or sampling not in ("full", "end")
        or num_samples < 1
    ):
        raise ValueError(
            '`interpolation` must be "slerp" or "lerp", `sampling` "full" or '
            '"end", and `num_samples` 1 or more. '
            f"Received: {interpolation!r}, {sampling!r}, {num_samples}"
        )
    if labels is not None and len(labels) != num_samples:
        raise ValueError(
            "`labels` must be one for each of `num_samples` pairs. "
            f"Received: {len(labels)} labels, num_samples={num_samples}"
        )


def _warn_of_low_precision(gan: Any) -> None:
    layers = getattr(getattr(gan, "inference_generator", None), "layers", [])
    low = {layer.compute_dtype for layer in layers} & {"bfloat16", "float16"}
    if low:
        warnings.warn(
            "A path length compares images that are nearly equal, and needs "
            "a generator in float32: load it under "
            '`keras.config.set_dtype_policy("float32")`. '
            f"Received: a generator in {', '.join(sorted(low))}",
            stacklevel=3,
        )
