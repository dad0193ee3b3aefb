"""Errors of a disk, with the path of the export."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

CODES = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)


@contextlib.contextmanager
def naming_path(path: Path) -> Iterator[None]:
    """Names the export in errors of a disk that cannot be written.

    TensorFlow and the process that converts for other backends report a full
    disk in the text of errors of their own kinds.

    Args:
        path: The export.

    Raises:
        OSError: In place of an error of the disk.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        text = str(error)
        for code in CODES:
            if code == getattr(error, "errno", 0) or os.strerror(code) in text:
                raise OSError(
                    code,
                    f"The export {str(path)!r} could not be written; what was "
                    f"there before is whole. Received: {text}",
                ) from error
        raise
