"""Streams of images through a feature network, read ahead of it."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np

from keras_gans.data.generated import GENERATED
from keras_gans.metrics.features.choice import (
    default_feature_network,
    shape_of,
)
from keras_gans.metrics.features.networks import (
    FeatureExtractor,
    get_feature_extractor,
)
from keras_gans.modalities.image import check_images, to_uint8


@dataclasses.dataclass(frozen=True)
class Origin:
    """The network and the images that features come from.

    Attributes:
        feature_network: Name of the feature network.
        feature_network_checksum: SHA-256 of its weights.
        resize: How images were resized for the network, or None where they
            were not.
        images: Name of the set of images, or None.
        images_checksum: SHA-256 of the images as uint8, in their order.
        split: Split of the set, for instance `"train"`, or None.
        seed: Seed that chose the images, or generated them; None where
            there is none.
        channels: "grey repeated" where grey images were repeated for a
            network of three channels, else None.
    """

    feature_network: str
    feature_network_checksum: str
    resize: str | None
    images: str | None
    images_checksum: str
    split: str | None = None
    seed: int | None = None
    channels: str | None = None


class FeatureStream:
    """Images that are read in a thread while the network computes.

    Args:
        images: As for `compute_features`.
        feature_network: As for `compute_features`.
        batch_size: Images at a time.
        num_samples: Number of images to choose; None uses all.
        seed: Seed of the choice.
        share: As for `feature_statistics`.

    Raises:
        ValueError: For bad images, no images, and a batch size below 1.
    """

    def __init__(
        self,
        images: Any,
        feature_network: str | keras.Model | FeatureExtractor | None,
        batch_size: int,
        num_samples: int | None,
        seed: int,
        share: tuple[int, int] = (0, 1),
    ):
        if hasattr(images, "__array__") and not hasattr(images, "image_shape"):
            images = check_images(images)
        if len(images) == 0:
            raise ValueError("Features need at least 1 image. Received: none")
        if batch_size < 1:
            raise ValueError(
                f"`batch_size` must be at least 1. Received: {batch_size}"
            )
        self.extractor = get_feature_extractor(
            feature_network or default_feature_network(images)
        )
        self.images = images
        self.indices = np.arange(len(images))
        if num_samples is not None:
            self.indices = choose(len(images), num_samples, seed)
        self.seed = seed if num_samples is not None else None
        if num_samples is None and getattr(images, "split", None) == GENERATED:
            self.seed = getattr(images, "seed", None)
        self.batch_size = batch_size
        self.image_shape = shape_of(images)
        shape = (len(self.indices), *self.image_shape)
        self.digest = hashlib.sha256(repr(shape).encode())
        self.share = share

    def features(
        self, progress: Callable[[int], Any] | None
    ) -> Iterator[np.ndarray]:
        """Yields the features of one batch after the other."""
        starts = range(0, len(self.indices), self.batch_size)
        index, count = self.share
        ahead = 2
        if not getattr(self.images, "read_ahead", True):
            # A GAN's samples are generated between the batches, and only
            # those of this process's share, not all for the checksum.
            starts, index, count, ahead = starts[index::count], 0, 1, 0
        batches = _ahead(self._read, starts, ahead)
        for k, (start, batch) in enumerate(zip(starts, batches, strict=True)):
            self.digest.update(batch.tobytes())
            if k % count == index:
                yield self.extractor(batch, self.batch_size)
            if progress is not None:
                progress(start + len(batch))

    def _read(self, start: int) -> np.ndarray:
        rows = self.indices[start : start + self.batch_size]
        return quantise(self.images[rows])

    def origin(self) -> Origin:
        """Returns the origin of the features, once all are computed."""
        return Origin(
            self.extractor.name,
            self.extractor.checksum,
            self.extractor.resize,
            getattr(self.images, "name", None),
            self.digest.hexdigest(),
            getattr(self.images, "split", None),
            self.seed,
            self.extractor.channels_of(self.image_shape),
        )


def _ahead(
    function: Callable[[int], np.ndarray], arguments: range, depth: int
) -> Iterator[np.ndarray]:
    """Maps in order, in a thread that runs up to `depth` results ahead."""
    if depth == 0:
        yield from map(function, arguments)
        return
    with ThreadPoolExecutor(1) as thread:
        pending = [thread.submit(function, a) for a in arguments[:depth]]
        for argument in arguments[depth:]:
            result = pending.pop(0).result()
            pending.append(thread.submit(function, argument))
            yield result
        for future in pending:
            yield future.result()


def choose(population: int, num_samples: int, seed: int) -> np.ndarray:
    """Chooses indices without replacement, sorted.

    Args:
        population: Number of indices to choose from.
        num_samples: Number to choose.
        seed: The same seed gives the same choice.

    Returns:
        int indices (num_samples,), in ascending order.

    Raises:
        ValueError: For more samples than indices, or none.
    """
    if not 0 < num_samples <= population:
        raise ValueError(
            "`num_samples` must be at least 1 and at most the number of "
            f"images. Received: num_samples={num_samples}, {population} images"
        )
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(population, num_samples, replace=False))


def quantise(images: Any, name: str = "images") -> np.ndarray:
    """Checks a batch of images and returns it as uint8.

    Unlike `check_images` it accepts floats that are all 0 or more. In a whole
    set they are a sign of the range [0, 1]; a batch of a few bright images
    can be like that too.

    Args:
        images: (n, H, W, C), uint8 or float in [-1, 1].
        name: Name of the images in an error.

    Returns:
        uint8 images of the same shape.

    Raises:
        ValueError: For another rank, type or range, and for NaN.
    """
    images = np.asarray(images)
    is_float = images.ndim == 4 and images.size and images.dtype.kind == "f"
    if is_float and images.min() >= -1.0 and images.max() <= 1.0:
        return to_uint8(images)
    return check_images(images, name=name)
