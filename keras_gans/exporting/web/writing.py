"""The folder of a page: the page, the generator beside it, and its runtime."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.engine.declarations import Part
from keras_gans.modalities import (
    Attributes,
    ClassLabel,
    HashedLatents,
    Image,
    Latents,
    Mask,
    Modality,
    MultiLabel,
    Text,
    Truncation,
)

KINDS = {
    Latents: "latents",
    ClassLabel: "classes",
    Text: "words",
    Truncation: "truncation",
    MultiLabel: "vector",
    Attributes: "vector",
    Image: "picture",
    Mask: "mask",
}
"""The control of page.js for each kind of data."""

RUNTIME = (
    "ort.wasm.min.js",
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
)
"""What ONNX Runtime Web needs to run on a CPU, 14 MB."""


def find_runtime(folder: Any = None) -> Path:
    """Returns the folder that holds ONNX Runtime Web's files.

    Args:
        folder: The npm package onnxruntime-web, or its `dist`. None looks for
            `node_modules` here and in the folders above.

    Raises:
        ValueError: Where they are not, with the line that brings them.
    """
    package = "node_modules/onnxruntime-web"
    here = Path.cwd()
    looked = (
        [here / package, *(above / package for above in here.parents)]
        if folder is None
        else [Path(folder), Path(folder) / package]
    )
    for place in [p for each in looked for p in (each / "dist", each)]:
        if all((place / name).is_file() for name in RUNTIME):
            return place
    raise ValueError(
        "A page needs ONNX Runtime Web, which comes with npm and not with "
        "pip: `npm install onnxruntime-web@1.30`, then export from the same "
        "folder, or say where it is: `web_runtime=` (`--web-runtime`). "
        f"Received: web_runtime={folder!r}, no {', '.join(RUNTIME)}"
    )


PARTS = ("mapping", "synthesis")
"""The networks with which the page mixes styles, beside the generator."""


def thirds(num_layers: int) -> dict[str, list[int]]:
    """Returns the layers of coarse, middle and fine styles."""
    names = ("coarse", "middle", "fine")
    layers = np.array_split(np.arange(num_layers), 3)
    return {n: x.tolist() for n, x in zip(names, layers, strict=True)}


def described(part: Part, title: str) -> dict[str, Any]:
    """Returns what page.js reads: a control for each input.

    Raises:
        ValueError: For what is taken and has no control, and where no image
            that a page can show is made.
    """
    images = [
        name
        for name, m in part.makes.items()
        if isinstance(m, Image) and m.shape[-1] in (1, 3, 4)
    ]
    strange = {n: m for n, m in part.takes.items() if _kind(m) is None}
    if strange or not images:
        raise ValueError(
            "A page is for generators of images with 1, 3 or 4 channels, from "
            "latents, classes, words, conditions or pictures. Received: "
            f"{dict(part.takes)} to {dict(part.makes)}"
        )
    takes = [
        {
            **_config(m),
            "name": name,
            "kind": _kind(m),
            "shape": m.shape,
            "truncates": "truncation" in m.options,
            "hashed": isinstance(m, HashedLatents),
            **_ranges(m),
        }
        for name, m in part.takes.items()
    ]
    # A mask is drawn on a picture.
    takes.sort(key=lambda taken: taken["kind"] == "mask")
    return {"title": title, "takes": takes, "makes": images[0]}


def _kind(modality: Modality) -> str | None:
    return next((k for c, k in KINDS.items() if isinstance(modality, c)), None)


def _config(modality: Modality) -> dict[str, Any]:
    """Returns a modality's arguments; words are in a file of their own."""
    config = modality.get_config()
    config.pop("vocabulary", None)
    return config


def _ranges(modality: Modality) -> dict[str, Any]:
    """Returns the least, first and greatest value of each slider."""
    values: list[Any]
    if isinstance(modality, MultiLabel):
        values = [0.0, 0.0, 1.0, 1.0]
    elif isinstance(modality, Attributes):
        mean, std = np.asarray(modality.mean), np.asarray(modality.std)
        values = [mean - 3 * std, mean, mean + 3 * std, std / 50]
    else:
        return {}
    names = ("low", "start", "high", "step")
    return {
        name: np.broadcast_to(value, modality.shape).tolist()
        for name, value in zip(names, values, strict=True)
    }


def write_page(
    folder: Path,
    part: Part,
    title: str,
    web_runtime: Any = None,
    num_styles: int = 0,
) -> None:
    """Writes all of a page but its .onnx files.

    Args:
        folder: The folder, which is made.
        part: The network with what it takes and makes.
        title: The title of the page.
        web_runtime: As in `find_runtime`.
        num_styles: Number of layers whose styles can be mixed.

    Raises:
        ValueError: As `find_runtime` and `described`.
    """
    found = find_runtime(web_runtime)
    about = described(part, title)
    if num_styles:
        about["mixing"] = thirds(num_styles)
    text = json.dumps(about)
    (folder / "ort").mkdir(parents=True)
    for name in RUNTIME:
        # Not all web servers know the ending of a module.
        to = folder / "ort" / name.replace(".mjs", ".js")
        shutil.copyfile(found / name, to)
    for name in ("index.html", "page.js"):
        shutil.copyfile(Path(__file__).with_name(name), folder / name)
    (folder / "page.json").write_text(text, encoding="utf-8")
