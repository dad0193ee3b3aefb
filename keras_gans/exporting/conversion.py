"""Conversion by TensorFlow, in this process or in another one."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.exporting.signature import OUTPUT, Signature


def convert(
    generator: keras.Model,
    path: Path,
    format: str,
    batch_size: int | None,
    quantize: str | None,
) -> None:
    """Writes a float32 Functional generator in any format, on any backend.

    Raises:
        RuntimeError: For an operation that the format does not know, a full
            disk, and whatever else stops the conversion.
    """
    here = keras.backend.backend() == "tensorflow"
    try:
        (convert_here if here else _convert_elsewhere)(
            generator, path, format, batch_size, quantize
        )
    except Exception as error:
        # LiteRT's errors go on with the whole program, of thousands of lines.
        raise RuntimeError(
            f"The generator could not be converted to {format!r}. "
            f"Received: {str(error)[:1500]}"
        ) from error


def convert_here(
    generator: keras.Model,
    path: Path,
    format: str,
    batch_size: int | None,
    quantize: str | None,
) -> None:
    """Writes a generator where TensorFlow is the backend."""
    signature = Signature(generator, batch_size)
    inputs = {
        name: keras.Input(shape[1:], name=name, dtype=spec.dtype)
        for (name, shape), spec in zip(
            signature.inputs.items(), signature.specs().values(), strict=True
        )
    }
    images = generator(signature.arrange(inputs), training=False)
    options: dict[str, Any] = {}
    if quantize == "float16":
        import tensorflow as tf

        options["optimizations"] = [tf.lite.Optimize.DEFAULT]
        options["target_spec"] = {"supported_types": [tf.float16]}
    keras.Model(inputs, {OUTPUT: images}).export(
        str(path),
        format=format,
        verbose=False,
        input_signature=[signature.specs()],
        **options,
    )
    if format == "onnx":
        _finish_onnx(path)


def _finish_onnx(path: Path) -> None:
    import onnx

    model = onnx.load(path)
    _name_tensors(model.graph)
    _replace_erfc(model.graph)
    onnx.save(model, path)


def _name_tensors(graph: Any) -> None:
    # tf2onnx calls the output "Identity:0" and the batch "unk__" and a number.
    for value in (*graph.input, *graph.output):
        batch = value.type.tensor_type.shape.dim[0]
        if batch.dim_param:
            batch.dim_param = "batch"
    old = graph.output[0].name
    graph.output[0].name = OUTPUT
    for node in graph.node:
        node.input[:] = [OUTPUT if n == old else n for n in node.input]
        node.output[:] = [OUTPUT if n == old else n for n in node.output]


def _replace_erfc(graph: Any) -> None:
    # TensorFlow's GELU calls erfc, which ONNX lacks: it is 1 - erf.
    from onnx import helper, numpy_helper

    nodes = []
    for node in graph.node:
        nodes.append(node)
        if node.op_type == "Erfc":
            (erfc,) = node.output
            node.op_type, node.output[0] = "Erf", f"{erfc}/erf"
            one = numpy_helper.from_array(
                np.asarray(1.0, "float32"), f"{erfc}/one"
            )
            graph.initializer.append(one)
            difference = [one.name, node.output[0]]
            nodes.append(helper.make_node("Sub", difference, [erfc]))
    # In order: a node must come after all that it takes.
    del graph.node[:]
    graph.node.extend(nodes)


def _convert_elsewhere(
    generator: keras.Model, path: Path, *arguments: Any
) -> None:
    classes = {type(layer) for layer in generator._flatten_layers()}
    own = [c for c in classes if c.__module__.split(".")[0] != "keras"]
    homeless = [c.__qualname__ for c in own if c.__module__ == "__main__"]
    if homeless:
        raise ValueError(
            "layers of the running script; on this backend the generator is "
            "rebuilt in another process, and that can only import layers "
            f"from modules: {homeless}"
        )
    file = path.with_name("generator.keras")
    generator.save(file)
    request = {
        "file": str(file),
        "path": str(path),
        "layers": sorted((c.__module__, c.__qualname__) for c in own),
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
        [sys.executable, "-m", "keras_gans.exporting", json.dumps(request)],
        env=environment,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise RuntimeError(result.stderr[-1500:])
    file.unlink()


def answer(request: dict[str, Any]) -> None:
    """Does, in the other process, what `convert` asked for."""
    own = {
        name: getattr(importlib.import_module(module), name)
        for module, name in request["layers"]
    }
    # The file is our own, and some generators have Lambda layers.
    generator = keras.saving.load_model(
        request["file"], own, compile=False, safe_mode=False
    )
    convert_here(generator, Path(request["path"]), *request["arguments"])
