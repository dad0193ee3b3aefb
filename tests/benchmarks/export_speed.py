r"""Times a generator's exports beside the same generator in PyTorch.

    python tests/benchmarks/export_speed.py zoo/dcgan_faces \
        zoo/dcgan_fashion_mnist

One image and 32 images on two threads: Keras `predict`, SavedModel, LiteRT in
float32, dynamic int8 and int8, ONNX Runtime, OpenVINO (in float32, and left
to itself, which is bfloat16 where the processor has it), and PyTorch with the
same weights: channels last, inference mode, frozen and optimized by
`torch.jit`, and compiled by `torch.compile` with freezing; the fastest of
these counts as PyTorch. Each runs in a process of its own, since their waiting
threads would slow each other down, and rounds of ten calls alternate. It
prints the median of each and how many times PyTorch's time it fits into. The
presets are DCGANs. Outputs are compared before.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np
import tensorflow as tf
import torch
from keras import layers

import keras_gans
from keras_gans.layers import UpsamplingConv2D

THREADS = 2

CALLS = 10
"""Calls of one runtime before the next one has its turn."""

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


WAYS = ("eager", "frozen", "compiled")


def torch_run(way, generator, z):
    """Returns one of PyTorch's ways, for one shape of latents."""
    twin = torch_twin(generator)
    with torch.inference_mode():
        if way == "frozen":
            traced = torch.jit.trace(twin, torch.from_numpy(z))
            twin = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
        if way == "compiled":
            options = {"freezing": True}
            twin = torch.compile(twin, dynamic=False, options=options)
    return in_torch(twin)


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


def openvino(path, precision):
    import openvino as ov

    settings = {"INFERENCE_NUM_THREADS": THREADS}
    settings["INFERENCE_PRECISION_HINT"] = precision
    run = ov.Core().compile_model(f"{path}/generator.xml", "CPU", settings)
    request = run.create_infer_request()
    return lambda z: request.infer({"latents": z})[0]


EXPORTS = {
    "SavedModel": ("saved", "tf_saved_model", None),
    "LiteRT float32": ("g.tflite", "litert", None),
    "LiteRT dynamic int8": ("d.tflite", "litert", "dynamic_int8"),
    "LiteRT int8": ("i.tflite", "litert", "int8"),
    "ONNX Runtime": ("g.onnx", "onnx", None),
    "OpenVINO float32": ("ir", "openvino", None),
    "OpenVINO bfloat16": ("ir", "openvino", None),
}
OTHERS = ("Keras predict", *(f"PyTorch, {w}" for w in WAYS))


def runner(name, generator, folder, z):
    """Returns a function of latents to images."""
    if name == "Keras predict":
        return lambda z: generator.predict(z, verbose=0)
    if name.startswith("PyTorch"):
        return torch_run(name.split(", ")[1], generator, z)
    path = str(Path(folder) / EXPORTS[name][0])
    if name == "SavedModel":
        return saved_model(path)
    if name.startswith("LiteRT"):
        return litert(path)
    if name.startswith("ONNX"):
        return onnx(path)
    return openvino(path, "f32" if "float32" in name else "bf16")


def serve(connection, name, preset, folder, num):
    """Runs one runtime: it answers a number of calls with their seconds."""
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    torch.set_num_threads(THREADS)
    gan = keras_gans.load(Path(preset))
    generator = gan.inference_generator
    z = gan.sample_latents(num, seed=0)
    run = runner(name, generator, folder, z)
    difference = np.abs(run(z) - np.asarray(generator(z, training=False)))
    rounded = "int8" in name or "bfloat16" in name
    error = difference.mean() if rounded else difference.max()
    assert error < (0.05 if rounded else EXACT), (name, error)
    for _ in range(10):
        run(z)
    connection.send(float(error))
    while calls := connection.recv():
        times = []
        for _ in range(calls):
            start = time.perf_counter()
            run(z)
            times.append(time.perf_counter() - start)
        connection.send(times)


def medians(preset, folder, num, rounds):
    """Returns the milliseconds of each, from rounds that alternate."""
    context = multiprocessing.get_context("spawn")
    ends, times = {}, {}
    for name in (*OTHERS, *EXPORTS):
        ends[name], theirs = context.Pipe()
        arguments = (theirs, name, preset, folder, num)
        context.Process(target=serve, args=arguments, daemon=True).start()
        times[name] = []
    for end in ends.values():
        end.recv()  # it is ready
    for _ in range(rounds):
        for name, end in ends.items():
            end.send(CALLS)
            times[name] += end.recv()
    for end in ends.values():
        end.send(0)
    return {name: 1e3 * np.median(t) for name, t in times.items()}


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(x.split(": ")[1] for x in lines if x.startswith("model name"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="+")
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    print(
        f"{processor()}, {THREADS} threads, medians of {CALLS} calls ", end=""
    )
    print(f"in each of {options.rounds} rounds\n")
    print("| preset, images | runtime | ms | times as fast as PyTorch |")
    print("|---|---|---|---|")
    for preset in options.presets:
        gan = keras_gans.load(Path(preset))
        with tempfile.TemporaryDirectory() as folder:
            for name, format, quantize in set(EXPORTS.values()):
                path = Path(folder) / name
                gan.export(path, format, verify=False, quantize=quantize)
            for num in (1, 32):
                made = medians(preset, folder, num, options.rounds)
                best = min(t for n, t in made.items() if "PyTorch" in n)
                for name, ms in made.items():
                    where = f"`{Path(preset).name}`, {num}"
                    ratio = f"{best / ms:.2f}"
                    print(f"| {where} | {name} | {ms:.3f} | {ratio} |")


if __name__ == "__main__":
    main()
