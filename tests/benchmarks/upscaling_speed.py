"""Speed of enlarging a photograph four times, beside other runtimes.

    python tests/benchmarks/upscaling_speed.py --network srgan --side 512
    python tests/benchmarks/upscaling_speed.py --network x4plus --side 128 \
        --file realesrgan-x4plus.bin

`srgan` is the network of the preset `srgan_x4`, beside plain PyTorch of the
same layers and onnxruntime on its exported file. `x4plus` is Real-ESRGAN's,
which ../shared/tools/fetch_weights.py fetches (`esrgan`), beside the package
`ncnn` on the same file, and PyTorch. keras_gans goes through `gan.generate`,
as `upscale` does for each tile; `keras_gans upscale` also reads and writes the
files. As in `train_step.py` each setting has a warm process of its own, one
works at a time, and they take turns. Ratios are taken within a round, over the
fastest other one; the median counts. Linux on x86 only.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

import numpy as np
from train_step import (
    measure,
    peak_memory_mb,
    processor,
    row,
    versions,
)

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "pretrained"))

SETTINGS = {
    "keras_gans": {},
    "keras_gans upscale": {},
    "pytorch": {},
    "pytorch channels_last": {"channels_last": True},
    "pytorch channels_last compile": {"channels_last": True, "compile": True},
    "onnxruntime": {},
    "ncnn": {},
}
NOT_OF = {"srgan": ["ncnn"], "x4plus": ["onnxruntime"]}


def photograph(side):
    """Returns a smooth uint8 image (side, side, 3)."""
    from PIL import Image

    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((side, side)))


def load(network, file):
    import keras_gans

    if network == "srgan":
        return keras_gans.load("srgan_x4")
    from keras_gans.pretrained.super_resolution.ncnn import read_ncnn_network

    read = read_ncnn_network(pathlib.Path(file))
    gan = keras_gans.ESRGAN(
        image_shape=(48, 48, 3),
        discriminator_width=1,
        perceptual=None,
        **read.arguments,
    )
    read.assign(gan.generator)
    return gan


def keras_gans_player(network, side, file):
    gan, image = load(network, file), photograph(side)[None]
    return lambda: gan.generate(inputs=image)


def upscale_player(network, side, file):
    from PIL import Image

    gan, folder = load(network, file), pathlib.Path(tempfile.mkdtemp())
    Image.fromarray(photograph(side)).save(folder / "small.png")

    def run():
        target = folder / "large.png"
        gan.upscale(folder / "small.png", target, overwrite=True)
        return np.asarray(Image.open(target))[None]

    return run


def pytorch_player(network, side, file, channels_last=False, compile=False):
    import torch
    import torch_networks

    if network == "srgan":
        state = torch_networks.random_srresnet(16, 2, "norm", width=64)
        arguments = 16, 2
        function = torch_networks.srresnet
    else:
        state = torch_networks.random_rrdb(23, 2, width=64, growth=32)
        arguments = 23, 2
        function = torch_networks.rrdb
    layout = torch.channels_last if channels_last else torch.contiguous_format
    state = {
        name: value.to(memory_format=layout) if value.ndim == 4 else value
        for name, value in state.items()
    }
    image = torch.from_numpy(photograph(side).copy())[None].permute(0, 3, 1, 2)
    image = (image / 255.0).to(memory_format=layout)

    def forward(x):
        return function(state, x, *arguments)

    run = torch.compile(forward) if compile else forward
    return torch.inference_mode()(lambda: run(image).permute(0, 2, 3, 1))


def onnxruntime_player(network, side, file):
    import onnxruntime

    path = pathlib.Path(tempfile.mkdtemp()) / "generator.onnx"
    load(network, file).export(path, format="onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    session = onnxruntime.InferenceSession(path, options)
    (taken,) = session.get_inputs()
    image = photograph(side)[None].astype("float32") / 127.5 - 1.0
    return lambda: session.run(None, {taken.name: image})[0]


def ncnn_player(network, side, file):
    import ncnn

    path = pathlib.Path(file)
    net = ncnn.Net()
    net.opt.num_threads = len(os.sched_getaffinity(0))
    net.load_param(str(path.with_suffix(".param")))
    net.load_model(str(path.with_suffix(".bin")))
    image = photograph(side).transpose(2, 0, 1) / np.float32(255)
    image = np.ascontiguousarray(image)

    def run():
        extractor = net.create_extractor()
        extractor.input("data", ncnn.Mat(image).clone())
        return np.array(extractor.extract("output")[1])[None].transpose(
            0, 2, 3, 1
        )

    return run


PLAYERS = {
    "keras_gans": keras_gans_player,
    "keras_gans upscale": upscale_player,
    "onnxruntime": onnxruntime_player,
    "ncnn": ncnn_player,
}


def work(orders, name, network, side, file):
    """Enlarges, in a process of its own, as often as it is told to."""
    player = PLAYERS.get(name, pytorch_player)
    run = player(network, side, file, **SETTINGS[name])
    assert run().shape[1:3] == (4 * side, 4 * side)
    orders.send("ready")
    while times := orders.recv():
        start = time.perf_counter()
        for _ in range(times):
            run()
        orders.send(times / (time.perf_counter() - start))
    orders.send(peak_memory_mb())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--network", choices=NOT_OF, default="srgan")
    parser.add_argument("--file", help="realesrgan-x4plus.bin of ncnn")
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=1, help="in each round")
    asked = parser.parse_args()
    names = [n for n in SETTINGS if n not in NOT_OF[asked.network]]
    load = os.getloadavg()[0]
    speeds, memory = measure(
        names,
        asked.rounds,
        asked.times,
        work,
        asked.network,
        asked.side,
        asked.file,
    )
    print(
        f"{asked.network}, {asked.rounds} rounds of {asked.times} photographs "
        f"of {asked.side}x{asked.side}, x4, float32; load of other work at the "
        f"start {load:.1f}; {versions()}; {processor()}\n\n"
        "| setting | photographs/s | over the fastest other | peak MB |\n"
        "|---|---|---|---|"
    )
    others = [n for n in names if not n.startswith("keras_gans")]
    for name in names:
        print(row(name, others, speeds, memory, 3))


if __name__ == "__main__":
    main()
