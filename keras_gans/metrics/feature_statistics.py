"""Statistics of the features of a whole set of images."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np

from keras_gans.images import check_images, to_uint8
from keras_gans.metrics.features import FeatureExtractor, get_feature_extractor
from keras_gans.metrics.statistics import GaussianStatistics


@dataclasses.dataclass(frozen=True)
class FeatureStatistics:
    """What a Fréchet distance needs to know of a set of images.

    Attributes:
        gaussian: Count, mean and covariance of the features.
        feature_network: Name of the feature network.
        feature_network_checksum: SHA-256 of its weights.
        images: Name of the set, or None.
        images_checksum: SHA-256 of the images as uint8, in their order.
        seed: Seed that chose the images, or None where all were used.
    """

    gaussian: GaussianStatistics
    feature_network: str
    feature_network_checksum: str
    images: str | None
    images_checksum: str
    seed: int | None


def feature_statistics(
    images: Any,
    feature_network: str
    | keras.Model
    | FeatureExtractor = "fashion_mnist_classifier",
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    progress: Callable[[int], Any] | None = None,
) -> FeatureStatistics:
    """Computes the statistics of a set once, to be used many times.

    Args:
        images: Array (N, H, W, C), uint8 or float in [-1, 1], or an image
            source from `keras_gans.data.load`, which is read in batches.
        feature_network: A network's name, a Keras model, or an extractor.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many images to choose, without replacement; None
            uses all.
        seed: Seed of the choice.
        progress: Is called with the number of images done so far.

    Returns:
        The statistics, for `fid` in the place of images.

    Raises:
        ValueError: For bad images, and for more samples than images.
    """
    extractor = get_feature_extractor(feature_network)
    if hasattr(images, "__array__") and not hasattr(images, "image_shape"):
        images = check_images(images)
    indices = np.arange(len(images))
    if num_samples is not None:
        indices = choose(len(images), num_samples, seed)
    image_shape = getattr(images, "image_shape", None) or images.shape[1:]
    shape = (len(indices), *image_shape)
    digest = hashlib.sha256(repr(tuple(map(int, shape))).encode())
    gaussian = None
    for batch in batches(images, indices, batch_size):
        digest.update(batch.tobytes())
        features = extractor(batch, batch_size)
        gaussian = gaussian or GaussianStatistics(features.shape[1])
        gaussian.update(features)
        if progress is not None:
            progress(gaussian.count)
    if gaussian is None:
        raise ValueError("Features need at least 1 image. Received: none")
    return FeatureStatistics(
        gaussian,
        extractor.name,
        extractor.checksum,
        getattr(images, "name", None),
        digest.hexdigest(),
        None if num_samples is None else seed,
    )


def choose(population: int, num_samples: int, seed: int) -> np.ndarray:
    """Chooses indices without replacement, sorted.

    Args:
        population: How many there are.
        num_samples: How many to choose.
        seed: The same seed chooses the same.

    Returns:
        int indices (num_samples,), in rising order.

    Raises:
        ValueError: For more than there are.
    """
    if not 0 < num_samples <= population:
        raise ValueError(
            "`num_samples` must be at least 1 and at most the number of "
            f"images. Received: num_samples={num_samples}, {population} images"
        )
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(population, num_samples, replace=False))


def batches(
    images: Any, indices: np.ndarray, batch_size: int
) -> Iterator[np.ndarray]:
    """Reads images from an array or a source, as uint8, in batches."""
    for start in range(0, len(indices), batch_size):
        yield quantise(images[indices[start : start + batch_size]])


def quantise(images: Any, name: str = "images") -> np.ndarray:
    """Returns a batch as uint8, refusing what are no images.

    Unlike `check_images` it lets floats pass that are nowhere below 0: in a
    whole set they mean a range of [0, 1], but a batch of a few bright images
    can be so too.

    Args:
        images: (n, H, W, C), uint8 or float in [-1, 1].
        name: What to call them in an error.

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
