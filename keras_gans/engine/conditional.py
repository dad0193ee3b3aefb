"""What GANs that are told a class have in common."""

import numbers
from typing import Any

import keras
import numpy as np

from keras_gans.engine.model import AdversarialModel


def check_num_classes(num_classes: Any) -> int:
    """Returns a number of classes, NumPy's too.

    Raises:
        ValueError: For less than one class.
    """
    if not isinstance(num_classes, numbers.Integral) or num_classes < 1:
        raise ValueError(
            "`num_classes` must be a whole number, at least 1. "
            f"Received: num_classes={num_classes!r}"
        )
    return int(num_classes)


def check_labels(labels: Any, num_classes: int) -> np.ndarray:
    """Returns labels as int32 (N,).

    Raises:
        ValueError: For labels that are no whole numbers in [0, num_classes).
    """
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:  # as keras.datasets has them
        labels = labels[:, 0]
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            "Labels must be whole numbers, one for each image: of shape (N,). "
            f"Received: {labels.dtype} of shape {labels.shape}"
        )
    if len(labels) and not (labels.min() >= 0 and labels.max() < num_classes):
        raise ValueError(
            f"Labels must be in [0, {num_classes}), as `num_classes` says. "
            f"Received: labels from {labels.min()} to {labels.max()}"
        )
    return labels.astype("int32")


class ClassConditional(AdversarialModel):
    """A GAN of images with labels, as its first base class.

    Its `generator` takes latents (N, latent_dim) and labels (N,), and
    `unpack` returns images and labels.
    """

    num_classes: int

    def fit(self, x: Any, y: Any = None, **kwargs: Any) -> Any:
        """Trains, as `AdversarialModel.fit` does, on images with labels.

        Args:
            x: Images, or a source; see `AdversarialModel.fit`.
            y: Labels (N,), whole numbers in [0, num_classes). None takes the
                source's own.
            **kwargs: As in `AdversarialModel.fit`.

        Raises:
            ValueError: For labels that are missing or out of range.
        """
        if y is None:
            y = getattr(x, "labels", None)
        if y is not None:
            y = check_labels(y, self.num_classes)
        elif (
            hasattr(x, "image_shape")
            or isinstance(x, (np.ndarray, list))
            or keras.ops.is_tensor(x)
        ):
            raise self._no_labels(x)
        return super().fit(x, y, **kwargs)

    def unpack(self, data: Any) -> Any:
        """Returns a batch's images and its int32 labels.

        Raises:
            ValueError: For batches without labels, or with one-hot ones.
        """
        _, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        if labels is None:
            raise self._no_labels(data)
        if len(labels.shape) > 1 and labels.shape[-1] != 1:
            raise ValueError(
                "Labels must be whole numbers, one for each image, not "
                f"one-hot. Received: batches of shape {tuple(labels.shape)}"
            )
        labels = keras.ops.cast(keras.ops.reshape(labels, (-1,)), "int32")
        return super().unpack(data), labels

    def _no_labels(self, images: Any) -> ValueError:
        return ValueError(
            f"{type(self).__name__} learns from images with labels: "
            f"`fit(images, labels)`. Received: y=None and {type(images)}"
        )

    def classes_in_turn(self, num: int) -> np.ndarray:
        """Returns the labels (num,) of images of which nothing is said."""
        return np.arange(num) % self.num_classes

    def generator_inputs(
        self, latents: Any, labels: Any = None, **conditions: Any
    ) -> Any:
        """Returns what the generator takes.

        Args:
            latents: (N, latent_dim).
            labels: (N,); None goes through the classes in turn.
            **conditions: There are no others.

        Raises:
            ValueError: For labels out of range, or not one for each image.
        """
        latents = super().generator_inputs(latents, **conditions)
        if labels is None:
            labels = self.classes_in_turn(len(latents))
        labels = check_labels(labels, self.num_classes)
        if len(labels) != len(latents):
            raise ValueError(
                "Every image needs one label. "
                f"Received: {len(latents)} images and {len(labels)} labels"
            )
        return [latents, labels]

    def fakes_of(self, labels: Any) -> Any:
        """Draws G(z, y), one image for each label (N,)."""
        latents = self.random_latents(keras.ops.shape(labels)[0])
        return self.generator([latents, labels], training=True)
