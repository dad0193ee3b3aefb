"""Folders that are replaced as a whole."""

import os
from pathlib import Path


def replace(draft: Path, path: Path) -> None:
    """Moves a finished file or folder over an older one.

    Args:
        draft: What was written, in a folder of its own on the same disk.
        path: Where it is to be. Of files one or the other is there at every
            moment; of folders the old one is put back if the move fails.
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
