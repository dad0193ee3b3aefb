"""Conversion by TensorFlow, in this process or in another one."""

import importlib
import inspect
import json
import operator
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import keras

from keras_gans.engine.declarations import Part
from keras_gans.exporting.arguments import CONTENT
from keras_gans.exporting.metadata import declared
from keras_gans.exporting.onnx_files import finish_onnx
from keras_gans.modalities import deserialize


def convert(
    generator: keras.Model,
    part: Part,
    path: Path,
    format: str,
    batch_size: int | None,
    quantize: str | None,
) -> None:
    """Writes a generator in any format, on any backend.

    Args:
        generator: What `named_copy` returned.
        part: The network that it is a copy of.
        path: The file or folder to write.
        format: A name of `FORMATS`.
        batch_size: Rows at a time, or None for any.
        quantize: "float16" or None.

    Raises:
        RuntimeError: For an operation that the format does not know, a full
            disk, and whatever else stops the conversion.
    """
    here = keras.backend.backend() == "tensorflow"
    try:
        (convert_here if here else _convert_elsewhere)(
            generator, part, path, format, batch_size, quantize
        )
    except Exception as error:
        # LiteRT's errors go on with the whole program, of thousands of lines.
        raise RuntimeError(
            f"The generator could not be converted to {format!r}. "
            f"Received: {str(error)[:1500]}"
        ) from error


def convert_here(
    generator: keras.Model,
    part: Part,
    path: Path,
    format: str,
    batch_size: int | None,
    quantize: str | None,
) -> None:
    """Writes a generator where TensorFlow is the backend."""
    if format == "tf_saved_model":
        from keras_gans.exporting.saved_model import write_saved_model

        write_saved_model(generator, part.takes, part.makes, path, batch_size)
        return
    specs = {
        name: keras.InputSpec(
            dtype=tensor.dtype, shape=(batch_size, *tensor.shape[1:]), name=name
        )
        for name, tensor in generator.input.items()
    }
    options: dict[str, Any] = {}
    file = path
    if format == "openvino":
        path.mkdir()
        file = path / CONTENT[format]
    if quantize == "float16":
        import tensorflow as tf

        options["optimizations"] = [tf.lite.Optimize.DEFAULT]
        options["target_spec"] = {"supported_types": [tf.float16]}
    with warnings.catch_warnings():
        # Keras asks NumPy whether it still has `object`.
        warnings.filterwarnings("ignore", "In the future `np.object`")
        generator.export(
            str(file),
            format=format,
            verbose=False,
            input_signature=[specs],
            **options,
        )
    if format == "onnx":
        finish_onnx(path, list(generator.input), list(generator.output))


def _convert_elsewhere(
    generator: keras.Model, part: Part, path: Path, *arguments: Any
) -> None:
    classes = {type(layer) for layer in generator._flatten_layers()}
    own = [c for c in classes if c.__module__.split(".")[0] != "keras"]
    homeless = [
        c.__qualname__
        for c in own
        if c.__module__ == "__main__" or "<locals>" in c.__qualname__
    ]
    if homeless:
        raise ValueError(
            "classes that another process cannot import, in which TensorFlow "
            f"converts for the backend {keras.backend.backend()!r}. Move them "
            f"from the script or function to a module: {sorted(homeless)}"
        )
    file = path.with_name("generator.keras")
    generator.save(file)
    request = {
        "file": str(file),
        "path": str(path),
        "layers": sorted((c.__module__, c.__qualname__) for c in own),
        "modules": _registering(part),
        "declared": declared(part),
        "arguments": arguments,
    }
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "CUDA_VISIBLE_DEVICES": "-1",  # this process may hold all its memory
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    result = subprocess.run(
        [sys.executable, "-m", "keras_gans.exporting"],
        input=json.dumps(request),  # too long for an argument with many words
        env=environment,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(result.stderr[-1500:])
    file.unlink()


def _registering(part: Part) -> list[str]:
    """Returns the modules of functions, such as activations, and modalities."""
    known = keras.saving.get_custom_objects().values()
    modules = {f.__module__ for f in known if inspect.isfunction(f)}
    for modality in (*part.takes.values(), *part.makes.values()):
        modules.add(type(modality).__module__)
    return sorted(modules - {"__main__"})


def answer(request: dict[str, Any]) -> None:
    """Does, in the other process, what `convert` asked for."""
    for module in request["modules"]:
        importlib.import_module(module)
    own = [
        operator.attrgetter(name)(importlib.import_module(module))
        for module, name in request["layers"]
    ]
    # The file is our own, and some generators have Lambda layers.
    generator = keras.saving.load_model(
        request["file"],
        {c.__name__: c for c in own},
        compile=False,
        safe_mode=False,
    )
    takes, makes = (
        {name: deserialize(config) for name, config in side.items()}
        for side in request["declared"].values()
    )
    part = Part(generator, takes, makes)
    convert_here(generator, part, Path(request["path"]), *request["arguments"])
