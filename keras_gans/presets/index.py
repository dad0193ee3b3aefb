"""The index of built-in presets, made from the zoo's folders."""

import json
import os
from pathlib import Path
from typing import Any

from keras_gans.files import atomic_path
from keras_gans.presets.folder import (
    CONFIG,
    METADATA,
    check_files,
    read_files,
    sha256,
)

INDEX = Path(__file__).with_name("index.json")

ZOO_URL = "https://raw.githubusercontent.com/keras-gans/keras-gans/main/zoo"
"""Where built-in presets are fetched from, unless $KERAS_GANS_ZOO says so."""


def list_presets() -> dict[str, dict[str, Any]]:
    """Lists the built-in presets.

    Returns:
        For each preset's name its "class", "description", "parameter_count",
        "files" with their SHA-256, and the "metadata" of its author.
    """
    return json.loads(INDEX.read_text("utf-8"))


def build_index(zoo: str | os.PathLike) -> dict[str, dict[str, Any]]:
    """Rewrites the index of built-in presets from the presets of a folder.

    Args:
        zoo: A folder of presets; those of its folders that hold no
            `metadata.json` are passed over.

    Returns:
        The index, as in `list_presets`.

    Raises:
        ValueError: If a preset is damaged.
        FileNotFoundError: If a preset misses files.
    """
    index = {
        path.parent.name: _entry(path.parent)
        for path in sorted(Path(zoo).glob(f"*/{METADATA}"))
    }
    with atomic_path(INDEX) as draft:
        draft.write_bytes((json.dumps(index, indent=2) + "\n").encode())
    return index


def _entry(folder: Path) -> dict[str, Any]:
    files = read_files(folder)
    check_files(files, folder)
    about = json.loads(files[METADATA])
    return {
        "class": json.loads(files[CONFIG])["class_name"],
        "description": about["metadata"].get("description", ""),
        "parameter_count": about["parameter_count"],
        "files": {name: sha256(data) for name, data in files.items()},
        "metadata": about["metadata"],
    }
