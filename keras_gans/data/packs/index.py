"""The index of a pack: its files, and the rows in each."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.files import atomic_path, sha256_of
from keras_gans.modalities import deserialize

INDEX = "pack.json"
LABELS = "labels.npy"
FORMAT = "keras_gans.pack"
IMAGES, ROWS = 1, 2
"""Versions of the format: of images with labels, and of rows of any kind."""

ENCODINGS = ("raw", "png", "original")
SHARD = re.compile(r"(images|rows)-\d{5,}\.array_record")


def is_pack(folder: Path) -> bool:
    """Returns whether a folder holds a pack, whole or not."""
    return (folder / INDEX).is_file()


def count_key(version: int) -> str:
    """Returns the name of the number of rows in an index."""
    return "num_images" if version == IMAGES else "num_rows"


def read_index(folder: Path) -> dict[str, Any]:
    """Reads and checks the index of a pack.

    Args:
        folder: The folder.

    Returns:
        The index, as it was given to `write_index`.

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
        if found[0] == FORMAT and found[1] in (IMAGES, ROWS):
            _check(index)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(
            "The index of this pack is damaged: pack again, into a new "
            f"folder. Received: {path} ({type(error).__name__}: {error})"
        ) from error
    if found[0] != FORMAT or found[1] not in (IMAGES, ROWS):
        raise ValueError(
            f"This version of keras_gans reads {FORMAT} of the versions "
            f"{IMAGES} and {ROWS}. "
            f"Received: {path} with {found[0]} of version {found[1]}"
        )
    return index


def _check(index: dict[str, Any]) -> None:
    """Raises an error of some kind where an index is not as it was written."""
    version = index["version"]
    counts = [index[count_key(version)]]
    for shard in index["shards"]:
        if not SHARD.fullmatch(shard["file"]):
            raise ValueError(f"a shard is called {shard['file']!r}")
        counts += [shard[count_key(version)], shard["bytes"]]
        _check_type(shard["sha256"], str)
    _check_type(index["name"], str)
    _check_type(index["complete"], bool)
    if version == IMAGES:
        counts += index["image_shape"]
        if len(index["image_shape"]) != 3:
            raise ValueError(f"the image shape is {index['image_shape']}")
        if index["encoding"] not in ENCODINGS:
            raise ValueError(f"the encoding is {index['encoding']!r}")
        if labels := index["labels"]:
            if labels["file"] != LABELS:
                raise ValueError(f"the labels' file is {labels['file']!r}")
            counts += [labels["bytes"]]
            _check_type(labels["sha256"], str)
        for name in index["class_names"] or []:
            _check_type(name, str)
    else:
        counts += [record_type(index["columns"]).itemsize]
        for column in index["columns"]:
            modality = deserialize(column["modality"])
            if np.dtype(column["dtype"]).kind not in "biuf":
                raise ValueError(f"values are of type {column['dtype']!r}")
            if modality.shape != tuple(column["shape"]):
                raise ValueError(f"{modality} has values of {column['shape']}")
    for count in counts:
        _check_type(count, int)
        if count < 1:
            raise ValueError(f"a number is {count}")
    held = sum(shard[count_key(version)] for shard in index["shards"])
    if index["complete"] and held != counts[0]:
        raise ValueError(f"the shards hold {held} of {counts[0]} rows")


def _check_type(value: Any, kind: type) -> None:
    if type(value) is not kind:
        raise TypeError(f"{value!r} stands where a {kind.__name__} should")


def record_type(columns: list[dict[str, Any]]) -> np.dtype:
    """Returns the type of a record: the values of a row, one after the other.

    Args:
        columns: The `name`, `dtype` and `shape` of the values of each name.
    """
    return np.dtype(
        [(c["name"], c["dtype"], tuple(c["shape"])) for c in columns]
    )


def write_index(folder: Path, index: dict[str, Any]) -> None:
    """Writes the index, all of it or nothing.

    Args:
        folder: The folder.
        index: The description of the rows, `version`, `complete`, and the
            `shards`, each with its `file`, number of rows, `bytes` and
            `sha256`.
    """
    index = {**index, "format": FORMAT}
    with atomic_path(folder / INDEX) as draft:
        draft.write_text(json.dumps(index, indent=1) + "\n", "utf-8")


def describe_file(path: Path, name: str) -> dict[str, Any]:
    """Returns the `file` (its name), `bytes` and `sha256` of a file."""
    return {
        "file": name,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
    }


def find_fault(
    folder: Path, entry: dict[str, Any], verify: bool = False
) -> str | None:
    """Returns the fault of a file that the index lists.

    Args:
        folder: The folder of the file.
        entry: Its `file`, `bytes` and `sha256`.
        verify: Whether to read all of it and compare the checksums, and not
            only the sizes.

    Returns:
        The fault, in words; None where there is none.
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
