"""The arguments of `export`, and their checks."""

import difflib
import importlib.util
import numbers
from pathlib import Path
from typing import Any, NamedTuple


class Format(NamedTuple):
    """A format: its suffix, its extra, its writing packages, its runtime."""

    suffix: str
    extra: str
    writers: tuple[str, ...]
    runtime: str


FORMATS = {
    "tf_saved_model": Format("", "", ("tensorflow",), "tensorflow"),
    "litert": Format(".tflite", "", ("tensorflow",), "ai_edge_litert"),
    "onnx": Format(
        ".onnx", "onnx", ("tensorflow", "tf2onnx", "onnx"), "onnxruntime"
    ),
    # A folder of two files, the graph and its weights.
    "openvino": Format("", "openvino", ("tensorflow", "openvino"), "openvino"),
    # A page beside an ONNX file.
    "web": Format("", "onnx", ("tensorflow", "tf2onnx", "onnx"), "onnxruntime"),
}

QUANTIZED = ("float16", "dynamic_int8", "int8")
"""What `quantize` can be with LiteRT."""

CONTENT = {
    "tf_saved_model": "saved_model.pb",
    "openvino": "generator.xml",
    "web": "page.json",
}
"""A file that the folder of an export holds."""


def check_arguments(
    path: Path,
    format: str,
    batch_size: int | None,
    verify: bool,
    quantize: str | None,
    examples: Any = None,
) -> None:
    """Checks the arguments of `export`, before any work is done.

    Raises:
        ValueError: For arguments that no export can have.
        ImportError: For packages that are missing.
    """
    if format not in FORMATS:
        close = difflib.get_close_matches(str(format), FORMATS, 2, 0.4)
        hint = f" Did you mean {' or '.join(map(repr, close))}?" * bool(close)
        raise ValueError(
            f"`format` is one of {list(FORMATS)}.{hint} Received: {format!r}"
        )
    if batch_size is not None and (
        not isinstance(batch_size, numbers.Integral) or batch_size < 1
    ):
        raise ValueError(
            "`batch_size` is a whole number of at least 1, or None for any. "
            f"Received: {batch_size!r}"
        )
    if quantize and (quantize not in QUANTIZED or format != "litert"):
        raise ValueError(
            f"`quantize` is None, or one of {QUANTIZED} with format='litert'. "
            f"Received: quantize={quantize!r}, format={format!r}"
        )
    if examples is not None and quantize != "int8":
        raise ValueError(
            "`examples` show ranges to quantize='int8' and to nothing else. "
            f"Received: quantize={quantize!r}"
        )
    _check_path(path, format)
    chosen = FORMATS[format]
    wanted = {*chosen.writers, *([chosen.runtime] if verify else [])}
    quantizes = quantize in ("dynamic_int8", "int8")
    wanted |= {"ai_edge_quantizer"} if quantizes else set()
    missing = [p for p in sorted(wanted) if not importlib.util.find_spec(p)]
    if missing:
        name = "litert" if "ai_edge_quantizer" in missing else chosen.extra
        extra = f"[{name}]" if name and missing != ["tensorflow"] else ""
        raise ImportError(
            f"The format {format!r} needs packages that are not installed: "
            f'pip install "keras-gans{extra}". Received: no {missing}'
        )


def _check_path(path: Path, format: str) -> None:
    suffix = FORMATS[format].suffix
    if suffix:
        if path.suffix != suffix or path.is_dir():
            raise ValueError(
                f"The format {format!r} is a file whose name ends in "
                f"{suffix!r}. Received: path={str(path)!r}"
            )
        return
    files: Any = {".tflite", ".onnx", ".keras", ".h5", ".pb"}
    if path.suffix in files or path.is_file():
        raise ValueError(
            f"The format {format!r} is a folder. Received: path={str(path)!r}"
        )
    # A folder is replaced as a whole, so it must hold nothing else.
    entries = {p.name for p in path.iterdir()} if path.is_dir() else set()
    if entries and CONTENT[format] not in entries:
        raise ValueError(
            "An export replaces its folder, which must be new, empty or an "
            f"older export. Received: path={str(path)!r}"
        )
