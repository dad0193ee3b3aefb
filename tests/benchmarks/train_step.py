"""Speed and memory of DCGAN training, side by side with plain PyTorch.

python tests/benchmarks/train_step.py            # about ten minutes
python tests/benchmarks/train_step.py --quick    # fewer rounds, no compile

Images of 64x64x3, batch 64, width 64, 100 latent dimensions. Every setting
has a process of its own, kept warm, and one of them works at a time: in a
round each trains for some steps, in an order that turns round every time, so
that whatever else the machine does hits all alike. keras_gans goes through
`fit` with its feed. Ratios are taken within a round; the median counts.

On a machine that does other work too, `--threads 1 --cpu-time` counts each
process's own CPU seconds, which other processes do not lengthen as they do
the clock; its figures are for one core.

The share of the peak is the arithmetic that the algorithm needs (its layers'
products, with the generator run once per step) over what a large matrix
product of the same type reaches, in the faster of the two frameworks.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
clock = CLOCKS[os.environ.get("BENCHMARK_CLOCK", "wall")]

BATCH, SIZE, CHANNELS, LATENTS, WIDTH = 64, 64, 3, 100, 64

SETTINGS = {
    "keras_gans float32": {"dtype": "float32"},
    "keras_gans mixed_bfloat16": {"dtype": "mixed_bfloat16"},
    "pytorch float32": {},
    "pytorch bfloat16 channels_last": {"bfloat16": True, "channels_last": True},
    # PyTorch's example also computes, and discards, the discriminator's weight
    # gradients in the generator's phase; keras_gans never does.
    "pytorch bfloat16 channels_last frozen D": {
        "bfloat16": True,
        "channels_last": True,
        "freeze": True,
    },
    "pytorch bfloat16 channels_last frozen D compile": {
        "bfloat16": True,
        "channels_last": True,
        "freeze": True,
        "compile": True,
    },
}


def flops_per_step():
    """The products that one step of both players needs, twice per multiply."""
    sides = [SIZE // 2 ** (i + 1) for i in range(4)]
    channels = [CHANNELS, WIDTH, 2 * WIDTH, 4 * WIDTH, 8 * WIDTH]
    convs = [
        16 * side**2 * before * after
        for side, before, after in zip(
            sides, channels, channels[1:], strict=False
        )
    ]
    start = 4 * 4 * channels[-1]
    d, g = sum(convs) + start, sum(convs) + LATENTS * start
    generator = 3 * g - LATENTS * start  # no gradient of the latents
    discriminator = 2 * (3 * d - convs[0])  # nor of the images
    through_discriminator = 2 * d
    return 2 * BATCH * (generator + discriminator + through_discriminator)


def images():
    shape = (8 * BATCH, SIZE, SIZE, CHANNELS)
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def keras_worker(dtype):
    import keras

    import keras_gans

    class Stopwatch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.start = clock()

        def on_epoch_end(self, epoch, logs=None):
            self.seconds = clock() - self.start

    gan = keras_gans.DCGAN(
        image_shape=(SIZE, SIZE, CHANNELS),
        latent_dim=LATENTS,
        width=WIDTH,
        dtype=dtype,
        seed=0,
    )
    gan.compile()
    data, stopwatch = images(), Stopwatch()

    def train(steps):
        gan.fit(
            data,
            batch_size=BATCH,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[stopwatch],
        )
        return stopwatch.seconds

    def product(a, b):
        return float(keras.ops.matmul(a, b)[0, 0])

    def random(size, dtype):
        return keras.random.normal((size, size), dtype=dtype)

    return train, product, random


def pytorch_worker(**settings):
    import torch
    from pytorch_dcgan import Trainer

    torch.manual_seed(0)
    trainer = Trainer(SIZE, CHANNELS, LATENTS, WIDTH, **settings)
    data = torch.from_numpy(images()).permute(0, 3, 1, 2)

    def train(steps):
        start = clock()
        order = torch.cat([torch.randperm(len(data)) for _ in range(steps)])
        for rows in order[: steps * BATCH].split(BATCH):
            losses = trainer.step(data[rows])
        assert all(loss.isfinite() for loss in losses)
        return clock() - start

    def product(a, b):
        return (a @ b)[0, 0].item()

    def random(size, dtype):
        return torch.randn(size, size).to(getattr(torch, dtype))

    return train, product, random


def peak_gflops(product, random, dtype, size=3072):
    a, b = random(size, dtype), random(size, dtype)
    seconds = []
    for _ in range(8):
        start = clock()
        product(a, b)
        seconds.append(clock() - start)
    return 2e-9 * size**3 / min(seconds)


def peak_memory_mb():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def work(name):
    """Answers the parent's orders, one a line, with one JSON line each."""
    answers = sys.stdout
    sys.stdout = sys.stderr
    make = keras_worker if name.startswith("keras") else pytorch_worker
    train, product, random = make(**SETTINGS[name])
    train(2)
    print(json.dumps(peak_memory_mb()), file=answers, flush=True)
    for line in sys.stdin:
        order, argument = line.split()
        if order == "train":
            answer = BATCH * int(argument) / train(int(argument))
        elif order == "memory":
            answer = peak_memory_mb()
        else:
            answer = peak_gflops(product, random, argument)
        print(json.dumps(answer), file=answers, flush=True)


class Worker:
    def __init__(self, name):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} died: run it with --worker")
        return json.loads(line)

    def __call__(self, order, argument="-"):
        print(order, argument, file=self.process.stdin, flush=True)
        return self.answer()


def dtype_of(name):
    return "bfloat16" if "bfloat16" in name else "float32"


def best(names, speeds):
    return max(names, key=lambda n: statistics.median(speeds[n]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, help="of each framework")
    parser.add_argument("--only", help="settings with this in their names")
    parser.add_argument("--cpu-time", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        work(args.worker)
        return
    rounds = args.rounds or (3 if args.quick else 9)
    steps = args.steps or (5 if args.quick else 20)
    if args.cpu_time:
        os.environ["BENCHMARK_CLOCK"] = "cpu"
    if args.threads:
        os.environ["OMP_NUM_THREADS"] = str(args.threads)
        os.environ["TF_NUM_INTRAOP_THREADS"] = str(args.threads)
        os.environ["TF_NUM_INTEROP_THREADS"] = str(args.threads)
    names = [n for n in SETTINGS if not (args.quick and "compile" in n)]
    if args.only:
        names = [n for n in names if args.only in n]
    workers = {}
    for name in names:
        print(f"warming up {name}", file=sys.stderr)
        workers[name] = Worker(name)
    speeds = {name: [] for name in names}
    for i in range(rounds):
        for name in names if i % 2 else names[::-1]:
            speeds[name].append(workers[name]("train", steps))
        latest = ", ".join(f"{speeds[name][-1]:.1f}" for name in names)
        print(f"round {i + 1} of {rounds}: {latest}", file=sys.stderr)
    memory = {name: workers[name]("memory") for name in names}
    ours = best([n for n in names if n.startswith("keras")], speeds)
    theirs = best([n for n in names if n.startswith("pytorch")], speeds)
    peaks = {
        dtype: max(workers[n]("peak", dtype) for n in (ours, theirs))
        for dtype in ("float32", "bfloat16")
    }
    for worker in workers.values():
        worker.process.stdin.close()
        worker.process.wait()

    gflops = flops_per_step() / 1e9
    for dtype, peak in peaks.items():
        print(f"matrix-product peak, {dtype}: {peak:.0f} GFLOP/s")
    print(f"one step of batch {BATCH}: {gflops:.1f} GFLOP")
    print(f"{'':48}   images/s (range)      peak MB   of peak")
    for name in names:
        speed = statistics.median(speeds[name])
        share = gflops * speed / BATCH / peaks[dtype_of(name)]
        spread = f"({min(speeds[name]):.1f}-{max(speeds[name]):.1f})"
        print(
            f"{name:48}{speed:8.1f} {spread:15}{memory[name]:10.0f}{share:9.0%}"
        )
    ratios = [a / b for a, b in zip(speeds[ours], speeds[theirs], strict=True)]
    print(
        f"{ours} / {theirs}: {statistics.median(ratios):.2f} (median of "
        f"{rounds} rounds, {min(ratios):.2f}-{max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
