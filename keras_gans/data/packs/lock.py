"""A lock on a folder."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

LOCK = ".pack.lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps a folder to one process, by a lock on a file in it.

    The lock ends with the process, also where it is killed.
    Systems without `fcntl` (Windows) have no lock.

    Args:
        folder: The folder, which is made where it is missing.

    Raises:
        OSError: Where another process has the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:
        yield
        return
    path = folder / LOCK
    with open(path, "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had the lock may have removed the file in between.
            if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                raise BlockingIOError
        except (BlockingIOError, FileNotFoundError) as error:
            raise OSError(
                "Another process is packing into this folder: wait for it, or "
                f"choose another folder. Received: {folder}"
            ) from error
        try:
            yield
        finally:
            path.unlink()
