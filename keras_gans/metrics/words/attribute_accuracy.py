"""Attribute accuracy: whether images show all that their sentence names."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.files import sha256_of_weights
from keras_gans.metrics.record import MetricRecord
from keras_gans.modalities import Image


def attribute_accuracy(
    attributes: Mapping[str, Any],
    fake: Any,
    classifier: keras.Model,
    batch_size: int = 256,
) -> MetricRecord:
    """Computes the share of images that show every attribute asked for.

    Args:
        attributes: The classes asked for by the name of the attribute, int
            (N,) each, for instance `{"hair": ..., "eyes": ...}`.
        fake: The images (N, H, W, C), uint8 or float in [-1, 1].
        classifier: A Keras model from images, float32 in [-1, 1], to a
            dictionary of logits or probabilities (N, classes) by the names of
            the attributes, or to several in their order.
        batch_size: Images at a time.

    Returns:
        A record of the share where all attributes are right; its `details`
        hold the share of each by its name.

    Raises:
        ValueError: For attributes that the classifier does not know, and for
            another number of classes than images.
    """
    image = Image(*classifier.inputs[0].shape[1:])
    images = keras.ops.convert_to_numpy(image.to_device(image.check(fake)))
    answers = distribution.predict(classifier, images, batch_size)
    if not isinstance(answers, Mapping):
        found = keras.tree.flatten(answers)
        answers = dict(zip(attributes, found, strict=False))
    right = {}
    for name, classes in attributes.items():
        classes = np.asarray(classes)
        if name not in answers or classes.shape != (len(images),):
            raise ValueError(
                f"`attributes` must hold one class for each image, of "
                f"{sorted(answers)}. Received: {name!r} of shape "
                f"{classes.shape} for {len(images)} images"
            )
        right[name] = np.asarray(answers[name]).argmax(-1) == classes
    shares = {name: float(hits.mean()) for name, hits in right.items()}
    return MetricRecord(
        metric="attribute_accuracy",
        value=float(np.all(list(right.values()), axis=0).mean()),
        feature_network=classifier.name,
        feature_network_checksum=sha256_of_weights(classifier.get_weights()),
        num_real=0,
        num_fake=len(images),
        details=shares,
    )
