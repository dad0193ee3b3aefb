"""Speed of DF-GAN's training step and of drawing, beside plain PyTorch.

    python tests/benchmarks/words_speed.py --size 64 --batch 16
    KERAS_BACKEND=jax python tests/benchmarks/words_speed.py --rounds 3

Both have the same layers, and the same weights: keras_gans writes its own to a
file, and the PyTorch model that reads them must draw the same images and judge
them alike, or the run ends. A training step of keras_gans is `fit` with its
feed and its text encoder, frozen; PyTorch is handed sentence features. Drawing
is one prompt at a time, and a batch of prompts: `generate` with sentences as
strings, and PyTorch's generator with features. Each side has a warm process of
its own, one works at a time, and they take turns in an order that is reversed
every time. Ratios are taken within a round, over the setting of PyTorch that
is the fastest; the median counts. Linux only.
"""

import argparse
import os
import pathlib
import tempfile
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

LATENTS, SENTENCE = 100, 256
PYTORCH = {"pytorch": False, "pytorch channels_last": True}
PROMPTS = ("red blue", "green pink")


def keras_gans_gan(setting):
    """Returns a compiled DF-GAN whose text encoder is frozen."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    import keras_gans

    _, size, _, width, _ = setting
    gan = keras_gans.DFGAN(
        (size, size, 3),
        latent_dim=LATENTS,
        width=width,
        text_dim=SENTENCE,
        train_text=False,
        seed=0,
    )
    gan.compile()
    return gan


def write_weights(setting):
    """Writes weights, and what Keras's networks make with them."""
    from df_gan_weights import discriminator_state, generator_state
    from keras import ops

    gan, (*_, path) = keras_gans_gan(setting), setting
    rng = np.random.default_rng(0)
    for weight in (*gan.painter.weights, *gan.discriminator.weights):
        # No layer is to be a layer of zeros, which hides what is before it.
        noise = 0.02 * rng.standard_normal(tuple(weight.shape))
        weight.assign(ops.convert_to_numpy(weight) + noise)
    latents = rng.standard_normal((4, LATENTS)).astype("float32")
    sentences = rng.standard_normal((4, SENTENCE)).astype("float32")
    images = ops.convert_to_numpy(gan.painter([latents, sentences]))
    logits = gan.discriminator([images, sentences])
    arrays = {
        "latents": latents,
        "sentences": sentences,
        "images": images,
        "logits": ops.convert_to_numpy(logits),
    }
    states = {
        "g": generator_state(gan.painter),
        "d": discriminator_state(gan.discriminator),
    }
    for player, state in states.items():
        arrays.update({f"{player}:{n}": v for n, v in state.items()})
    np.savez(path, **arrays)


def pytorch_training(setting, channels_last):
    """Returns PyTorch's players, with the weights and answers of Keras's."""
    import pytorch_df_gan
    import torch

    _, size, _, width, path = setting
    arrays = {n: torch.from_numpy(v) for n, v in np.load(path).items()}
    players = {
        "g": pytorch_df_gan.Generator(size, width, LATENTS, SENTENCE),
        "d": pytorch_df_gan.Discriminator(size, width, SENTENCE),
    }
    for player, network in players.items():
        network.load_state_dict(
            {
                name.removeprefix(f"{player}:"): values
                for name, values in arrays.items()
                if name.startswith(f"{player}:")
            }
        )
        if channels_last:
            network.to(memory_format=torch.channels_last)
    with torch.no_grad():
        made = players["g"](arrays["latents"], arrays["sentences"])
        wanted = arrays["images"].permute(0, 3, 1, 2)
        torch.testing.assert_close(made, wanted, rtol=1e-3, atol=1e-4)
        said = players["d"].judge(
            players["d"].features(wanted), arrays["sentences"]
        )
        torch.testing.assert_close(said, arrays["logits"], rtol=1e-3, atol=1e-3)
    return pytorch_df_gan.Training(players["g"], players["d"])


def keras_gans_work(setting):
    """Returns what does some work with keras_gans, and takes its seconds."""
    kind, size, batch, _, _ = setting
    gan = keras_gans_gan(setting)
    rng = np.random.default_rng(0)
    if kind == "train":
        rows = {
            "images": rng.integers(0, 256, (64, size, size, 3), np.uint8),
            "prompts": gan.takes["prompts"].noise(64, rng),
        }
        return timed_fits(gan, rows, batch)
    return timed(lambda: gan.generate(prompts=list(prompts(batch)), seed=0))


def pytorch_work(setting, channels_last):
    """The same with plain PyTorch."""
    import torch

    kind, size, batch, _, _ = setting
    training = pytorch_training(setting, channels_last)
    images = torch.rand(64, 3, size, size) * 2 - 1
    if channels_last:
        images = images.contiguous(memory_format=torch.channels_last)
    sentences = torch.randn(64, SENTENCE)

    def step():
        chosen = torch.randint(64, (batch,))
        read = sentences[chosen]
        real, wrong = images[chosen], read.roll(-1, 0)
        losses = training.step(real, read, wrong, torch.randn(batch, LATENTS))
        assert np.isfinite(losses).all()

    def draw():
        with torch.no_grad():
            made = training.generator(
                torch.randn(batch, LATENTS), sentences[:batch]
            )
        return made.permute(0, 2, 3, 1).numpy()

    return timed(step if kind == "train" else draw)


def prompts(num):
    """Returns prompts in turn."""
    return [PROMPTS[i % len(PROMPTS)] for i in range(num)]


def timed(function):
    """Returns what calls a function some times, and takes the seconds."""

    def run(times):
        start = time.perf_counter()
        for _ in range(times):
            function()
        return time.perf_counter() - start

    return run


def work(orders, name, setting):
    """Works, in a process of its own, as often as it is told to."""
    if name in PYTORCH:
        run = pytorch_work(setting, PYTORCH[name])
    else:
        run = keras_gans_work(setting)
    obey(orders, run, setting[2])
    orders.send(peak_memory_mb())


def write(orders, name, setting):
    """Writes the weights, in a process of its own."""
    write_weights(setting)
    orders.send("ready")
    orders.recv()
    orders.send(0)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10, help="in each round")
    args = parser.parse_args()
    ours = f"keras_gans ({BACKEND})"
    print(
        f"{args.rounds} rounds of {args.steps} steps, {args.size}x{args.size}, "
        f"width {args.width}, float32; load of other work at the start "
        f"{os.getloadavg()[0]:.1f}; {versions()}; {processor()}\n\n"
        "| work | setting | images/s | over the fastest PyTorch | peak MB |"
        "\n|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder, "weights.npz"))
        setting = ("train", args.size, args.batch, args.width, path)
        measure(["weights"], 0, 0, write, setting)
        for kind, batch in ("train", args.batch), ("draw", 1), ("draw", 64):
            setting = (kind, args.size, batch, args.width, path)
            speeds, memory = measure(
                [ours, *PYTORCH], args.rounds, args.steps, work, setting
            )
            for name in speeds:
                cells = row(name, list(PYTORCH), speeds, memory, 2)
                print(f"| {kind}, batch {batch} {cells}")


if __name__ == "__main__":
    main()
