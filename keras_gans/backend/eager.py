"""What TensorFlow and PyTorch share, whose steps compute at once."""

from collections.abc import Callable
from typing import Any

import keras


def whole_steps(model: Any, train_function: Callable) -> Callable:
    """Returns the train function: variables hold the state all the time."""
    return train_function


def untaken(model: Any, step: Callable) -> Callable:
    """Returns `step` as a function that leaves all state as it was."""

    def step_in_scope(data: Any) -> Any:
        with keras.StatelessScope():
            return step(data)

    return step_in_scope
