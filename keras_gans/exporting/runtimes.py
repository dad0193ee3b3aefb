"""The runtimes of exports, called as their users call them."""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np

from keras_gans.exporting.arguments import CONTENT

Batches = list[dict[str, np.ndarray]]
"""Arrays by name, of several batches."""


def run_saved_model(path: Path, batches: Batches) -> tuple[Batches, str]:
    """Runs a SavedModel by TensorFlow's loader in a process without Keras."""
    with tempfile.TemporaryDirectory() as folder:
        for i, batch in enumerate(batches):
            np.savez(Path(folder) / f"{i}.npz", **batch)  # type: ignore
        script = Path(__file__).with_name("serve_saved_model.py").read_text()
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
        command = [sys.executable, "-c", script, str(path.absolute())]
        result = subprocess.run(
            [*command, str(len(batches))],
            cwd=folder,
            env={**environment, "TF_CPP_MIN_LOG_LEVEL": "2"},
            capture_output=True,
            text=True,
        )
        if result.returncode:
            raise RuntimeError(
                "TensorFlow could not run the SavedModel. Received: "
                f"{result.stderr[-2000:]}"
            )
        made = [
            dict(np.load(Path(folder) / f"made_{i}.npz"))
            for i in range(len(batches))
        ]
    return made, f"tensorflow {version('tensorflow')}"


def run_litert(path: Path, batches: Batches) -> tuple[Batches, str]:
    """Runs a .tflite file by LiteRT, as a phone does."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    run = interpreter.get_signature_runner("serving_default")
    made = [
        {name: np.array(values) for name, values in run(**batch).items()}
        for batch in batches
    ]
    return made, f"ai-edge-litert {version('ai-edge-litert')}"


def run_onnx(path: Path, batches: Batches) -> tuple[Batches, str]:
    """Runs a .onnx file by ONNX Runtime on the CPU."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        str(path), providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    made = [
        dict(zip(names, session.run(names, batch), strict=True))
        for batch in batches
    ]
    return made, f"onnxruntime {onnxruntime.__version__}"


def run_openvino(path: Path, batches: Batches) -> tuple[Batches, str]:
    """Runs a folder of OpenVINO's by OpenVINO on the CPU, in float32.

    Left to itself it computes in bfloat16 where the processor can.
    """
    import openvino

    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    core = openvino.Core()
    model = core.read_model(path / CONTENT["openvino"])
    names = [output.any_name for output in model.outputs]
    run = core.compile_model(model, "CPU", settings)
    made = [
        dict(zip(names, map(np.array, run(batch).values()), strict=True))
        for batch in batches
    ]
    return made, f"openvino {version('openvino')}"


RUNTIMES = {
    "tf_saved_model": run_saved_model,
    "litert": run_litert,
    "onnx": run_onnx,
    "openvino": run_openvino,
}
