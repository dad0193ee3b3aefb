"""Checks of arguments that several callbacks take."""

import os
import tempfile
from pathlib import Path
from typing import Any


def check_labels(labels: Any, num: int) -> None:
    """Refuses another number of labels than samples.

    Raises:
        ValueError: For such.
    """
    if labels is not None and len(labels) != num:
        raise ValueError(
            "`labels` must hold one label for each sample. "
            f"Received: {len(labels)} labels for {num} samples"
        )


def check_folder(folder: str | os.PathLike) -> None:
    """Makes a folder where it is missing, and writes to it.

    Raises:
        OSError: If that fails.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError as error:
        raise OSError(
            f"The folder cannot be written to ({error.strerror}). "
            f"Received: {folder}"
        ) from error
