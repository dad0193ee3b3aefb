"""Export of generators to TensorFlow Serving, phones and browsers."""

import os
import tempfile
from pathlib import Path
from typing import Any

from keras_gans.exporting.arguments import FORMATS, check_arguments
from keras_gans.exporting.conversion import convert
from keras_gans.exporting.folders import replace
from keras_gans.exporting.parity import largest_difference
from keras_gans.exporting.report import ExportReport
from keras_gans.exporting.signature import Signature
from keras_gans.networks.copying import float32_copy

__all__ = ["FORMATS", "ExportReport", "export"]


def export(
    gan: Any,
    path: str | os.PathLike,
    format: str = "tf_saved_model",
    batch_size: int | None = None,
    verify: bool = True,
    quantize: str | None = None,
) -> ExportReport:
    """Writes a GAN's generator, and runs it where its users will run it.

    What is written is `gan.inference_generator` in float32, from the
    generator's inputs to "images" (N, H, W, C) in [-1, 1]. An input without
    a name of its own is called "latents". Conversion needs TensorFlow; on
    other backends it happens in a process of its own.

    Args:
        gan: A GAN of this package.
        path: A folder for "tf_saved_model"; a file that ends in ".tflite" for
            "litert" and in ".onnx" for "onnx". What is there is replaced only
            once the new export is complete and, with `verify`, was checked.
        format: "tf_saved_model" for TensorFlow Serving, "litert" for phones
            or "onnx" for ONNX Runtime and browsers.
        batch_size: Images at a time, at least 1; None to leave it open.
        verify: Whether to run the export through its own runtime (TensorFlow's
            loader in a process without Keras, ai-edge-litert, onnxruntime)
            and to compare its images with those of Keras.
        quantize: "float16" to halve a LiteRT file: weights are rounded to
            float16, arithmetic stays float32. None keeps float32.

    Returns:
        A report with the largest difference between the runtime's images and
        those of Keras.

    Raises:
        ValueError: For an unknown format, a wrong suffix, or a folder that
            holds something else.
        ImportError: For a package that the format needs and that is missing,
            with the line that installs it.
        RuntimeError: If conversion fails, or its images are visibly not those
            of Keras.
    """
    path = Path(path)
    check_arguments(path, format, batch_size, verify, quantize)
    reference = float32_copy(gan.inference_generator)
    classes = getattr(gan, "num_classes", 1)
    signature = Signature(reference, batch_size, classes)
    difference, runtime = None, None
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=path.parent, prefix=f".{path.name}-", ignore_cleanup_errors=True
    ) as folder:
        draft = Path(folder) / path.name
        # Twice as fast as a transposed convolution in LiteRT, and up to 1.5
        # times in ONNX Runtime (tests/benchmarks/subpixel_export.py).
        subpixel = format != "tf_saved_model"
        generator = float32_copy(gan.inference_generator, subpixel)
        convert(generator, draft, format, batch_size, quantize)
        if verify:
            difference, runtime = largest_difference(
                draft, format, reference, signature
            )
        replace(draft, path)
    files = [path, *path.rglob("*")]
    return ExportReport(
        path=str(path),
        format=format,
        bytes=sum(f.stat().st_size for f in files if f.is_file()),
        max_difference=difference,
        runtime=runtime,
        inputs=signature.inputs,
        outputs=signature.outputs,
    )
