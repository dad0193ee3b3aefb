"""The index of a folder of packed images: what is in which shard."""

import hashlib
import json
from pathlib import Path
from typing import Any

from keras_gans.files import atomic_path

INDEX = "pack.json"
LABELS = "labels.npy"
FORMAT = "keras_gans.pack"
VERSION = 1


def is_pack(folder: Path) -> bool:
    """Whether a folder holds packed images, be they whole or not."""
    return (folder / INDEX).is_file()


def read_index(folder: Path) -> dict[str, Any]:
    """Reads the index of a folder of packed images.

    Args:
        folder: The folder.

    Returns:
        The index, as `write_index` took it.

    Raises:
        ValueError: Where it is missing, damaged, or of another version.
    """
    path = folder / INDEX
    if not is_pack(folder):
        raise ValueError(
            f"A folder of packed images has a {INDEX}. Received: {folder}"
        )
    try:
        index = json.loads(path.read_text("utf-8"))
        found = index["format"], index["version"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            "The index of these packed images is damaged: pack them again, "
            f"into a new folder. Received: {path} ({error!r})"
        ) from error
    if found != (FORMAT, VERSION):
        raise ValueError(
            f"This version of keras_gans reads {FORMAT} of version {VERSION}. "
            f"Received: {path} with {found[0]} of version {found[1]}"
        )
    return index


def write_index(folder: Path, index: dict[str, Any]) -> None:
    """Writes the index, all of it or nothing.

    Args:
        folder: The folder.
        index: What describes the images, `complete`, and the `shards`, each
            with its `file`, `num_images`, `bytes` and `sha256`.
    """
    index = {**index, "format": FORMAT, "version": VERSION}
    with atomic_path(folder / INDEX) as draft:
        draft.write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def describe_file(path: Path, name: str) -> dict[str, Any]:
    """Returns the `file` (its name), `bytes` and `sha256` of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return {
        "file": name,
        "bytes": path.stat().st_size,
        "sha256": digest.hexdigest(),
    }


def find_fault(
    folder: Path, entry: dict[str, Any], verify: bool = False
) -> str | None:
    """Says what is wrong with a file that the index lists.

    Args:
        folder: Where the file lies.
        entry: Its `file`, `bytes` and `sha256`.
        verify: Whether to read all of it and compare the checksums, and not
            only the sizes.

    Returns:
        What is wrong with it; None where nothing is.
    """
    path = folder / entry["file"]
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    if size != entry["bytes"]:
        return f"has {size} bytes instead of {entry['bytes']}"
    if verify and describe_file(path, "")["sha256"] != entry["sha256"]:
        return "has another SHA-256 than the index"
    return None
