"""Speed and memory of DCGAN training beside plain PyTorch, in one run.

python tests/benchmarks/train_step.py --only float32
python tests/benchmarks/train_step.py --only bfloat16

Images of 64x64x3, batch 64, width 64, 100 latent dimensions. Every setting
has a warm process of its own, and one of them works at a time: in a round
each trains for some steps, in an order that is reversed every time, so that
whatever else the machine does hits all alike. keras_gans goes through `fit`
with its feed. Ratios are taken within a round, over the setting of PyTorch
that is the fastest in the same type; the median counts.

Only the settings that are asked for are measured. Processors without bfloat16
instructions emulate it, which takes hours. `taskset -c 0` in front of the
command measures one core. Linux on x86 only. Other work slows PyTorch down
more than TensorFlow: the load at the start is printed, and should be near 0.

The share of the peak is the arithmetic that the algorithm needs (its layers'
products, with the generator run once per step) over what a large matrix
product of the same type reaches in the fastest of the processes.
"""

import argparse
import multiprocessing
import os
import pathlib
import statistics
import sys
import time
from importlib import metadata

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

BATCH, SIZE, CHANNELS, LATENTS, WIDTH = 64, 64, 3, 100, 64
BACKEND = os.environ.get("KERAS_BACKEND", "tensorflow")

SETTINGS = {}
for dtype in ("float32", "bfloat16"):
    SETTINGS[f"keras_gans ({BACKEND}) {dtype}"] = {"dtype": dtype}
    if (BACKEND, dtype) == ("tensorflow", "float32"):
        off = {"dtype": dtype, "onednn": False}
        SETTINGS[f"keras_gans ({BACKEND}) {dtype} oneDNN off"] = off
    # PyTorch's example also computes, and discards, the discriminator's weight
    # gradients in the generator's phase ("freeze" does not, as keras_gans).
    for options in (
        (),
        ("freeze",),
        ("freeze", "channels_last"),
        ("freeze", "channels_last", "compile"),
    ):
        name = " ".join(("pytorch", dtype, *options))
        SETTINGS[name] = {"dtype": dtype, **dict.fromkeys(options, True)}


def processor():
    """Names the processor and what the figures depend on."""
    first = pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    fields = dict(line.split(":", 1) for line in first.splitlines())
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    kinds = {"avx2", "avx512_vnni", "avx512_bf16", "amx_bf16"}
    found = " ".join(sorted(kinds & set(fields["flags"].split())))
    held = os.environ.get("ONEDNN_MAX_CPU_ISA")
    return (
        f"{fields['model name']} (family {fields['cpu family']}, model "
        f"{fields['model']}: {found}), {len(os.sched_getaffinity(0))} cores"
        + (f", NOT AS IT IS: oneDNN held to {held}" if held else "")
    )


def versions():
    """Names what computes; not every one of them need be installed."""
    found = {d.name: d.version for d in metadata.distributions()}
    names = (BACKEND, "keras", "torch")
    return ", ".join(f"{n} {found[n]}" for n in names if n in found)


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


def keras_gans_player(dtype, onednn=True):
    """Returns what trains for some steps, and a matrix product."""
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = str(int(onednn))
    import keras

    import keras_gans

    gan = keras_gans.DCGAN(
        image_shape=(SIZE, SIZE, CHANNELS),
        latent_dim=LATENTS,
        width=WIDTH,
        dtype=dtype if dtype == "float32" else f"mixed_{dtype}",
        seed=0,
    )
    gan.compile()
    train = timed_fits(gan, images(), BATCH)

    def product(size):
        a, b = keras.random.normal((2, size, size), dtype=dtype)
        return lambda: float(keras.ops.matmul(a, b)[0, 0])

    return train, product


def pytorch_player(dtype, **options):
    """Returns what trains for some steps, and a matrix product."""
    import torch
    from pytorch_dcgan import Trainer

    torch.manual_seed(0)
    options["bfloat16"] = dtype == "bfloat16"
    trainer = Trainer(SIZE, CHANNELS, LATENTS, WIDTH, **options)
    data = torch.from_numpy(images()).permute(0, 3, 1, 2)

    def train(steps):
        start = time.perf_counter()
        order = torch.cat([torch.randperm(len(data)) for _ in range(steps)])
        for rows in order[: steps * BATCH].split(BATCH):
            losses = trainer.step(data[rows])
        assert all(loss.isfinite() for loss in losses)
        return time.perf_counter() - start

    def product(size):
        a, b = torch.randn(2, size, size).to(getattr(torch, dtype))
        return lambda: float((a @ b)[0, 0])

    return train, product


def peak_gflops(product, size=3072):
    multiply, seconds = product(size), []
    for _ in range(8):
        start = time.perf_counter()
        multiply()
        seconds.append(time.perf_counter() - start)
    return 2e-9 * size**3 / min(seconds)


def peak_memory_mb():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def obey(orders, run, rows, first=2):
    """Takes steps as often as a process is told to, and says how fast.

    Args:
        orders: The process's end of a pipe.
        run: Function of a number of steps that returns the seconds they took.
        rows: Rows in a step.
        first: Steps before the clock.
    """
    run(first)
    orders.send("ready")
    while steps := orders.recv():
        orders.send(rows * steps / run(steps))


def work(orders, name):
    """Trains, in a process of its own, as often as it is told to."""
    player = keras_gans_player if "keras" in name else pytorch_player
    train, product = player(**SETTINGS[name])
    obey(orders, train, BATCH)
    # In this order, since the product takes memory too.
    orders.send((peak_memory_mb(), peak_gflops(product)))


def start(name, work, setting):
    """Starts a process; returns the pipe to it once it has trained."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    spawn.Process(
        target=work, args=(theirs, name, *setting), daemon=True
    ).start()
    theirs.close()
    print(f"warming up {name}", file=sys.stderr)
    ours.recv()
    return ours


def measure(names, rounds, steps, work=work, *setting):
    """Returns by name: images a second in each round, `work`'s last word."""
    processes = {name: start(name, work, setting) for name in names}
    speeds = {name: [] for name in names}
    for i in range(rounds):
        for name in names if i % 2 else names[::-1]:
            processes[name].send(steps)
            speeds[name].append(processes[name].recv())
        latest = ", ".join(f"{speeds[name][-1]:.1f}" for name in names)
        print(f"round {i + 1} of {rounds}: {latest}", file=sys.stderr)
    ends = {}
    for name, process in processes.items():
        process.send(0)
        ends[name] = process.recv()
    for child in multiprocessing.active_children():
        child.join()
    return speeds, ends


def timed_fits(gan, data, batch):
    """Returns what trains by `fit` for some steps, and takes their seconds."""
    import keras

    class Stopwatch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            self.seconds = time.perf_counter() - self.start

    stopwatch = Stopwatch()

    def train(steps):
        gan.fit(
            data,
            batch_size=batch,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[stopwatch],
        )
        return stopwatch.seconds

    return train


def over_fastest(name, others, speeds):
    """Returns a setting's speed over the fastest other's, round by round."""
    if not others:
        return "not measured"
    fastest = max(others, key=lambda n: statistics.median(speeds[n]))
    pairs = zip(speeds[name], speeds[fastest], strict=True)
    return middle([a / b for a, b in pairs], 2)


def middle(values, digits):
    low, high = min(values), max(values)
    return (
        f"{statistics.median(values):.{digits}f} "
        f"({low:.{digits}f} to {high:.{digits}f})"
    )


def row(name, others, speeds, memory, digits):
    """Returns a row of Markdown: speed, ratio and peak MB of a setting."""
    ratio = over_fastest(name, others, speeds)
    return (
        f"| {name} | {middle(speeds[name], digits)} | {ratio} "
        f"| {memory[name]:.0f} |"
    )


def report(dtype, speeds, ends):
    """Prints one row of Markdown for each setting of a type."""
    names = [name for name in speeds if dtype in name]
    pytorch = [name for name in names if name.startswith("pytorch")]
    peak = max(gflops for _, gflops in (ends[name] for name in names))
    here = processor()
    for name in names:
        ratio = over_fastest(name, pytorch, speeds)
        speed = statistics.median(speeds[name])
        share = flops_per_step() / 1e9 * speed / BATCH / peak
        print(
            f"| {name} | {middle(speeds[name], 1)} | {ratio} "
            f"| {ends[name][0]:.0f} | {share:.0%} of {peak:.0f} | {here} |"
        )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", default="", help="part of the names to take")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10, help="in each round")
    args = parser.parse_args()
    names = [name for name in SETTINGS if args.only in name]
    if not names:
        parser.error(f"--only must be part of one of {', '.join(SETTINGS)}")
    load = os.getloadavg()[0]
    speeds, ends = measure(names, args.rounds, args.steps)
    print(
        f"{args.rounds} rounds of {args.steps} steps of {BATCH} images; load "
        f"of other work at the start {load:.1f}; {versions()}\n\n"
        "| setting | images/s | over the fastest PyTorch | peak MB "
        "| of the matrix-product peak, GFLOP/s | processor |\n"
        "|---|---|---|---|---|---|"
    )
    for dtype in ("float32", "bfloat16"):
        if any(dtype in name for name in names):
            report(dtype, speeds, ends)


if __name__ == "__main__":
    main()
