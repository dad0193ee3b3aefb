"""A preset's folder: three files, which change together or not at all."""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

# KerasHub's names, and those inside of a `.keras` file.
CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
FILES = (CONFIG, METADATA, WEIGHTS)

COMMIT = ".preset-commit"


def sha256(data: bytes) -> str:
    """Returns the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_files(folder: Path) -> dict[str, bytes]:
    """Returns the contents of a preset's three files.

    Raises:
        FileNotFoundError: If one of them is missing.
    """
    finish_commit(folder)
    for name in FILES:
        if not (folder / name).is_file():
            raise FileNotFoundError(
                f"A preset is a folder with {', '.join(FILES)}, but there is "
                f"no {name}. Received: {folder}"
            )
    return {name: (folder / name).read_bytes() for name in FILES}


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replaces files of a folder, all of them or none.

    The new files are first written beside the old ones, where a full disk or
    a kill harms nothing. One rename then decides that they count; whoever
    comes next moves them to their places if this process could not. The
    folder's other files, such as a model card, stay.

    Args:
        folder: The folder, made where it is missing.
        files: The contents of each file, by name.

    Raises:
        OSError: If they cannot be written. The old files are as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder, prefix=".preset-draft-", ignore_cleanup_errors=True
    ) as draft:
        ready = Path(draft) / "ready"
        ready.mkdir()
        for name, data in files.items():
            with open(ready / name, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        while ready.exists():
            finish_commit(folder)
            try:
                os.rename(ready, folder / COMMIT)
            except OSError as error:  # another process was faster
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
    finish_commit(folder)


def finish_commit(folder: Path) -> None:
    """Moves decided files to their places; several processes may do so."""
    commit = folder / COMMIT
    with contextlib.suppress(FileNotFoundError):
        for path in sorted(commit.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                os.replace(path, folder / path.name)
    with contextlib.suppress(OSError):  # not there, or filled anew
        commit.rmdir()


def check_files(
    files: Mapping[str, bytes],
    origin: object,
    expected: Mapping[str, str] | None = None,
) -> None:
    """Holds a preset's files against their SHA-256.

    Args:
        files: The contents of each file, by name.
        origin: Where they come from, for the message.
        expected: The SHA-256 of every file from a source of its own, such as
            the index; else those of the preset's own metadata.

    Raises:
        ValueError: If one differs or has no SHA-256.
    """
    sums = expected or _sums_of(files[METADATA], origin)
    for name in FILES if expected else (CONFIG, WEIGHTS):
        found = sha256(files[name])
        if found != sums.get(name):
            raise ValueError(
                f"{name} of the preset is damaged or not the published one: "
                f"its SHA-256 is to be {sums.get(name)}, but it has "
                f"{len(files[name])} bytes with {found}. Received: {origin}"
            )


def _sums_of(metadata: bytes, origin: object) -> dict[str, str]:
    try:
        return dict(json.loads(metadata)["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{METADATA} of the preset is damaged, or not keras_gans's: it "
            f"is to be JSON with the files' SHA-256. Received: {origin}"
        ) from error
