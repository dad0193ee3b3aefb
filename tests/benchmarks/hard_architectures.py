"""Trains WGAN-GP and DCGAN on architectures that are hard to train.

    python tests/benchmarks/hard_architectures.py --cases no_norm tanh \\
        --steps 4000 --batch 64 --rate 5e-4
    python tests/benchmarks/hard_architectures.py --cases deep --rate 5e-4

Three of the six of Gulrajani et al. 2017, figure 2, sized for a CPU: no
normalisation in either network, tanh in place of every rectifier, and residual
networks of 63 convolutions each, the one of a shortcut aside. Both variants
get the same networks, but for the critic's batch norm, which a gradient
penalty rules out: DCGAN's has it where the paper's does. Each keeps its own
paper's optimizers and critic steps, and takes as many steps of the generator;
`--rate` is for WGAN-GP alone, whose 1e-4 is slow at widths this small. A line
of JSON is printed for each.
"""

import argparse
import json
import pathlib

import keras
from keras import layers

import keras_gans
from keras_gans.cli.building import compile_gan
from keras_gans.engine.building import building
from keras_gans.networks.dcgan import INIT, batch_norm
from keras_gans.networks.residual import residual_down, residual_up
from keras_gans.pictures import save_grid

LATENTS, WIDTH = 128, 32


def convolutional(activation, norm_in_g, norm_in_d):
    """DCGAN's networks with another nonlinearity and less norm."""

    def generator(z):
        x = layers.Dense(7 * 7 * 2 * WIDTH, **INIT)(z)
        x = layers.Reshape((7, 7, 2 * WIDTH))(x)
        x = layers.Activation(activation)(norm_in_g(x))
        x = layers.Conv2DTranspose(WIDTH, 4, 2, "same", **INIT)(x)
        x = layers.Activation(activation)(norm_in_g(x))
        return layers.Conv2DTranspose(1, 4, 2, "same", **INIT)(x)

    def discriminator(x):
        x = layers.Conv2D(WIDTH, 4, 2, "same", **INIT)(x)
        x = layers.Activation(activation)(x)
        x = layers.Conv2D(2 * WIDTH, 4, 2, "same", **INIT)(x)
        x = layers.Activation(activation)(norm_in_d(x))
        return layers.Flatten()(x)

    return generator, discriminator


def deep(norm_in_g, norm_in_d, width=8, at_7x7=24, at_14x14=6):
    """Residual networks of 30 blocks, narrow and deep."""

    def conv(filters, size):
        return layers.Conv2D(
            filters, size, padding="same", kernel_initializer="he_uniform"
        )

    def residual(x, norm):
        y = conv(width, 3)(layers.ReLU()(norm(x)))
        return x + conv(width, 3)(layers.ReLU()(norm(y)))

    def generator(z):
        x = layers.Reshape((7, 7, width))(layers.Dense(7 * 7 * width)(z))
        for _ in range(at_7x7):
            x = residual(x, norm_in_g)
        x = residual_up(x, width, conv, norm_in_g)
        for _ in range(at_14x14):
            x = residual(x, norm_in_g)
        x = layers.ReLU()(norm_in_g(x))
        return layers.Conv2DTranspose(1, 4, 2, "same", **INIT)(x)

    def discriminator(x):
        x = layers.Conv2D(width, 4, 2, "same", **INIT)(x)
        for _ in range(at_14x14):
            x = residual(x, norm_in_d)
        x = residual_down(x, width, conv)
        for _ in range(at_7x7):
            x = residual(x, norm_in_d)
        return layers.GlobalAveragePooling2D()(layers.ReLU()(x))

    return generator, discriminator


def norm(x):
    return batch_norm(False)(x)


def none(x):
    return x


# What both get, by whether the discriminator may have batch norm.
CASES = {
    "no_norm": lambda norm_in_d: convolutional("relu", none, none),
    "tanh": lambda norm_in_d: convolutional("tanh", norm, norm_in_d),
    "deep": lambda norm_in_d: deep(norm, norm_in_d),
}


def build(variant, case):
    """Returns the two networks."""
    bodies = CASES[case](norm if variant == "DCGAN" else none)
    z, images = keras.Input((LATENTS,)), keras.Input((28, 28, 1))
    with building(seed=0):
        made = layers.Activation("tanh", dtype="float32")(bodies[0](z))
        verdict = layers.Dense(1, use_bias=variant == "DCGAN", dtype="float32")
        logits = verdict(bodies[1](images))
    return keras.Model(z, made), keras.Model(images, logits)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--cases", nargs="+", default=list(CASES))
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--num-samples", type=int, default=10_000)
    parser.add_argument("--out", type=pathlib.Path, default="runs/hard")
    args = parser.parse_args()
    images = keras_gans.data.load(args.data)
    real = keras_gans.metrics.feature_statistics(images)
    for case in args.cases:
        for variant in ("WGANGP", "DCGAN"):
            generator, discriminator = build(variant, case)
            gan = getattr(keras_gans, variant)(
                (28, 28, 1),
                latent_dim=LATENTS,
                generator=generator,
                discriminator=discriminator,
                ema_decay=0.99,
                seed=0,
            )
            compile_gan(gan, [str(args.rate)] if variant == "WGANGP" else [])
            losses = gan.fit(
                images,
                batch_size=args.batch,
                steps_per_epoch=args.steps,
                verbose=0,
            ).history
            made = gan.generate(args.num_samples, seed=0)
            out = args.out / f"{case}_{variant}.png"
            out.parent.mkdir(parents=True, exist_ok=True)
            save_grid(out, made[:100], scale=2)
            result = {
                "case": case,
                "variant": variant,
                "fid": keras_gans.metrics.fid(real, made).value,
                "feature_network": "fashion_mnist_classifier",
                "num_real": len(images),
                "num_fake": args.num_samples,
                "steps": args.steps,
                "batch": args.batch,
                "seed": 0,
                "rate": float(gan.optimizer["generator"].learning_rate),
                **{k: round(v[-1], 4) for k, v in losses.items()},
            }
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
