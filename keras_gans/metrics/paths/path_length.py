"""The perceptual path length of pairs of images."""

import array
import math
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.pairs.image_pairs import check_pair
from keras_gans.metrics.pairs.perceptual_network import (
    PerceptualNetwork,
    load_lpips,
)
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
        self.channels: str | None = None
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
        if isinstance(self.distance, PerceptualNetwork):
            self.channels = self.distance.channels_of(first.shape[1:])
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
            channels=self.channels,
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
