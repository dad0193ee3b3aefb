r"""Times a generator's exports beside the same generator in PyTorch.

    python tests/benchmarks/export_speed.py zoo/dcgan_faces \
        zoo/dcgan_fashion_mnist

One image and 32 images on two threads: Keras `predict`, SavedModel, LiteRT in
float32, dynamic int8 and int8, ONNX Runtime, OpenVINO (in float32, and left
to itself, which is bfloat16 where the processor has it), and PyTorch with the
same weights: channels last, inference mode, frozen and optimized by
`torch.jit`, and compiled by `torch.compile` with freezing; the fastest of
these counts as PyTorch. Rounds alternate between all of them. It prints the
median of each and how many times PyTorch's time it fits into. The presets are
DCGANs. Outputs are compared before.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

THREADS = 2
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["OMP_NUM_THREADS"] = str(THREADS)

import numpy as np
import tensorflow as tf
import torch
from keras import layers

import keras_gans
from keras_gans.layers import UpsamplingConv2D

EXACT = 1e-4
"""The largest difference of a float32 runtime."""


def torch_twin(generator):
    """Returns the generator in PyTorch, layer by layer, with its weights."""
    modules = []
    for layer in generator.layers[1:]:
        weights = [torch.tensor(np.array(w)) for w in layer.get_weights()]
        if isinstance(layer, layers.Dense):
            height, width, channels = generator.layers[2].target_shape
            # Keras's pixels are channels last, PyTorch's channels first.
            order = np.arange(height * width * channels)
            order = order.reshape(height, width, channels).transpose(2, 0, 1)
            dense = torch.nn.Linear(*weights[0].shape, bias=False)
            dense.weight.data = weights[0].T[order.ravel()].contiguous()
            shape = (channels, height, width)
            modules += [dense, torch.nn.Unflatten(1, shape)]
        elif isinstance(layer, UpsamplingConv2D):
            _, _, filters, channels = weights[0].shape
            conv = torch.nn.ConvTranspose2d(
                channels, filters, 4, 2, 1, bias=len(weights) == 2
            )
            conv.weight.data = weights[0].permute(3, 2, 0, 1).contiguous()
            if len(weights) == 2:
                conv.bias.data = weights[1]
            modules.append(conv)
        elif isinstance(layer, layers.BatchNormalization):
            norm = torch.nn.BatchNorm2d(len(weights[0]), layer.epsilon)
            norm.weight.data, norm.bias.data = weights[:2]
            norm.running_mean, norm.running_var = weights[2:]
            modules.append(norm)
        elif isinstance(layer, layers.ReLU):
            modules.append(torch.nn.ReLU())
        elif isinstance(layer, layers.Activation):
            modules.append(torch.nn.Tanh())
    twin = torch.nn.Sequential(*modules).eval()
    return twin.to(memory_format=torch.channels_last)


def in_torch(network):
    """Returns a function of latents to images, channels last."""

    def run(z):
        with torch.inference_mode():
            return network(torch.from_numpy(z)).permute(0, 2, 3, 1).numpy()

    return run


def torch_runs(generator, z):
    """Returns PyTorch's ways, of one shape of latents."""
    twin = torch_twin(generator)
    with torch.inference_mode():
        traced = torch.jit.freeze(torch.jit.trace(twin, torch.from_numpy(z)))
        frozen = torch.jit.optimize_for_inference(traced)
    compiled = torch.compile(
        torch_twin(generator), dynamic=False, options={"freezing": True}
    )
    ways = {"eager": twin, "frozen": frozen, "compiled": compiled}
    return {f"PyTorch, {name}": in_torch(way) for name, way in ways.items()}


def saved_model(path):
    loaded = tf.saved_model.load(path)
    serve = loaded.signatures["serving_default"]
    # The default argument holds the variables.
    return lambda z, _=loaded: serve(latents=tf.constant(z))["images"].numpy()


def litert(path):
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(path, num_threads=THREADS).get_signature_runner()
    return lambda z: run(latents=z)["images"]


def onnx(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(path, options)
    return lambda z: session.run(["images"], {"latents": z})[0]


def openvino(path, **hints):
    import openvino as ov

    settings = {"INFERENCE_NUM_THREADS": THREADS, **hints}
    run = ov.Core().compile_model(f"{path}/generator.xml", "CPU", settings)
    request = run.create_infer_request()
    return lambda z: request.infer({"latents": z})[0]


def exported_runs(gan, folder):
    """Returns each format's runtime by its name."""

    def export(name, *arguments, **options):
        path = str(Path(folder) / name)
        gan.export(path, *arguments, verify=False, **options)
        return path

    ir = export("ir", "openvino")
    quantized = {
        q: litert(export(f"{q}.tflite", "litert", quantize=q))
        for q in ("dynamic_int8", "int8")
    }
    return {
        "SavedModel": saved_model(export("saved")),
        "LiteRT float32": litert(export("g.tflite", "litert")),
        "LiteRT dynamic int8": quantized["dynamic_int8"],
        "LiteRT int8": quantized["int8"],
        "ONNX Runtime": onnx(export("g.onnx", "onnx")),
        "OpenVINO float32": openvino(ir, INFERENCE_PRECISION_HINT="f32"),
        "OpenVINO bfloat16": openvino(ir, INFERENCE_PRECISION_HINT="bf16"),
    }


def check(runs, generator, z):
    """Refuses a runtime that makes something else."""
    wanted = np.asarray(generator(z, training=False))
    for name, run in runs.items():
        difference = np.abs(run(z) - wanted)
        rounded = "int8" in name or "bfloat16" in name
        error = difference.mean() if rounded else difference.max()
        assert error < (0.05 if rounded else EXACT), (name, error)


def medians(runs, z, rounds):
    """Returns the milliseconds of each, from rounds that alternate."""
    for run in runs.values():
        for _ in range(3):
            run(z)
    times = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            run(z)
            times[name].append(time.perf_counter() - start)
    return {name: 1e3 * np.median(t) for name, t in times.items()}


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(x.split(": ")[1] for x in lines if x.startswith("model name"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="+")
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    torch.set_num_threads(THREADS)
    print(f"{processor()}, {THREADS} threads, medians of {options.rounds}\n")
    print("| preset, images | runtime | ms | times as fast as PyTorch |")
    print("|---|---|---|---|")
    for preset in options.presets:
        gan = keras_gans.load(Path(preset))
        generator = gan.inference_generator
        with tempfile.TemporaryDirectory() as folder:
            exported = exported_runs(gan, folder)
            for num in (1, 32):
                z = gan.sample_latents(num, seed=0)
                runs = {"Keras predict": lambda z, g=generator: g.predict(
                    z, verbose=0
                )}
                runs |= exported | torch_runs(generator, z)
                check(runs, generator, z)
                made = medians(runs, z, options.rounds)
                best = min(t for n, t in made.items() if "PyTorch" in n)
                for name, ms in made.items():
                    where = f"`{Path(preset).name}`, {num}"
                    print(f"| {where} | {name} | {ms:.3f} | {best / ms:.2f} |")


if __name__ == "__main__":
    main()
