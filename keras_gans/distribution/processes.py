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
    """Returns the number of this process, from 0, and of all processes."""
    return _backend.process()


def num_replicas() -> int:
    """Returns the number of devices, of all processes, that share a batch."""
    return _backend.num_replicas()


def predict(network: keras.Model, inputs: Any, batch_size: int) -> Any:
    """Calls a network in this process only, also in distributed training.

    Keras's `predict` needs every process, and batches that divide among all
    devices. On TensorFlow it can also take up to twice as long as its batches
    do, because it waits for the tuner of its data set.

    Args:
        network: A Functional model.
        inputs: Its inputs, arrays (n, ...), in the structure that it takes.
        batch_size: Rows at a time.

    Returns:
        Its outputs, arrays (n, ...), in the structure that it returns.
    """
    num = len(keras.tree.flatten(inputs)[0])
    size = min(batch_size, num)
    outputs = None
    for start in range(0, num, size):
        # All batches have one size, so that the network is compiled once: the
        # last one is filled up with the first rows.
        rows = np.arange(start, start + size) % num
        batch = keras.tree.map_structure(lambda x, r=rows: x[r], inputs)
        made = predict_on_batch(network, batch)
        if outputs is None:  # all of it at once, and no copy of it later
            outputs = keras.tree.map_structure(
                lambda part: np.empty((num, *part.shape[1:]), part.dtype), made
            )
        for whole, part in zip(
            keras.tree.flatten(outputs), keras.tree.flatten(made), strict=True
        ):
            whole[start : start + size] = part[: num - start]
    return outputs


def predict_on_batch(network: keras.Model, inputs: Any) -> Any:
    """Calls a network on one batch, in this process only.

    Args:
        network: A Functional model.
        inputs: Its inputs, arrays (n, ...), in the structure that it takes.

    Returns:
        Its outputs, arrays (n, ...), in the structure that it returns.
    """
    if num_replicas() == 1 and keras.backend.backend() != "jax":
        return network.predict_on_batch(inputs)
    return keras.tree.map_structure(
        keras.ops.convert_to_numpy, _backend.predict(network, inputs)
    )


def alone() -> contextlib.AbstractContextManager[None]:
    """Returns a context in which Keras computes in this process only.

    Keras makes variables when it saves. On JAX every new variable is compared
    with those of the other processes, which do not save and would not answer.
    """
    return _backend.alone()


def is_chief() -> bool:
    """Returns whether this is process 0, which writes files."""
    return process()[0] == 0


def gather(values: np.ndarray) -> np.ndarray:
    """Collects the values of all processes; each of them must call this.

    Args:
        values: An array of the same shape and type in every process.

    Returns:
        An array (processes, *values.shape) of the same type.
    """
    values = np.asarray(values)
    if process()[1] == 1:
        return values[None]
    # As bytes, since JAX has no float64 by default.
    flat = np.frombuffer(np.ascontiguousarray(values).tobytes(), "uint8")
    rows = np.asarray(_backend.gather(flat), "uint8")
    return np.stack(
        [
            np.frombuffer(row.tobytes(), values.dtype).reshape(values.shape)
            for row in rows
        ]
    )
