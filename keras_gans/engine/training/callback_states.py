"""The state of callbacks, kept with backups and restored at resume."""

import warnings
from typing import Any

import keras
import numpy as np

KEPT: dict[type, tuple[str, ...]] = {
    keras.callbacks.EarlyStopping: ("wait", "best", "best_epoch"),
    keras.callbacks.ReduceLROnPlateau: ("wait", "best", "cooldown_counter"),
    keras.callbacks.ModelCheckpoint: ("best",),
}
"""What Keras's own callbacks count, by class.

A callback of ours names it itself, in its attribute `resumed`.
"""


def states_of(callbacks: list[Any]) -> list[dict[str, Any]]:
    """Returns what callbacks have counted, as JSON has it.

    Args:
        callbacks: Those of a `fit`, in their order.
    """
    return [
        {
            "class": type(callback).__name__,
            **{name: _plain(getattr(callback, name)) for name in names},
        }
        for callback, names in _counting(callbacks)
    ]


def restore_states(callbacks: list[Any], states: list[dict[str, Any]]) -> None:
    """Sets what callbacks had counted, where the lists agree in their classes.

    It warns, by name, of callbacks that start anew in all or in part.

    Args:
        callbacks: Those of the `fit` that goes on.
        states: What `states_of` returned.
    """
    counting = _counting(callbacks)
    kinds = [type(callback).__name__ for callback, _ in counting]
    theirs = [state["class"] for state in states]
    if kinds != theirs:
        if kinds:
            warnings.warn(
                "The run goes on with other callbacks than the backup's, so "
                f"that what these have counted starts anew: {kinds}. The "
                f"backup's were {theirs}.",
                stacklevel=2,
            )
        return
    for (callback, names), state in zip(counting, states, strict=True):
        for name in names:
            setattr(callback, name, state[name])
        if getattr(callback, "restore_best_weights", False):
            warnings.warn(
                f"The best weights that {type(callback).__name__} has seen are "
                "not in the backup: `restore_best_weights` knows those of the "
                "epochs from here on. ModelCheckpoint(save_best_only=True) "
                "keeps the best in a file.",
                stacklevel=2,
            )


def _counting(callbacks: list[Any]) -> list[tuple[Any, tuple[str, ...]]]:
    found = []
    for callback in callbacks:
        names = getattr(callback, "resumed", ())
        for kind, kept in KEPT.items():
            if isinstance(callback, kind):
                names = kept
        if names:
            found.append((callback, names))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):  # a score that NumPy computed
        return value.item()
    return value if value is None else type(value)(value)
