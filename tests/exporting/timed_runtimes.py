"""One image in each runtime, on two threads."""

import time

import numpy as np
import tensorflow as tf


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


def milliseconds(run, rows, calls=30):
    """Returns the time of the fastest call.

    Other work on the machine slows that one least.
    """
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        run(rows)
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def cell(difference, size, latency):
    """Returns a cell of a table."""
    shown = f"{difference:.1e}" if difference else "0"
    mega = size / 2**20
    digits = max(0, 1 - int(np.floor(np.log10(mega))))
    return f"{shown}, {mega:.{digits}f} MB, {latency:.2f} ms"
