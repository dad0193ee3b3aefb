"""The perceptual path length, from pairs of images."""

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
    """Averages path lengths without the lowest and the highest percent.

    As in StyleGAN's code: values below the percentile 1 and above the
    percentile 99 are left out. The percentiles are values that occur, the
    next lower and the next higher one.

    Args:
        lengths: Distances divided by epsilon squared, (n,).

    Returns:
        The mean.

    Raises:
        ValueError: For no lengths, and for lengths that are not finite.
    """
    lengths = np.asarray(lengths, "float64").ravel()
    if lengths.size == 0 or not np.isfinite(lengths).all():
        raise ValueError(
            "Path lengths must be finite, and there must be at least 1. "
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
    """The perceptual path length as a streaming Keras metric.

    It compares pairs of images from latents that are `epsilon` apart, as
    `ppl` generates them. Every length is kept in float64, so the result does
    not depend on the order of the pairs or the number of replicas.

    Args:
        distance: A function from two batches of float images in [-1, 1] to
            distances (n,), quadratic in small differences as LPIPS is. None
            loads LPIPS on VGG16, as in the paper.
        epsilon: Distance of the latents along their path.
        crop_faces: Whether to compare the middle of portraits only, as the
            paper does for faces: rows 3/8 to 7/8, columns 2/8 to 6/8.
        name: Name of the metric; None gives `ppl[<distance>]`.
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
            first: Images (n, H, W, C), float in [-1, 1]. They are not rounded
                to uint8, since the differences are far smaller than a level.
            second: The images of latents that are `epsilon` further.

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
                "`distance` must return one finite number for each pair. "
                "Received: "
                f"{len(distances)} for {len(first)} pairs, "
                f"{np.isfinite(distances).sum()} of them finite"
            )
        if isinstance(self.distance, PerceptualNetwork):
            self.channels = self.distance.channels_of(first.shape[1:])
        self._lengths.extend(distances / self.epsilon**2)

    def _region(self, images: np.ndarray) -> np.ndarray:
        """Crops, and averages to at most 256 pixels, as StyleGAN's code."""
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
        """Adds the pairs of other metrics, for instance of replicas."""
        for metric in metrics:
            self._lengths.extend(metric._lengths)

    def record(self) -> MetricRecord:
        """Returns the record of the path length so far."""
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
        """Returns the configuration, with the distance as it is."""
        return {
            "distance": self.distance,
            "epsilon": self.epsilon,
            "crop_faces": self.crop_faces,
            "name": self.name,
        }
