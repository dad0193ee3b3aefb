"""Errors of a backend that say what is to be done about them."""

import contextlib
from collections.abc import Iterator

from keras_gans.distribution.processes import _backend, process

SIGNS = ("peer", "connection", "timed out", "timeout", "unhealthy", "crashed")
"""Words in the backends' errors where another process was lost."""

SECOND_STRATEGY = "Shape mismatch in the collective instance"
"""TensorFlow's error where a second strategy object has other shapes."""


@contextlib.contextmanager
def naming_the_lost() -> Iterator[None]:
    """Turns a backend's error into one that says what is to be done.

    Raises:
        ConnectionError: Where a process no longer answers.
        RuntimeError: Where a model was built under a second strategy object
            on TensorFlow.
    """
    try:
        yield
    except Exception as error:
        _backend.abandon()
        message = str(error)
        if SECOND_STRATEGY in message:
            raise RuntimeError(
                "On TensorFlow all models of a process must be built under "
                "one strategy object: keep your own, or take that of "
                "`keras_gans.distribution.start()`, which is the same each "
                "time. Start the process anew. "
                f"Received: {_line_of(message, SECOND_STRATEGY)}"
            ) from error
        told = [
            line.strip()
            for line in message.splitlines()
            if any(sign in line.lower() for sign in SIGNS)
        ]
        if process()[1] == 1 or not told:
            raise
        lost = ", ".join(map(str, _backend.lost(message))) or "unknown"
        raise ConnectionError(
            f"Of the {process()[1]} processes that train together, these no "
            f"longer answer: {lost}. Start all of them again; under "
            "`BackupAndRestore` training goes on from its last backup. "
            f"Received: {told[0][:300]}"
        ) from error


def _line_of(message: str, words: str) -> str:
    lines = message[message.index(words) :].splitlines()
    return lines[0].partition(" This is likely")[0]
