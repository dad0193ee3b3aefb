"""Exports presets to all formats: difference from Keras, size, latency.

    python tests/benchmarks/parity_report.py zoo/* > report.md

Each runtime makes one row on two threads; the fastest of 30 calls counts,
which other work on the machine slows least. The arguments are presets; names
of variants stand for untrained ones. What int8 arithmetic costs is in
litert_precisions.py, with the FID.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import tensorflow as tf

import keras_gans
from keras_gans.engine.model import AdversarialModel
from keras_gans.presets import load_preset

FORMATS = {
    "SavedModel": ("tf_saved_model", "", None),
    "LiteRT": ("litert", ".tflite", None),
    "LiteRT float16": ("litert", ".tflite", "float16"),
    "LiteRT dynamic int8": ("litert", ".tflite", "dynamic_int8"),
    "ONNX": ("onnx", ".onnx", None),
    "OpenVINO": ("openvino", "", None),
}


def runner(path, format):
    """Returns a function of inputs by name, in the export's runtime."""
    if format == "tf_saved_model":
        loaded = tf.saved_model.load(str(path))
        serve = loaded.signatures["serving_default"]

        def call(feed):
            assert loaded  # which holds the variables
            made = serve(**{n: tf.constant(v) for n, v in feed.items()})
            return {n: x.numpy() for n, x in made.items()}

        return call
    if format == "litert":
        from ai_edge_litert.interpreter import Interpreter

        run = Interpreter(str(path), num_threads=2).get_signature_runner()
        return lambda feed: run(**feed)
    if format == "openvino":
        import openvino

        settings = {"INFERENCE_PRECISION_HINT": "f32"}
        settings["INFERENCE_NUM_THREADS"] = 2
        model = openvino.Core().read_model(path / "generator.xml")
        outputs = [x.any_name for x in model.outputs]
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        return lambda feed: dict(
            zip(outputs, compiled(feed).values(), strict=True)
        )
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(path), options)
    names = [x.name for x in session.get_outputs()]
    return lambda feed: dict(zip(names, session.run(names, feed), strict=True))


def measure(gan, format, suffix, quantize, folder):
    """Returns difference, size and milliseconds as a cell of the table."""
    path = Path(folder) / f"g{suffix}"
    try:
        report = gan.export(path, format, verify=False, quantize=quantize)
        run = runner(path, format)
        rng = np.random.default_rng(0)
        feeds = {n: m.noise(3, rng) for n, m in gan.takes.items()}
        wanted = gan.generate_from(feeds)
        rows = [{n: v[i : i + 1] for n, v in feeds.items()} for i in range(3)]
        difference = max(
            float(np.abs(np.asarray(run(row)[n])[0] - x[i]).max())
            for i, row in enumerate(rows)
            for n, x in wanted.items()
        )
        times = []
        for _ in range(30):
            start = time.perf_counter()
            run(rows[0])
            times.append(time.perf_counter() - start)
        return (
            f"{difference:.1e}, {report.bytes / 2**20:.1f} MB, "
            f"{1e3 * np.min(times):.2f} ms"
        )
    except RuntimeError as error:
        return f"none: {str(error)[:100]}"


def main():
    """Prints the table."""
    tf.config.threading.set_intra_op_parallelism_threads(2)
    print(f"| preset | {' | '.join(FORMATS)} |\n|{'---|' * (len(FORMATS) + 1)}")
    for name in sys.argv[1:]:
        if name in keras_gans.list_variants():
            gan, shown = getattr(keras_gans, name)(seed=0), f"{name}, untrained"
        else:
            gan = load_preset(AdversarialModel, name)
            shown = f"`{Path(name).name}`"
        cells = []
        for chosen in FORMATS.values():
            with tempfile.TemporaryDirectory() as folder:
                cells.append(measure(gan, *chosen, folder))
        kind = "x".join(map(str, next(iter(gan.makes.values())).shape))
        print(f"| {shown} {kind} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
