"""The processes that train together, once `start` has connected them."""

import contextlib
import importlib
from typing import Any

import keras
import numpy as np

_backend = importlib.import_module(
    f"keras_gans.backend.{keras.backend.backend()}.devices"
)


def process() -> tuple[int, int]:
    """Returns which process this is, from 0, and how many there are."""
    return _backend.process()


def num_replicas() -> int:
    """Returns how many devices, of all processes, share each batch."""
    return _backend.num_replicas()


def predict(network: keras.Model, inputs: Any, batch_size: int) -> Any:
    """Calls a network in this process alone, whatever trains it.

    Keras's `predict` needs every process, and batches that all devices can
    share; and on TensorFlow it ends up to twice as late as its last batch,
    since the tuner of its data set is waited for.

    Args:
        network: A Functional model.
        inputs: Its inputs, arrays (n, ...), nested as it takes them.
        batch_size: Rows at a time.

    Returns:
        Its outputs, arrays (n, ...), nested as it gives them.
    """
    num = len(keras.tree.flatten(inputs)[0])
    size = min(batch_size, num)
    outputs = []
    for start in range(0, num, size):
        # All of one size, for which the network is compiled once: the last
        # one is filled up with the first rows.
        rows = np.arange(start, start + size) % num
        batch = keras.tree.map_structure(lambda x, r=rows: x[r], inputs)
        outputs.append(predict_on_batch(network, batch))
    return keras.tree.map_structure(
        lambda *parts: np.concatenate(parts)[:num], *outputs
    )


def predict_on_batch(network: keras.Model, inputs: Any) -> Any:
    """Calls a network on one batch, in this process alone.

    Args:
        network: A Functional model.
        inputs: Its inputs, arrays (n, ...), nested as it takes them.

    Returns:
        Its outputs, arrays (n, ...), nested as it gives them.
    """
    if num_replicas() == 1:
        return network.predict_on_batch(inputs)
    return keras.tree.map_structure(
        keras.ops.convert_to_numpy, _backend.predict(network, inputs)
    )


def alone() -> contextlib.AbstractContextManager[None]:
    """Returns a context in which Keras computes in this process by itself.

    On JAX each variable that is made is otherwise compared with those of the
    other processes, which do not make it: Keras makes some when it saves.
    """
    return _backend.alone()


def is_chief() -> bool:
    """Returns whether this process is the one that writes files."""
    return process()[0] == 0


def gather(values: np.ndarray) -> np.ndarray:
    """Gives every process what all have; each must call it.

    Args:
        values: An array, of the same shape and type in every process.

    Returns:
        An array (processes, *values.shape) of the same type.
    """
    values = np.asarray(values)
    if process()[1] == 1:
        return values[None]
    # As bytes: JAX by itself knows no float64.
    flat = np.frombuffer(np.ascontiguousarray(values).tobytes(), "uint8")
    rows = np.asarray(_backend.gather(flat), "uint8")
    return np.stack(
        [
            np.frombuffer(row.tobytes(), values.dtype).reshape(values.shape)
            for row in rows
        ]
    )
