"""Files that are either the old ones or the new ones, never half of each."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike) -> Iterator[Path]:
    """Gives a path to write to, which replaces `path` once all went well.

    Whatever happens while it is written (a full disk, a kill, an exception),
    `path` holds either what it held before or all of the new contents.

    Args:
        path: The file to be; its folder is made where it is missing.

    Yields:
        A path of the same name in a temporary folder on the same disk.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=f".{path.name}-", ignore_cleanup_errors=True
    ) as folder:
        draft = Path(folder) / path.name
        yield draft
        with open(draft, "rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)
