"""Draws ways between latents, and sums of them.

    python tests/benchmarks/latent_pictures.py dcgan_fashion_mnist FOLDER

`interpolation.png`: each row goes from one latent to another along the sphere,
which keeps the length of what N(0, I) draws. `arithmetic.png`, as figure 7 of
Radford et al. 2015: three samples each of a, b and c with their means, and what
the generator makes of mean(a) - mean(b) + mean(c), itself first and then with
uniform noise of +-0.25 added. The samples of a class are the three of 2,000
that the Fashion-MNIST classifier is surest of, seed 0; none was picked by eye.
"""

import argparse
import pathlib

import numpy as np

import keras_gans
from keras_gans import metrics
from keras_gans.pictures import save_grid

CLASSES = [
    *("t-shirt", "trouser", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "boot"),
]


def interpolate(start, end, steps):
    """Returns the latents on the great circle from one to another."""
    cosine = start @ end / np.linalg.norm(start) / np.linalg.norm(end)
    angle = np.arccos(cosine)
    part = np.linspace(0, 1, steps)[:, None]
    weights = np.sin((1 - part) * angle), np.sin(part * angle)
    return (weights[0] * start + weights[1] * end) / np.sin(angle)


def surest(latents, images, label):
    """Returns the three latents whose images are surest of a class."""
    features = metrics.compute_features(images, "fashion_mnist_classifier")
    logits = features.head(features.features)
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    return latents[np.argsort(-shares[:, CLASSES.index(label)])[:3]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--a", default="pullover", choices=CLASSES)
    parser.add_argument("--b", default="t-shirt", choices=CLASSES)
    parser.add_argument("--c", default="dress", choices=CLASSES)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    gan = keras_gans.AdversarialModel.from_preset(args.preset)

    def draw(latents):
        latents = np.asarray(latents, "float32")
        return gan.generate(len(latents), latents=latents)

    ends = gan.sample_latents(16, args.seed)
    ways = [
        interpolate(a, b, 12) for a, b in zip(ends[:8], ends[8:], strict=True)
    ]
    save_grid(
        args.folder / "interpolation.png",
        draw(np.concatenate(ways)),
        columns=12,
        scale=2,
    )
    latents = gan.sample_latents(2000, args.seed)
    images = draw(latents)
    rows, total = [], 0
    for label, sign in ((args.a, 1), (args.b, -1), (args.c, 1)):
        three = surest(latents, images, label)
        rows.append(np.concatenate([three, three.mean(0)[None]]))
        total = total + sign * three.mean(0)
    rng = np.random.default_rng(args.seed)
    noise = rng.uniform(-0.25, 0.25, (4, gan.latent_dim))
    noise[0] = 0
    rows.append(total + noise)
    save_grid(
        args.folder / "arithmetic.png",
        draw(np.concatenate(rows)),
        columns=4,
        scale=3,
    )


if __name__ == "__main__":
    main()
