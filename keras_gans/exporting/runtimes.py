"""Exports run as their users run them."""

import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np

from keras_gans.exporting.signature import OUTPUT

Batches = list[dict[str, np.ndarray]]


def run_saved_model(path: Path, batches: Batches) -> tuple[list, str]:
    """Runs a SavedModel by TensorFlow's loader in a process without Keras."""
    with tempfile.TemporaryDirectory() as folder:
        for i, batch in enumerate(batches):
            np.savez(Path(folder) / f"{i}.npz", **batch)  # type: ignore
        script = Path(__file__).with_name("serve_saved_model.py").read_text()
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1"}
        command = [sys.executable, "-c", script, str(path.absolute())]
        result = subprocess.run(
            [*command, OUTPUT, str(len(batches))],
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
        images = [
            np.load(Path(folder) / f"{i}.npy") for i in range(len(batches))
        ]
    return images, f"tensorflow {version('tensorflow')}"


def run_litert(path: Path, batches: Batches) -> tuple[list, str]:
    """Runs a .tflite file by LiteRT, as a phone does."""
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(str(path)).get_signature_runner("serving_default")
    images = [np.array(run(**batch)[OUTPUT]) for batch in batches]
    return images, f"ai-edge-litert {version('ai-edge-litert')}"


def run_onnx(path: Path, batches: Batches) -> tuple[list, str]:
    """Runs a .onnx file by ONNX Runtime on the CPU."""
    import onnxruntime

    session = onnxruntime.InferenceSession(
        str(path), providers=["CPUExecutionProvider"]
    )
    images = [session.run([OUTPUT], batch)[0] for batch in batches]
    return images, f"onnxruntime {onnxruntime.__version__}"


RUNTIMES = {
    "tf_saved_model": run_saved_model,
    "litert": run_litert,
    "onnx": run_onnx,
}
