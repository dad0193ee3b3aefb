"""Speed and memory of Pix2Pix and CycleGAN training beside plain PyTorch.

    python tests/benchmarks/translation_speed.py --variant CycleGAN --size 128
    KERAS_BACKEND=jax python tests/benchmarks/translation_speed.py

The networks are the papers': a U-Net and a PatchGAN of pairs, or two ResNets
and two PatchGANs, both of width 64, in float32. As in `train_step.py` each
setting has a warm process of its own, one works at a time, and they take turns
in an order that is reversed every time. keras_gans goes through `fit` with its
feed. Ratios are taken within a round, over the setting of PyTorch that is the
fastest; the median counts. `taskset -c 0` in front of the command measures one
core. Linux on x86 only.
"""

import argparse
import os
import time

import numpy as np
from train_step import (
    BACKEND,
    measure,
    obey,
    peak_memory_mb,
    processor,
    row,
    timed_fits,
    versions,
)

PYTORCH = {
    "pytorch": {},
    "pytorch channels_last": {"channels_last": True},
    "pytorch channels_last compile": {"channels_last": True, "compile": True},
}


def images(size, num=16):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (2, num, size, size, 3), dtype=np.uint8)


def keras_gans_player(variant, size, batch, width):
    """Returns what trains for some steps, and takes their seconds."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    import keras_gans

    gan = getattr(keras_gans, variant)((size, size, 3), width=width, seed=0)
    gan.compile()
    rows = dict(zip(gan.learns_from, images(size), strict=True))
    return timed_fits(gan, rows, batch)


def pytorch_player(variant, size, batch, width, **settings):
    """The same with plain PyTorch."""
    import pytorch_translation
    import torch

    torch.manual_seed(0)
    trainer = getattr(pytorch_translation, variant)(size, width, **settings)
    a, b = torch.from_numpy(images(size)).permute(0, 1, 4, 2, 3)

    def train(steps):
        start = time.perf_counter()
        for _ in range(steps):
            rows = torch.randint(len(a), (2, batch))
            losses = trainer.step(a[rows[0]], b[rows[1]])
        assert all(loss.isfinite() for loss in losses)
        return time.perf_counter() - start

    return train


def work(orders, name, setting):
    """Trains, in a process of its own, as often as it is told to."""
    if name.startswith("pytorch"):
        train = pytorch_player(*setting, **PYTORCH[name])
    else:
        train = keras_gans_player(*setting)
    obey(orders, train, setting[2])
    orders.send(peak_memory_mb())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--variant", nargs="+", default=["Pix2Pix", "CycleGAN"])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--only", default="", help="part of the names to take")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10, help="in each round")
    args = parser.parse_args()
    ours = f"keras_gans ({BACKEND})"
    names = [n for n in (ours, *PYTORCH) if args.only in n]
    load = os.getloadavg()[0]
    print(
        f"{args.rounds} rounds of {args.steps} steps of {args.batch} images of "
        f"{args.size}x{args.size}, width {args.width}, float32; load of other "
        f"work at the start {load:.1f}; {versions()}; {processor()}\n\n"
        "| variant | setting | images/s | over the fastest PyTorch | peak MB |"
        "\n|---|---|---|---|---|"
    )
    for variant in args.variant:
        setting = (variant, args.size, args.batch, args.width)
        speeds, memory = measure(names, args.rounds, args.steps, work, setting)
        pytorch = [n for n in names if n in PYTORCH]
        for name in names:
            print(f"| {variant} {row(name, pytorch, speeds, memory, 2)}")


if __name__ == "__main__":
    main()
