"""Rows of a batch that a discriminator judges together, as one."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from keras_gans import backend

NOT_DIVIDED = (
    "The discriminator judges {} rows together, which must divide every batch, "
    "the last of a data set too: `batch(..., drop_remainder=True)` of tf.data, "
    "`drop_last=True` of a DataLoader"
)


def joined_shape(shape: tuple[int, ...], together: int) -> tuple[int, ...]:
    """Returns the shape of several rows, joined along their last axis.

    A value without axes, such as a label, cannot be joined, and stays.
    """
    return (*shape[:-1], together * shape[-1]) if shape else shape


def joined(values: Mapping[str, Any], together: int) -> dict[str, Any]:
    """Joins every `together` rows that follow each other, along the last axis.

    Args:
        values: By name, tensors (N, ..., C).
        together: A number that divides N.

    Returns:
        By name, tensors (N / together, ..., together C).

    Raises:
        ValueError: For a number that does not divide N. A graph of TensorFlow
            that is for any N raises an InvalidArgumentError when it runs.
    """
    if together == 1:
        return {**values}
    return {name: _joined(x, together) for name, x in values.items()}


def _joined(x: Any, together: int) -> Any:
    words = NOT_DIVIDED.format(together)
    if x.shape[0] is None:  # a graph of TensorFlow, for any N
        x = backend.assert_divided(x, together, words)
    elif x.shape[0] % together:
        raise ValueError(f"{words}. Received: a batch of {x.shape[0]} rows")
    apart = ops.reshape(x, (-1, together, *x.shape[1:]))
    beside = ops.moveaxis(apart, 1, -2)
    return ops.reshape(beside, (-1, *joined_shape(x.shape[1:], together)))


def widened(network: keras.Model, together: int) -> keras.Model:
    """Returns a new network of the same layers, for rows that are joined."""
    inputs = [
        keras.Input(joined_shape(x.shape[1:], together), dtype=x.dtype)
        for x in network.inputs
    ]
    structure = getattr(network, "_inputs_struct", network.inputs[0])
    return keras.models.clone_model(
        network, input_tensors=keras.tree.pack_sequence_as(structure, inputs)
    )
