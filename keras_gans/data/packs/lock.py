"""A lock on a folder that is packed into."""

import contextlib
from pathlib import Path

from keras_gans import files

LOCK = ".pack.lock"


def locked(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Keeps a folder to one process.

    Args:
        folder: The folder, which is made where it is missing.

    Raises:
        OSError: Where another process has the folder.
    """
    return files.locked(
        folder / LOCK,
        lambda process: (
            "Another process is packing into this folder: wait for it, or "
            f"choose another folder. Received: {folder}"
        ),
    )
