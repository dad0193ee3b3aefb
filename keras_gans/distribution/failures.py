"""What to say where another process is gone."""

import contextlib
from collections.abc import Iterator

from keras_gans.distribution.processes import _backend, process

SIGNS = ("peer", "connection", "timed out", "timeout", "unhealthy", "crashed")
"""What backends say of a process that is gone."""


@contextlib.contextmanager
def naming_the_lost() -> Iterator[None]:
    """Turns a backend's error on a lost connection into one for users.

    Raises:
        ConnectionError: Says which process no longer answers.
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
