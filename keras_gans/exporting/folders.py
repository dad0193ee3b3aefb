"""Replacing a file or a folder as a whole."""

import os
from pathlib import Path


def replace(draft: Path, path: Path) -> None:
    """Moves a finished file or folder over an older one.

    Args:
        draft: The new file or folder, in a folder of its own on the same
            disk.
        path: The path to replace. A file is replaced in one step; an old
            folder is moved away first, and back if the move fails.
    """
    for file in [draft, *draft.rglob("*")]:
        if file.is_file():
            with open(file, "rb") as written:
                os.fsync(written.fileno())
    if not path.is_dir():
        os.replace(draft, path)
        return
    old = draft.with_name("old")
    os.rename(path, old)
    try:
        os.rename(draft, path)
    except OSError:
        os.rename(old, path)
        raise
