"""The sliced Wasserstein distance between patches of images."""

import dataclasses
import hashlib
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.metrics.distances.laplacian import (
    PER_IMAGE,
    SMALLEST,
    level_sizes,
    neighbourhoods,
    normalize,
)
from keras_gans.metrics.distances.sliced_wasserstein import (
    DIRECTIONS,
    REPEATS,
    sliced_wasserstein,
)
from keras_gans.metrics.features.stream import choose, quantise
from keras_gans.metrics.record import MetricRecord
from keras_gans.modalities.image import check_images


def swd(
    real: Any,
    fake: Any,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
) -> MetricRecord:
    """Computes the sliced Wasserstein distance between two sets of images.

    Karras et al. 2018, "Progressive Growing of GANs", section 5: 128
    neighbourhoods of 7x7 pixels from each level of each image's Laplacian
    pyramid, from full size to 16 pixels, in 4 times 128 directions. Each
    channel is normalised over its set, so contrast and tint of a whole set
    do not matter. The value is the mean over the levels, times 1,000 as in
    the tables of the paper; `details` hold the levels. The paper takes 16,384
    images of each set; fewer give a larger value.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1], or an image
            source from `keras_gans.data.load`; each side 16 pixels or more.
        fake: Generated images of the same size; the number may differ.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice, the positions and the directions.

    Returns:
        A record of the value.

    Raises:
        ValueError: For bad images, and sizes that differ.
    """
    metric = SWD(seed)
    digest = hashlib.sha256()
    for name, images in (("real", real), ("fake", fake)):
        if hasattr(images, "__array__") and not hasattr(images, "image_shape"):
            images = check_images(images, name=name)
        chosen = np.arange(len(images))
        if num_samples is not None:
            chosen = choose(len(images), num_samples, seed)
        for start in range(0, len(chosen), batch_size):
            batch = images[chosen[start : start + batch_size]]
            metric.update_state(**{"real": None, "fake": None, name: batch})
            if name == "real":
                if start == 0:
                    shape = (len(chosen), *batch.shape[1:])
                    digest.update(repr(tuple(map(int, shape))).encode())
                digest.update(quantise(batch).tobytes())
    return dataclasses.replace(
        metric.record(),
        real=getattr(real, "name", None),
        real_checksum=digest.hexdigest(),
        fake=getattr(fake, "name", None),
        split=getattr(real, "split", None),
    )


class SWD(keras.metrics.Metric):
    """The sliced Wasserstein distance as a streaming Keras metric.

    It keeps the images as uint8 until the result is computed, since the
    descriptors of a level take 75 KB for each RGB image. The result does not
    depend on the order of the images or the number of replicas. The metric
    works outside compiled steps.

    Args:
        seed: Seed of the positions and directions.
        name: Name of the metric.
    """

    def __init__(self, seed: int = 0, name: str = "swd"):
        super().__init__(name=name)
        self.seed = seed
        self._images: dict[str, list[np.ndarray]] = {"real": [], "fake": []}

    def update_state(self, real: Any, fake: Any) -> None:
        """Adds a batch of real and a batch of generated images.

        Args:
            real: Real images (n, H, W, C), uint8 or float in [-1, 1], or None.
            fake: Generated images (m, H, W, C), or None.

        Raises:
            ValueError: For bad images, and for another size than before.
        """
        for name, images in (("real", real), ("fake", fake)):
            if images is None:
                continue
            images = quantise(keras.ops.convert_to_numpy(images), name)
            seen = [*self._images["real"], *self._images["fake"], images]
            if seen[0].shape[1:] != images.shape[1:]:
                raise ValueError(
                    "All images must have the size of the first, "
                    f"{seen[0].shape[1:]}. Received: {images.shape[1:]}"
                )
            if min(images.shape[1:3]) < SMALLEST:
                raise ValueError(
                    f"Images must have {SMALLEST} pixels or more on each "
                    f"side. Received: {images.shape[1]}x{images.shape[2]}"
                )
            self._images[name].append(images)

    def merge_state(self, metrics: Sequence["SWD"]) -> None:
        """Adds the images of other metrics, for instance of replicas."""
        for metric in metrics:
            for name, batches in metric._images.items():
                self._images[name] += batches

    def record(self) -> MetricRecord:
        """Returns the record of the distance so far, with every level."""
        real, fake = self._ordered("real"), self._ordered("fake")
        details: dict[str, float | int] = {}
        sizes = level_sizes(*real.shape[1:3])
        for level, size in enumerate(sizes):
            first, second = (
                normalize(neighbourhoods(images, level, self.seed))
                for images in (real, fake)
            )
            distance = sliced_wasserstein(first, second, seed=self.seed)
            details[f"level_{min(size)}"] = 1e3 * distance
        value = sum(details.values()) / len(details)
        details["neighbourhoods_per_image"] = PER_IMAGE
        details["directions"] = REPEATS * DIRECTIONS
        return MetricRecord(
            metric="swd",
            value=value,
            feature_network="laplacian",
            feature_network_checksum="",
            num_real=len(real),
            num_fake=len(fake),
            seed=self.seed,
            details=details,
        )

    def _ordered(self, name: str) -> np.ndarray:
        """Returns the images in an order that depends on the images alone."""
        if not self._images[name]:
            raise ValueError(
                f"swd needs at least 1 image in `{name}`. Received: none"
            )
        images = np.concatenate(self._images[name])
        digests = [hashlib.sha256(image.tobytes()).digest() for image in images]
        return images[sorted(range(len(images)), key=digests.__getitem__)]

    def result(self) -> float:
        """Returns the distance so far, times 1,000."""
        return self.record().value

    def reset_state(self) -> None:
        """Forgets all images."""
        self._images = {"real": [], "fake": []}

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {"seed": self.seed, "name": self.name}
