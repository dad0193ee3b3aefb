"""Export of generators to TensorFlow Serving, phones and browsers."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keras_gans.engine.declarations import Part
from keras_gans.exporting.arguments import FORMATS, check_arguments
from keras_gans.exporting.conversion import convert
from keras_gans.exporting.disks import naming_path
from keras_gans.exporting.folders import replace
from keras_gans.exporting.metadata import write_metadata
from keras_gans.exporting.parity import compare
from keras_gans.exporting.quantizing import draw_examples, quantize_file
from keras_gans.exporting.report import ExportReport
from keras_gans.exporting.signature import Signature, named_copy
from keras_gans.exporting.web import PARTS, write_page
from keras_gans.exporting.words import write_words

__all__ = ["FORMATS", "ExportReport", "export"]


def export(
    gan: Any,
    path: str | os.PathLike,
    format: str = "tf_saved_model",
    batch_size: int | None = None,
    verify: bool = True,
    quantize: str | None = None,
    part: str | None = None,
    web_runtime: str | os.PathLike | None = None,
    examples: Mapping[str, Any] | None = None,
) -> ExportReport:
    """Writes a GAN's generator, and runs it where its users will run it.

    What is written is `gan.inference_generator` in float32. Its inputs have
    the names of `gan.takes` ("latents", "labels", ...) and its outputs those
    of `gan.makes` ("images", ...); all values are those that networks see,
    for instance images (N, H, W, C) in [-1, 1]. What they are and the names
    of classes are written along: to `assets.extra` of a SavedModel, to a zip
    archive at the end of a LiteRT file, to the metadata of an ONNX file, to
    OpenVINO's folder. A label out of range is an error of a SavedModel, and
    makes NaN elsewhere, where graphs cannot raise. Words are strings in a
    SavedModel; other formats take their ids, and `vocabulary.json` and
    tokenizers in Python and JavaScript lie in their folder, or in one beside a
    LiteRT or ONNX file that ends in `.words`. Conversion needs TensorFlow; on
    other backends it happens in a process of its own.

    Args:
        gan: A GAN of this package.
        path: A folder for "tf_saved_model", "openvino" and "web"; a file that
            ends in ".tflite" for "litert" and in ".onnx" for "onnx". What is
            there is replaced only once the new export is complete and, with
            `verify`, was checked.
        format: "tf_saved_model" for TensorFlow Serving, "litert" for phones,
            "onnx" for ONNX Runtime, "openvino" for OpenVINO, or "web" for a
            page that runs an ONNX file in a browser.
        batch_size: Rows at a time, at least 1; None to leave it open.
        verify: Whether to run the export through its own runtime (TensorFlow's
            loader in a process without Keras, LiteRT, onnxruntime, OpenVINO)
            and to compare its outputs with those of Keras.
        quantize: For LiteRT. "float16" halves the file: weights are rounded
            to float16, arithmetic stays float32. "dynamic_int8" quarters it:
            weights are int8, and dense layers and convolutions quantize
            their inputs as they come. "int8" computes in int8, with ranges
            that examples give; it is the fastest and the least exact. Inputs
            and outputs are float32 in all of them. None keeps float32.
        part: A name of `gan.parts`, to write this network in place of the
            whole generator, with the names of what it takes and makes itself:
            for instance "mapping" of a `StyleGAN2`.
        web_runtime: For "web", the folder of the npm package onnxruntime-web,
            of which three files are copied. None looks for `node_modules`
            here and in the folders above.
        examples: For "int8", rows (N, ...) by the names of what the network
            takes, as `generate` takes them: for instance a hundred
            photographs for an image-to-image generator. What is not given is
            drawn, the same each time.

    Returns:
        A report with the largest difference between the runtime's outputs and
        those of Keras.

    Raises:
        ValueError: For an unknown format or part, a wrong suffix, a folder
            that holds something else, for layers that cannot be copied,
            where "int8" needs examples that cannot be drawn, and where a page
            cannot show the inputs or finds no runtime.
        ImportError: For a package that the format needs and that is missing,
            with the line that installs it.
        OSError: For a disk that is full or cannot be written, with the path.
        RuntimeError: If conversion fails, or its outputs are clearly not
            those of Keras.
    """
    path = Path(path)
    check_arguments(path, format, batch_size, verify, quantize, examples)
    chosen = gan.part(part)
    rows = None
    if quantize == "int8":
        rows = draw_examples(chosen, examples, batch_size)
    is_int8 = quantize in ("dynamic_int8", "int8")
    # Twice as fast as a transposed convolution in LiteRT, and up to 1.5
    # times in ONNX Runtime (tests/benchmarks/subpixel_export.py).
    is_file = format != "tf_saved_model"
    generator = named_copy(
        chosen, is_file, is_file, format != "litert", folds=is_file
    )
    signature = Signature(chosen, generator, batch_size)
    difference = None
    with naming_path(path), _draft_of(path) as draft:
        target, kind = draft, format
        if format == "web":
            target, kind = draft / "generator.onnx", "onnx"
            _write_page(gan, part, draft, web_runtime, batch_size, verify)
        convert(generator, chosen, target, kind, batch_size, quantize)
        if is_int8:
            quantize_file(target, rows)
        write_metadata(target, kind, chosen)
        if format in ("web", "openvino"):
            write_words(draft, chosen.takes)
        if verify:
            reference = named_copy(chosen)
            difference = compare(target, kind, reference, signature, is_int8)
        replace(draft, path)
        if format in ("litert", "onnx"):
            write_words(path.with_suffix(".words"), chosen.takes)
    files = [path, *path.rglob("*")]
    return ExportReport(
        path=str(path),
        format=format,
        bytes=sum(f.stat().st_size for f in files if f.is_file()),
        max_difference=difference and difference.largest,
        mean_difference=difference and difference.mean,
        runtime=difference and difference.runtime,
        inputs=signature.inputs,
        outputs=signature.outputs,
        class_names=signature.class_names,
    )


def _write_page(
    gan: Any,
    part: str | None,
    draft: Path,
    runtime: str | os.PathLike | None,
    batch_size: int | None,
    verify: bool,
) -> None:
    """Writes a page, and the networks with which it mixes styles."""
    mixed = {}
    if part is None and set(PARTS) <= set(gan.parts):
        mixed = {name: gan.part(name) for name in PARTS}
    layers = mixed["mapping"].makes["styles"].shape[0] if mixed else 0
    write_page(draft, gan.part(part), type(gan).__name__, runtime, layers)
    for name, network in mixed.items():
        file = draft / f"{name}.onnx"
        _write_network(network, file, batch_size, verify)


def _write_network(
    network: Part, file: Path, batch_size: int | None, verify: bool
) -> None:
    """Writes a network of a page's generator, and compares it with Keras."""
    copy = named_copy(network, True, folds=True)
    convert(copy, network, file, "onnx", batch_size, None)
    if verify:
        shapes = Signature(network, copy, batch_size)
        compare(file, "onnx", named_copy(network), shapes)


@contextlib.contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """Gives a path of the same name, in a new folder on the same disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=f".{path.name}-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder) / path.name
