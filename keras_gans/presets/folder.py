"""A preset's folder: its files, which change together or not at all."""

import contextlib
import errno
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keras_gans.files import draft_folder, sha256_of, unharmed
from keras_gans.presets.limits import JSON_BYTES, Limits

# KerasHub's names, and those inside of a `.keras` file.
CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
FILES = (CONFIG, METADATA, WEIGHTS)
VOCABULARY = "vocabulary.json"
"""The words of a preset that is told in words; others have none."""

COMMIT = ".preset-commit"


def read_json(path: Path, origin: object = None) -> dict[str, Any]:
    """Reads one of a preset's JSON files.

    Args:
        path: The file.
        origin: Where it comes from, for the message; None for the file.

    Raises:
        ValueError: If it is too large, damaged, or holds something else than
            an object.
    """
    origin = origin or path
    with open(path, "rb") as file:
        text = file.read(JSON_BYTES + 1)
    if len(text) > JSON_BYTES:
        raise ValueError(
            f"{path.name} of a preset must have at most {JSON_BYTES:,} bytes. "
            f"Received: {origin}"
        )
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"{path.name} of the preset is damaged: {error}. Received: {origin}"
        ) from error
    if not isinstance(content, dict):
        raise ValueError(
            f"{path.name} of the preset must hold a JSON object. "
            f"Received: {origin}, where it holds a {type(content).__name__}"
        )
    return content


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Gives an empty folder to fill, whose files replace those of a preset.

    The new files are first written beside the old ones, where a full disk or
    a kill harms nothing. One rename then decides that they count. If this
    process cannot move them to their places any more, the next process that
    uses the preset does. Other files of the folder, such as a model card,
    stay.

    Args:
        folder: The preset's folder, made where it is missing.

    Yields:
        The folder to fill with some of `FILES`, and `VOCABULARY`.

    Raises:
        OSError: If they cannot be written. The old files are as they were.
    """
    with unharmed(folder), draft_folder(folder, "preset") as draft:
        ready = draft / "ready"
        ready.mkdir()
        yield ready
        for path in ready.iterdir():
            with open(path, "rb") as file:
                os.fsync(file.fileno())
        while ready.exists():
            finish_commit(folder)
            try:
                os.rename(ready, folder / COMMIT)
            except OSError as error:  # another process was faster
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
    finish_commit(folder)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replaces files of a preset, all of them or none; see `replacing`."""
    with replacing(folder) as ready:
        for name, data in files.items():
            (ready / name).write_bytes(data)


def finish_commit(folder: Path) -> None:
    """Moves decided files to their places; several processes may do so.

    Raises:
        ValueError: If the folder of decided files is a symbolic link or holds
            what no save puts there.
    """
    commit = folder / COMMIT
    with contextlib.suppress(FileNotFoundError):
        _check_commit(commit, commit, stat.S_ISDIR)
        for path in sorted(commit.iterdir()):
            with contextlib.suppress(FileNotFoundError):
                _check_commit(commit, path, stat.S_ISREG)
                os.replace(path, folder / path.name)
    with contextlib.suppress(OSError):  # not there, or filled anew
        commit.rmdir()


def _check_commit(commit: Path, path: Path, is_right: Any) -> None:
    known = path == commit or path.name in (*FILES, VOCABULARY)
    if not known or not is_right(path.lstat().st_mode):
        raise ValueError(
            f"The preset's folder holds {COMMIT}, which is a symbolic link or "
            "holds other files than a save leaves there. Nothing was moved: "
            f"remove it. Received: {path}"
        )


def check_folder(
    folder: Path,
    origin: object,
    expected: Mapping[str, str] | None = None,
    sizes: Mapping[str, int] | None = None,
    limits: Limits | None = None,
) -> None:
    """Checks that a preset's files are there, small enough and undamaged.

    Args:
        folder: The preset's folder.
        origin: Where it comes from, for the message.
        expected: The SHA-256 of every file from a source of its own, such as
            the index; else those of the preset's own metadata.
        sizes: The number of bytes of every file, likewise.
        limits: What the preset may cost; None for the default.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file differs, or if they are too large.
    """
    finish_commit(folder)
    _check_there(folder, FILES, origin)
    sums = expected or sums_of(folder, origin)
    names = files_of(sums)
    _check_there(folder, names, origin)
    total = 0
    for name in names:
        size = (folder / name).stat().st_size
        total += size
        if sizes is not None and size != sizes.get(name):
            raise ValueError(
                f"{name} of the preset is damaged or not the published one: "
                f"it must have {sizes.get(name)} bytes. "
                f"Received: {origin}, where it has {size}"
            )
    (limits or Limits()).check_bytes(total, origin)
    for name in names:
        if name == METADATA and not expected:
            continue
        found = sha256_of(folder / name)
        if found != sums.get(name):
            raise ValueError(
                f"{name} of the preset is damaged or not the published one: "
                f"its SHA-256 must be {sums.get(name)}. "
                f"Received: {origin}, where it is {found}"
            )


def files_of(sums: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the names of a preset's files, by their SHA-256."""
    return (*FILES, VOCABULARY) if VOCABULARY in sums else FILES


def _check_there(folder: Path, names: tuple[str, ...], origin: object) -> None:
    for name in names:
        if not (folder / name).is_file():
            raise FileNotFoundError(
                f"A preset is a folder with {', '.join(names)}, but there is "
                f"no {name}. Received: {origin}"
            )


def sums_of(folder: Path, origin: object) -> dict[str, str]:
    """Returns the SHA-256 of a preset's files, by its own metadata.

    Raises:
        ValueError: If the metadata are damaged.
    """
    sums = read_json(folder / METADATA, origin).get("sha256")
    if not isinstance(sums, dict):
        raise ValueError(
            f"{METADATA} of the preset is damaged, or not of keras_gans: it "
            f"must hold the SHA-256 of the files. Received: {origin}"
        )
    return sums
