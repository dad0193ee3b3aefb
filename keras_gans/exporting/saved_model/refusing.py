"""Refusals inside of a graph."""

from typing import Any

import tensorflow as tf


def refuse_unless(
    condition: Any, message: str, received: Any, value: Any
) -> Any:
    """Returns a tensor, or stops the graph with a message.

    Whatever is computed from the returned tensor waits for the condition.

    Args:
        condition: A tensor of booleans, which must all be true.
        message: What is wanted.
        received: The tensor to show in the error.
        value: The tensor to return.
    """
    check = tf.debugging.Assert(
        tf.reduce_all(condition), [f"{message} Received:", received], 8
    )
    with tf.control_dependencies([check]):
        return tf.identity(value)
