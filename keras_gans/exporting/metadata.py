"""What an export says of itself: its inputs, outputs and names of classes."""

import json
import zipfile
from pathlib import Path
from typing import Any

from keras_gans.engine.declarations import Part
from keras_gans.modalities import serialize

DECLARED = "generator.json"
"""The file that says what a generator takes and makes."""


def declared(part: Part) -> dict[str, Any]:
    """Returns what a network takes and makes, as JSON holds it.

    Args:
        part: The network with what it takes and makes.

    Returns:
        {"takes": ..., "makes": ...}, each with the values' modality
        (`class_name`, `config`), shape and type by name, in their order.
    """
    return {
        side: {
            name: {**serialize(m), "shape": list(m.shape), "dtype": m.dtype}
            for name, m in modalities.items()
        }
        for side, modalities in (("takes", part.takes), ("makes", part.makes))
    }


def write_metadata(path: Path, format: str, part: Part) -> None:
    """Adds what a network takes and makes, and the names of its classes.

    They are the file `generator.json`, and a file `<input>.txt` with a name
    on each line for each input that is a label with names. A SavedModel gets
    them in `assets.extra`, and OpenVINO in its folder. A LiteRT file gets
    them in a zip archive at its end, where LiteRT's metadata keeps associated
    files. An ONNX file gets the metadata properties "generator" (the JSON)
    and "class_names" (JSON of the names by input).

    Args:
        path: The export.
        format: Its format.
        part: The network with what it takes and makes.
    """
    text = json.dumps(declared(part))
    names = class_names(part)
    files = {DECLARED: text}
    files |= {f"{name}.txt": "\n".join(n) for name, n in names.items()}
    if format in ("tf_saved_model", "openvino"):
        folder = path / "assets.extra" if format == "tf_saved_model" else path
        folder.mkdir(exist_ok=True)  # warm-up requests may lie there
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    elif format == "litert":
        with zipfile.ZipFile(path, "a") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        import onnx

        model = onnx.load(path)
        properties = {"generator": text}
        if names:
            properties["class_names"] = json.dumps(names)
        onnx.helper.set_model_props(model, properties)
        onnx.save(model, path)


def class_names(part: Part) -> dict[str, list[str]]:
    """Returns the names of classes, by the input that is a label."""
    return {
        name: list(names)
        for name, m in part.takes.items()
        if (names := getattr(m, "names", None))
    }
