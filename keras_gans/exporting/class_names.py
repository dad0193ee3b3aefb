"""The names of classes, inside of an export."""

import json
import zipfile
from pathlib import Path


def write_class_names(
    path: Path, format: str, class_names: dict[str, list[str]]
) -> None:
    """Adds the names of classes to an export.

    A SavedModel gets a file `assets.extra/<input>.txt` with a name on each
    line. A LiteRT file gets the same file in a zip archive at its end, where
    LiteRT's metadata keeps associated files. An ONNX file gets the metadata
    property "class_names", JSON of the names by input.

    Args:
        path: The export.
        format: Its format.
        class_names: The names in the order of the classes, by input.
    """
    files = {f"{name}.txt": "\n".join(n) for name, n in class_names.items()}
    if not files:
        return
    if format == "tf_saved_model":
        folder = path / "assets.extra"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    elif format == "litert":
        with zipfile.ZipFile(path, "a") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        import onnx

        model = onnx.load(path)
        onnx.helper.set_model_props(
            model, {"class_names": json.dumps(class_names)}
        )
        onnx.save(model, path)
