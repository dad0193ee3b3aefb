"""The sliced Wasserstein distance of Laplacian neighbourhoods."""

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
    pyramid, from full size to 16 pixels; each channel normalised over its
    set, so that contrast and tint of a whole set do not show; 4 times 128
    directions. As in the paper's tables times 1,000, and
    the value is the mean of the levels, which are in the details. The paper
    takes 16,384 images of each; fewer give a larger value.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; or an image
            source from `keras_gans.data.load`. 16 pixels or more.
        fake: The same, generated; the number may differ.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set to choose; None uses all.
        seed: Seed of the choice, the places and the directions.

    Returns:
        A record of the value and how it was made.

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

    The images are kept, as uint8, until the result is asked for: a level's
    descriptors take 75 KB an RGB image. The result is exactly the same in
    whatever order, and on however many replicas, the images came. It works
    outside compiled steps.

    Args:
        seed: Seed of the places and directions.
        name: The metric's name.
    """

    def __init__(self, seed: int = 0, name: str = "swd"):
        super().__init__(name=name)
        self.seed = seed
        self._images: dict[str, list[np.ndarray]] = {"real": [], "fake": []}

    def update_state(self, real: Any, fake: Any) -> None:
        """Adds a batch of each.

        Args:
            real: Images (n, H, W, C), uint8 or float in [-1, 1], or None.
            fake: The same, generated; the number may differ.

        Raises:
            ValueError: For bad images, and another size than before.
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
        """Adds what other metrics have seen, for instance on replicas."""
        for metric in metrics:
            for name, batches in metric._images.items():
                self._images[name] += batches

    def record(self) -> MetricRecord:
        """Returns the distance so far, at each level, and how it was made."""
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
        """Returns the images in an order that is the same however they came."""
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
