"""How a condition enters a network: one place for all kinds of it."""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_gans.modalities import Attributes, ClassLabel, Condition


def labels_of(
    num_classes: int, class_names: list[str] | None, condition: Any
) -> ClassLabel | Condition:
    """Returns the modality that a variant's arguments say.

    Args:
        num_classes: Number of classes, where `condition` is None.
        class_names: Their names.
        condition: A `MultiLabel` or `Attributes`, or None for one class for
            each row.

    Raises:
        ValueError: For another condition, and for class names beside one.
    """
    if condition is None:
        return ClassLabel(num_classes, class_names)
    if not isinstance(condition, Condition):
        raise ValueError(
            "`condition` must be a `keras_gans.modalities.MultiLabel` or "
            "`Attributes`; for one class for each image set `num_classes`. "
            f"Received: condition={condition!r}"
        )
    if class_names is not None:
        raise ValueError(
            "`class_names` are of the classes of `num_classes`: give the names "
            f"to the condition itself. Received: {condition.describe()}, "
            f"class_names={class_names}"
        )
    return condition


def as_modality(condition: Any) -> ClassLabel | Condition:
    """Returns a modality; a number stands for that many classes."""
    is_modality = isinstance(condition, (ClassLabel, Condition))
    return condition if is_modality else ClassLabel(condition)


def condition_input(condition: Any) -> Any:
    """Returns a network's input "labels" for a condition, a Keras tensor."""
    kind = as_modality(condition)
    return keras.Input(kind.shape, dtype=kind.dtype, name="labels")


def vector_length(condition: Any) -> int:
    """Returns the length of what `vectors` returns."""
    kind = as_modality(condition)
    return kind.num_classes if isinstance(kind, ClassLabel) else kind.shape[0]


def vectors(labels: Any, condition: Any) -> Any:
    """Returns the vectors (N, length) that stand for conditions.

    They are one-hot for a class, multi-hot for several labels, and attributes
    of mean 0 and variance 1.

    Args:
        labels: Conditions on the device, (N,) or (N, length).
        condition: Their modality, or a number of classes.
    """
    kind = as_modality(condition)
    if isinstance(kind, ClassLabel):
        return ops.one_hot(labels, kind.num_classes)
    if isinstance(kind, Attributes):
        # Not Keras's `Normalization`, whose numbers tf2onnx loses.
        mean, std = (np.array(v, "float32") for v in (kind.mean, kind.std))
        return (labels - mean) / std
    return labels


def embedded(
    labels: Any,
    condition: Any,
    dim: int,
    initializer: Any,
    embedding: Any = layers.Embedding,
    dense: Any = layers.Dense,
    **kwargs: Any,
) -> Any:
    """Maps conditions to vectors (N, dim) by a learned linear map.

    For a class it is an embedding. For vectors it is a dense layer without
    bias, so that several labels give the sum of their embeddings, and a single
    one gives the same as its class does.

    Args:
        labels: As in `vectors`.
        condition: As in `vectors`.
        dim: Length of the embeddings.
        initializer: Their initializer.
        embedding: The class of the layer for classes.
        dense: The class of the layer for vectors.
        **kwargs: Further arguments of either.
    """
    kind = as_modality(condition)
    if isinstance(kind, ClassLabel):
        return embedding(kind.num_classes, dim, initializer, **kwargs)(labels)
    return dense(dim, use_bias=False, kernel_initializer=initializer, **kwargs)(
        vectors(labels, kind)
    )
