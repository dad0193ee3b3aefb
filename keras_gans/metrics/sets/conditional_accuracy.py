"""Conditional accuracy: whether images show the classes asked for."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.metrics.features.networks import FeatureExtractor
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    logits_of,
    make_record,
    prepare,
)


def count_correct(labels: Any, logits: Any) -> np.ndarray:
    """Counts the images of each class that a classifier recognises.

    Args:
        labels: The classes asked for, int (n,).
        logits: Logits or probabilities (n, classes); the largest is the
            classifier's answer.

    Returns:
        int64 (2, classes): the number recognised, and the number asked for.

    Raises:
        ValueError: For labels outside of the classes, and fewer than 2
            classes.
    """
    labels, logits = np.asarray(labels), np.asarray(logits)
    if logits.ndim != 2 or logits.shape[1] < 2:
        raise ValueError(
            "A classifier must return (n, classes) with 2 classes or more. "
            f"Received: {logits.shape}"
        )
    num, classes = logits.shape
    if labels.shape != (num,) or labels.dtype.kind not in "iu":
        raise ValueError(
            "`labels` must be one integer for each image. Received: "
            f"{labels.dtype} of shape {labels.shape} for {num} images"
        )
    if num and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(
            f"`labels` must be from 0 to {classes - 1}, the classifier's "
            f"classes. Received: from {labels.min()} to {labels.max()}"
        )
    right = labels[logits.argmax(axis=1) == labels]
    return np.stack(
        [np.bincount(some, minlength=classes) for some in (right, labels)]
    )


def conditional_accuracy(
    labels: Any,
    fake: Any,
    classifier: Network | None = None,
    batch_size: int = 256,
) -> MetricRecord:
    """Computes the share of generated images that show their class.

    A classifier decides which class an image shows.

    Args:
        labels: The classes that the generator was asked for, int (N,).
        fake: The generated images (N, H, W, C), uint8 or float in [-1, 1],
            an image source, or `compute_features` of either.
        classifier: A Keras model from images, float32 in [-1, 1], to logits
            or probabilities (n, classes); or a feature network with a head,
            by name or as an extractor. None takes the network of the
            features, and `default_feature_network` of images.
        batch_size: Images at a time; it does not change the result.

    Returns:
        A record of the share. Its `details` hold the share of every class
        that was asked for, as `class_0` and so on.

    Raises:
        ValueError: For bad images or labels, and a network without a
            classifier.
    """
    network = None if classifier is None else _extractor(classifier)
    (fake,) = prepare({"fake": fake}, network, batch_size)
    right, asked = count_correct(labels, logits_of(fake))
    by_class = {
        f"class_{label}": float(right[label] / asked[label])
        for label in np.flatnonzero(asked)
    }
    value = right.sum() / asked.sum()
    return make_record("conditional_accuracy", value, None, fake, **by_class)


def _extractor(classifier: Network) -> Network:
    if isinstance(classifier, keras.Model):
        return FeatureExtractor(classifier, head=np.asarray)
    return classifier


class ConditionalAccuracy(FeatureMetric):
    """Conditional accuracy as a streaming Keras metric.

    See `conditional_accuracy` and `FeatureMetric`.

    Args:
        classifier: A Keras model, a network's name, or an extractor.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives
            `conditional_accuracy[<classifier>]`.
    """

    needs_real = False

    def __init__(
        self,
        classifier: Network = DEFAULT_NETWORK,
        batch_size: int = 256,
        name: str | None = None,
    ):
        metric, network = "conditional_accuracy", _extractor(classifier)
        super().__init__(metric, network, None, batch_size, name)

    def update_state(self, labels: Any, fake: Any) -> None:
        """Adds a batch.

        Args:
            labels: The classes that were asked for, int (n,).
            fake: Generated images (n, H, W, C), uint8 or float in [-1, 1].

        Raises:
            ValueError: For bad images, and for another number of labels.
        """
        labels = np.asarray(keras.ops.convert_to_numpy(labels))
        if labels.shape != (len(fake),):
            raise ValueError(
                "`labels` must be one integer for each image. Received: shape "
                f"{labels.shape} for {len(fake)} images"
            )
        super().update_state(None, fake)
        self._labels.append(labels)

    def merge_state(self, metrics: Sequence[Any]) -> None:
        """Adds the images of other metrics, for instance of replicas."""
        super().merge_state(metrics)
        for metric in metrics:
            self._labels += metric._labels

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the share."""
        none = np.zeros(0, "int64")
        labels = np.concatenate([none, *self._labels])
        return [conditional_accuracy(labels, fake)]

    def reset_state(self) -> None:
        """Forgets all images."""
        super().reset_state()
        self._labels: list[np.ndarray] = []

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration, with the name of the network."""
        config = super().get_config()
        config["classifier"] = config.pop("feature_network")
        return config
