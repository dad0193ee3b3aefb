"""Times exported generators with and without `UpsamplingConv2D(subpixel=True)`.

Run it with `python tests/benchmarks/subpixel_export.py`. Rounds alternate, and
each ratio is the median over the pairs.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

import keras_gans
from keras_gans.exporting.conversion import convert
from keras_gans.exporting.signature import named_copy

ROUNDS = 30


def session(path):
    """Returns a function that runs an exported generator on two threads."""
    if path.suffix == ".tflite":
        from ai_edge_litert.interpreter import Interpreter

        run = Interpreter(str(path), num_threads=2).get_signature_runner()
        return lambda z: run(latents=z)
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    model = onnxruntime.InferenceSession(str(path), options)
    return lambda z: model.run(None, {"latents": z})


def seconds(run, z):
    """Times one call."""
    start = time.perf_counter()
    run(z)
    return time.perf_counter() - start


def main():
    """Prints a line for each runtime and batch size."""
    gan = keras_gans.DCGAN((64, 64, 3), latent_dim=100)
    with tempfile.TemporaryDirectory() as folder:
        for format, suffix in (("litert", ".tflite"), ("onnx", ".onnx")):
            runs = []
            for subpixel in (False, True):
                path = Path(folder) / f"{subpixel}{suffix}"
                part = gan.part()
                copy = named_copy(part, subpixel)
                convert(copy, part, path, format, None, None)
                runs.append(session(path))
            for batch in (1, 32):
                z = np.random.default_rng(0).standard_normal((batch, 100))
                z = z.astype("float32")
                for run in runs:
                    run(z)
                times = np.array(
                    [[seconds(run, z) for run in runs] for _ in range(ROUNDS)]
                )
                native, subpixel = 1e3 * np.median(times, axis=0)
                ratio = np.median(times[:, 0] / times[:, 1])
                print(
                    f"{format}, batch {batch}: native {native:.1f} ms, "
                    f"subpixel {subpixel:.1f} ms, ratio {ratio:.2f}"
                )


if __name__ == "__main__":
    main()
