"""The index of built-in presets, made from the zoo's folders."""

import json
import os
from pathlib import Path
from typing import Any

from keras_gans.files import atomic_path, sha256_of
from keras_gans.presets.folder import (
    CONFIG,
    METADATA,
    check_folder,
    files_of,
    read_json,
    write_files,
)

INDEX = Path(__file__).with_name("index.json")

EMBEDDED = Path(__file__).with_name("embedded")
"""The presets that ship in the package: copies of some of the zoo's."""

ZOO_URL = "https://raw.githubusercontent.com/keras-gans/keras-gans/main/zoo"
"""The URL below which the other built-in presets are, unless the environment
variable KERAS_GANS_ZOO gives another URL or a folder."""


def list_presets() -> dict[str, dict[str, Any]]:
    """Lists the built-in presets.

    Returns:
        For each preset's name its "class", "description", "parameter_count",
        "files" with their SHA-256, "sizes" of the files in bytes, and the
        "metadata" of its author.
    """
    return json.loads(INDEX.read_text("utf-8"))


def build_index(zoo: str | os.PathLike) -> dict[str, dict[str, Any]]:
    """Rewrites the index of built-in presets from the presets of a folder.

    The presets that ship in the package are copied anew too.

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
    for copy in EMBEDDED.iterdir():
        source = Path(zoo) / copy.name
        if copy.name in index:
            names = index[copy.name]["files"]
            write_files(copy, {n: (source / n).read_bytes() for n in names})
    with atomic_path(INDEX) as draft:
        draft.write_bytes((json.dumps(index, indent=2) + "\n").encode())
    return index


def _entry(folder: Path) -> dict[str, Any]:
    check_folder(folder, folder)
    about = read_json(folder / METADATA)
    names = files_of(about["sha256"])
    return {
        "class": read_json(folder / CONFIG)["class_name"],
        "description": about["metadata"].get("description", ""),
        "parameter_count": about["parameter_count"],
        "files": {name: sha256_of(folder / name) for name in names},
        "sizes": {name: (folder / name).stat().st_size for name in names},
        "metadata": about["metadata"],
    }
