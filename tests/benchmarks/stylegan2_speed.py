"""Speed and memory of StyleGAN2 training beside stylegan2-ada-pytorch.

    git clone https://github.com/NVlabs/stylegan2-ada-pytorch
    python tests/benchmarks/stylegan2_speed.py stylegan2-ada-pytorch

Both train networks of the same layers in float32 with the same lazy terms (R1
every 16 steps, the path length every 4), style mixing and an average of the
weights. On a CPU the reference runs its plain operations. As in `train_step.py`
each setting has a warm process of its own, one works at a time, and ratios are
taken within a round, over the setting of the reference that is the fastest;
the median counts. Linux on x86 only.
"""

import argparse
import copy
import os
import sys
import time
import warnings

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

REFERENCE = {"reference": False, "reference channels_last": True}
"""The settings of the reference, and whether maps are held channels-last."""


def keras_gans_player(size, batch, width):
    """Returns what trains for some steps, and takes their seconds."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    import keras_gans

    gan = keras_gans.StyleGAN2(
        (size, size, 3), latent_dim=width, width=width, seed=0
    )
    gan.compile()
    return timed_fits(gan, images(size), batch)


def images(size, num=64):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (num, size, size, 3), dtype=np.uint8)


def reference_player(size, batch, width, folder, channels_last):
    """The same with the reference's networks, loss and phases."""
    sys.path.insert(0, folder)
    warnings.simplefilter("ignore")
    import torch
    from training.loss import StyleGAN2Loss
    from training.networks import Discriminator, Generator

    torch.manual_seed(0)
    sizes = {"channel_base": 16384, "channel_max": width}
    shape = {"c_dim": 0, "img_resolution": size, "img_channels": 3}
    g = Generator(
        z_dim=width,
        w_dim=width,
        mapping_kwargs={"num_layers": 8},
        synthesis_kwargs=sizes,
        **shape,
    )
    d = Discriminator(**shape, **sizes, epilogue_kwargs={"mbstd_group_size": 4})
    average = copy.deepcopy(g).requires_grad_(False)
    if channels_last:
        g, d = (x.to(memory_format=torch.channels_last) for x in (g, d))
    gamma = 0.0002 * size**2 / 32
    loss = StyleGAN2Loss(
        torch.device("cpu"), g.mapping, g.synthesis, d, r1_gamma=gamma
    )
    adam = {
        network: torch.optim.Adam(
            network.parameters(), 2e-3 * c, (0.0, 0.99**c), 1e-8, fused=True
        )
        for network, c in ((g, 4 / 5), (d, 16 / 17))
    }
    rows = torch.from_numpy(images(size)).permute(0, 3, 1, 2)
    phases = [
        ("Gmain", g, d, 1),
        ("Greg", g, d, 4),
        ("Dmain", d, g, 1),
        ("Dreg", d, g, 16),
    ]
    state = {"step": 0}

    def one_step():
        real = rows[torch.randint(len(rows), (batch,))] / 127.5 - 1
        none = torch.zeros(batch, 0)
        for phase, learns, other, every in phases:
            if state["step"] % every:
                continue
            learns.requires_grad_(True)
            other.requires_grad_(False)
            adam[learns].zero_grad(set_to_none=True)
            z = torch.randn(batch, width)
            loss.accumulate_gradients(phase, real, none, z, none, True, every)
            adam[learns].step()
        with torch.no_grad():
            pairs = zip(average.parameters(), g.parameters(), strict=True)
            for mean, weight in pairs:
                mean.lerp_(weight, 0.002)
        state["step"] += 1

    def train(steps):
        start = time.perf_counter()
        for _ in range(steps):
            one_step()
        return time.perf_counter() - start

    return train


def work(orders, name, setting):
    """Trains, in a process of its own, as often as it is told to."""
    *sizes, folder = setting
    if name in REFERENCE:
        train = reference_player(*sizes, folder, REFERENCE[name])
    else:
        train = keras_gans_player(*sizes)
    obey(orders, train, sizes[1], first=17)
    orders.send(peak_memory_mb())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("reference", help="a clone of stylegan2-ada-pytorch")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=16, help="in each round")
    args = parser.parse_args()
    ours = f"keras_gans ({BACKEND})"
    names = [ours, *REFERENCE]
    load = os.getloadavg()[0]
    print(
        f"{args.rounds} rounds of {args.steps} steps of {args.batch} images of "
        f"{args.size}x{args.size}, width {args.width}, float32; load of other "
        f"work at the start {load:.1f}; {versions()}; {processor()}\n\n"
        "| setting | images/s | over the fastest reference | peak MB |"
        "\n|---|---|---|---|"
    )
    setting = (args.size, args.batch, args.width, args.reference)
    speeds, memory = measure(names, args.rounds, args.steps, work, setting)
    for name in names:
        print(row(name, [*REFERENCE], speeds, memory, 2))


if __name__ == "__main__":
    main()
