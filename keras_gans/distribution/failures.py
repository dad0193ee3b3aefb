"""Errors that say which process was lost."""

import contextlib
from collections.abc import Iterator

from keras_gans.distribution.processes import _backend, process

SIGNS = ("peer", "connection", "timed out", "timeout", "unhealthy", "crashed")
"""Words in the backends' errors where another process was lost."""


@contextlib.contextmanager
def naming_the_lost() -> Iterator[None]:
    """Turns a backend's error about a lost process into one that names it.

    Raises:
        ConnectionError: Where a process no longer answers.
    """
    try:
        yield
    except Exception as error:
        _backend.abandon()
        message = str(error)
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
