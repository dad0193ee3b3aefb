"""Perceptual path length: how smoothly images follow their latents."""

import array
import dataclasses
import math
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.pairs.image_pairs import check_pair
from keras_gans.metrics.pairs.lpips import load_lpips
from keras_gans.metrics.paths.interpolation import INTERPOLATIONS
from keras_gans.metrics.record import MetricRecord

EPSILON = 1e-4


def path_length(lengths: Any) -> float:
    """Averages path lengths without their lowest and highest hundredth.

    As in StyleGAN's code: what lies outside the percentiles 1 and 99, both
    taken outwards to values that occur, is left out.

    Args:
        lengths: Squared speeds (n,): distances divided by epsilon squared.

    Returns:
        Their mean.

    Raises:
        ValueError: For none, and for what is not finite.
    """
    lengths = np.asarray(lengths, "float64").ravel()
    if lengths.size == 0 or not np.isfinite(lengths).all():
        raise ValueError(
            "Path lengths must be finite, and at least 1. "
            f"Received: {lengths.size}, {np.isfinite(lengths).sum()} of them "
            "finite"
        )
    kept = _kept(lengths)
    return math.fsum(kept) / len(kept)


def _kept(lengths: np.ndarray) -> np.ndarray:
    low = np.percentile(lengths, 1, method="lower")
    high = np.percentile(lengths, 99, method="higher")
    return lengths[(low <= lengths) & (lengths <= high)]


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
    Adversarial Networks", equation 2: the mean distance between images
    from two points `epsilon` apart on the path between random latents,
    divided by epsilon squared. The paper takes 100,000 samples, LPIPS on
    VGG16 and images of at most 256 pixels. A length depends on the distance,
    so every result names it.

    Generate in float32: bfloat16 rounds such differences away.

    Args:
        gan: A GAN of this package, or anything with
            `sample_latents(num, seed)` and
            `generate(num, seed=..., latents=...)`. For lengths in W, as
            equation 3 has them, give an object whose latents are those of
            the mapping network, with `interpolation="lerp"`.
        distance: See `PPL`.
        num_samples: Pairs of images.
        epsilon: How far apart the latents are on their path.
        interpolation: "slerp" for latents of a Gaussian, "lerp" for W.
        sampling: "full" for points all along the path, "end" for points at
            its beginning.
        labels: For conditional GANs, one for each pair; None takes the
            classes in turn.
        crop_faces: See `PPL`.
        batch_size: Images at a time.
        seed: The same seed gives the same latents.
        progress: Is called with the number of pairs done so far.

    Returns:
        A record of the value and how it was made.

    Raises:
        ValueError: For impossible settings, and images that are not finite.
    """
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
    _warn_of_low_precision(gan)
    metric = PPL(distance, epsilon, crop_faces)
    seeds = np.random.SeedSequence(seed).generate_state(3).tolist()
    if labels is None and hasattr(gan, "num_classes"):
        labels = np.arange(num_samples) % gan.num_classes
    ends = [np.asarray(gan.sample_latents(num_samples, s)) for s in seeds[:2]]
    t = np.random.default_rng(seeds[2]).uniform(size=num_samples)
    t = (t * (sampling == "full")).reshape(-1, *[1] * (ends[0].ndim - 1))
    between = INTERPOLATIONS[interpolation]
    for start in range(0, num_samples, batch_size):
        rows = slice(start, start + batch_size)
        pair = []
        for shift in (0.0, epsilon):
            latents = between(ends[0][rows], ends[1][rows], t[rows] + shift)
            latents = latents.astype(ends[0].dtype)
            options = {} if labels is None else {"labels": labels[rows]}
            # The same seed, for generators that draw noise besides.
            pair.append(
                gan.generate(
                    len(latents), seed=seed + start, latents=latents, **options
                )
            )
        metric.update_state(*pair)
        if progress is not None:
            progress(start + len(latents))
    return dataclasses.replace(metric.record(), seed=seed)


def _warn_of_low_precision(gan: Any) -> None:
    layers = getattr(getattr(gan, "inference_generator", None), "layers", [])
    low = {layer.compute_dtype for layer in layers} & {"bfloat16", "float16"}
    if low:
        warnings.warn(
            "A path length compares images that are nearly the same, and "
            "needs a generator in float32: load it under "
            '`keras.config.set_dtype_policy("float32")`. '
            f"Received: a generator in {', '.join(sorted(low))}",
            stacklevel=3,
        )


class PPL(keras.metrics.Metric):
    """Perceptual path length as a streaming Keras metric.

    It takes pairs of images from latents that lie `epsilon` apart; `ppl`
    makes them. Every length is kept, in float64: the result is exactly the
    same in whatever order, and on however many replicas, the pairs came.

    Args:
        distance: A function of two batches of float images in [-1, 1] that
            gives distances (n,), quadratic in small differences as LPIPS is.
            None loads LPIPS on VGG16, as in the paper.
        epsilon: How far apart the latents are on their path.
        crop_faces: Whether to measure only the middle of a portrait, as the
            paper does on faces: rows 3/8 to 7/8, columns 2/8 to 6/8.
        name: The metric's name; None gives `ppl[<distance>]`.
    """

    def __init__(
        self,
        distance: Callable[[Any, Any], Any] | None = None,
        epsilon: float = EPSILON,
        crop_faces: bool = False,
        name: str | None = None,
    ):
        if not 0.0 < epsilon < 1.0:
            raise ValueError(
                f"`epsilon` must lie between 0 and 1. Received: {epsilon!r}"
            )
        self.distance = distance or load_lpips("vgg")
        self.compared = getattr(
            self.distance, "name", getattr(self.distance, "__name__", "custom")
        )
        super().__init__(name=name or f"ppl[{self.compared}]")
        self.epsilon = epsilon
        self.crop_faces = crop_faces
        self._lengths = array.array("d")

    def update_state(self, first: Any, second: Any) -> None:
        """Adds a batch of pairs.

        Args:
            first: Images (n, H, W, C), float in [-1, 1]; never rounded to
                uint8, since the differences are far smaller than a level.
            second: The images a step of `epsilon` on.

        Raises:
            ValueError: For shapes that differ, bad images, and distances
                that are not finite.
        """
        first, second = map(ops.convert_to_numpy, (first, second))
        check_pair(first, second)
        distances = self.distance(self._region(first), self._region(second))
        distances = ops.convert_to_numpy(distances).astype("float64").ravel()
        if len(distances) != len(first) or not np.isfinite(distances).all():
            raise ValueError(
                "`distance` must give one finite number a pair. Received: "
                f"{len(distances)} for {len(first)} pairs, "
                f"{np.isfinite(distances).sum()} of them finite"
            )
        self._lengths.extend(distances / self.epsilon**2)

    def _region(self, images: np.ndarray) -> np.ndarray:
        """Crops, and reduces what is over 256 pixels, as StyleGAN does."""
        if self.crop_faces:
            eighth = images.shape[1] // 8
            images = images[:, 3 * eighth : 7 * eighth, 2 * eighth : 6 * eighth]
        factor = images.shape[1] // 256
        if factor < 2:
            return images
        num, height, width, channels = images.shape
        height, width = height // factor, width // factor
        images = images[:, : height * factor, : width * factor]
        boxes = images.reshape(num, height, factor, width, factor, channels)
        return boxes.mean(axis=(2, 4))

    def merge_state(self, metrics: Sequence["PPL"]) -> None:
        """Adds what other metrics have seen, for instance on replicas."""
        for metric in metrics:
            self._lengths.extend(metric._lengths)

    def record(self) -> MetricRecord:
        """Returns the path length so far, and how it was made."""
        value = path_length(self._lengths)
        deviation = float(np.std(_kept(np.array(self._lengths))))
        return MetricRecord(
            metric="ppl",
            value=value,
            feature_network=self.compared,
            feature_network_checksum=getattr(self.distance, "checksum", ""),
            num_real=0,
            num_fake=2 * len(self._lengths),
            details={
                "pairs": len(self._lengths),
                "epsilon": self.epsilon,
                "deviation": deviation,
                "standard_error": deviation / math.sqrt(len(self._lengths)),
                "crop_faces": int(self.crop_faces),
            },
        )

    def result(self) -> float:
        """Returns the path length so far."""
        return path_length(self._lengths)

    def reset_state(self) -> None:
        """Forgets all pairs."""
        self._lengths = array.array("d")

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration; the distance goes as it is."""
        return {
            "distance": self.distance,
            "epsilon": self.epsilon,
            "crop_faces": self.crop_faces,
            "name": self.name,
        }
