"""Features and statistics of whole sets of images, with their origin."""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_gans.metrics.distances.statistics import GaussianStatistics
from keras_gans.metrics.features.networks import FeatureExtractor
from keras_gans.metrics.features.stream import FeatureStream, Origin


@dataclasses.dataclass(frozen=True)
class FeatureStatistics:
    """Mean and covariance of the features of a set of images, for FID.

    Attributes:
        gaussian: Count, mean and covariance of the features.
        origin: The network and the images.
    """

    gaussian: GaussianStatistics
    origin: Origin


@dataclasses.dataclass(frozen=True)
class FeatureSet:
    """The features of a set of images.

    Attributes:
        features: float32 (n, d), in the order of the images.
        origin: The network and the images.
        head: The head of the network, from features (n, d) to float64 logits
            (n, classes), or None where the network has none.
    """

    features: np.ndarray
    origin: Origin
    head: Callable[[np.ndarray], np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.features)

    def statistics(self) -> FeatureStatistics:
        """Returns count, mean and covariance, in float64."""
        gaussian = GaussianStatistics(self.features.shape[1])
        gaussian.update(self.features)
        return FeatureStatistics(gaussian, self.origin)


def compute_features(
    images: Any,
    feature_network: str | keras.Model | FeatureExtractor | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    progress: Callable[[int], Any] | None = None,
) -> FeatureSet:
    """Computes the features of a set of images, for any number of metrics.

    Args:
        images: Array (N, H, W, C), uint8 or float in [-1, 1], or an image
            source from `keras_gans.data.load`, which is read in batches.
        feature_network: A network's name, a Keras model, or an extractor.
            None takes `default_feature_network(images)`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose, without replacement; None
            uses all.
        seed: Seed of the choice.
        progress: A function of the number of images done so far.

    Returns:
        The features. Every metric takes them in place of images.

    Raises:
        ValueError: For bad images, and for more samples than images.
    """
    stream = FeatureStream(
        images, feature_network, batch_size, num_samples, seed
    )
    features = np.concatenate(list(stream.features(progress)))
    return FeatureSet(features, stream.origin(), stream.extractor.head)


def feature_statistics(
    images: Any,
    feature_network: str | keras.Model | FeatureExtractor | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    progress: Callable[[int], Any] | None = None,
    share: tuple[int, int] = (0, 1),
) -> FeatureStatistics:
    """Computes mean and covariance of features without keeping features.

    Args:
        images: As for `compute_features`.
        feature_network: A network's name, a Keras model, or an extractor.
            None takes `default_feature_network(images)`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose, without replacement; None
            uses all.
        seed: Seed of the choice.
        progress: A function of the number of images done so far.
        share: (index, count) where several processes share the work: of
            every `count` batches this process computes the one with this
            index. The `gaussian`s of all merge into that of the whole set.
            The checksum is that of the whole set, or of the share for a GAN's
            samples, since only those are generated.

    Returns:
        The statistics, which `fid` takes in place of images.

    Raises:
        ValueError: For bad images, and for more samples than images.
    """
    stream = FeatureStream(
        images, feature_network, batch_size, num_samples, seed, share
    )
    gaussian = GaussianStatistics(stream.extractor.dimensions)
    for features in stream.features(progress):
        gaussian.update(features)
    return FeatureStatistics(gaussian, stream.origin())
