"""How many modes each loss and each remedy against collapse finds.

    KERAS_BACKEND=jax python tests/benchmarks/modes.py ring grid
    KERAS_BACKEND=jax python tests/benchmarks/modes.py stacked --part 0 4
    python tests/benchmarks/modes.py --table

Every loss of `keras_gans.losses` and every remedy of `METHODS` is trained on
a set, with three seeds. A run is a line of `--out`, and one that has a line is
not made again: a killed benchmark goes on, and several processes share the
runs by `--part K N`, each with an `--out` of its own or all with the same.

- ring: 8 Gaussians on a circle of radius 1, of deviation 0.01;
- grid: 25 Gaussians, 2 apart, of deviation 0.05 (both: Srivastava et al. 2017,
  section 4.1, and Lin et al. 2018, section 4.1). Of 2,500 samples a good one
  is within three deviations of a centre, and a mode is found that has one.
- stacked: MNIST's digits in three channels, 1,000 modes, as Lin et al. 2018,
  section 4.2: 26,000 samples, the networks and the optimizers of their DCGAN
  (batches of 64, 100,000 steps, 128,000 images), with latents of N(0, 1) where
  theirs are uniform, and one step of G for one of D where their code takes two.
  Penalties on gradients go without D's batch norm. KL is of the modes'
  frequencies from the uniform distribution.

The networks of the points are smaller than theirs, without batch norm, and
trained for a shorter time: `DEPTH` layers of `UNITS`, 10,000 steps of 120
points (theirs 400,000 of 100) with a rate that falls from 1e-3 to 0 on half a
cosine.
A packed D sees as many points as the others, and so has fewer logits; theirs
has as many.
"""

import argparse
import functools
import os
import pathlib
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers
from mode_methods import METHODS, stabilizers_of
from mode_tables import table
from results_files import read, run_missing

import keras_gans
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import (
    MinibatchDiscrimination,
    MinibatchStandardDeviation,
    SpectralConv2D,
    SpectralDense,
)
from keras_gans.modalities import Image, Latents

UNITS, DEPTH, BATCH = 128, 3, 120
STEPS = {"ring": 10_000, "grid": 10_000, "stacked": 100_000}
CENTRES = {
    "ring": [
        (np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 8, False)
    ],
    "grid": [(x, y) for x in range(-4, 5, 2) for y in range(-4, 5, 2)],
}
DEVIATION = {"ring": 0.01, "grid": 0.05}


class Points(Image):
    """Points of a plane, as images of one pixel, of any range."""

    def check(self, values, name="images"):
        return np.asarray(values, "float32")

    check_data = check


def point_generator():
    z = x = keras.Input((2,))
    for _ in range(DEPTH):
        x = layers.Dense(UNITS, "relu", kernel_initializer="he_normal")(x)
    return keras.Model(z, layers.Reshape((1, 1, 2))(layers.Dense(2)(x)))


def point_discriminator(layer):
    dense = SpectralDense if layer == "spectral" else layers.Dense
    points = keras.Input((1, 1, 2))
    x = layers.Flatten()(points)
    for _ in range(DEPTH):
        x = layers.LeakyReLU(0.2)(dense(UNITS)(x))
    return keras.Model(points, dense(1)(across_the_batch(x, layer)))


def across_the_batch(x, layer):
    """Adds a layer that compares the rows of a batch, where a method has it."""
    if layer == "discrimination":
        return MinibatchDiscrimination(20)(x)  # compares all pairs
    if layer == "deviation":
        x = layers.Reshape((1, 1, x.shape[-1]))(x)
        return layers.Flatten()(MinibatchStandardDeviation()(x))
    return x


def stack_generator(width=64):
    z = keras.Input((100,))
    x = layers.Dense(2 * 2 * 8 * width)(z)
    x = layers.Reshape((2, 2, 8 * width))(x)
    for side, filters in ((4, 4), (7, 2), (14, 1)):
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.Conv2DTranspose(filters * width, 5, 2, "same")(x)
        x = layers.Cropping2D(((0, x.shape[1] - side),) * 2)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Conv2DTranspose(3, 5, 2, "same", activation="tanh")(x)
    return keras.Model(z, x)


def stack_discriminator(layer, has_norm, width=64):
    is_spectral = layer == "spectral"
    conv = SpectralConv2D if is_spectral else layers.Conv2D
    images = x = keras.Input((28, 28, 3))
    for i in range(4):
        x = conv(2**i * width, 5, strides=2, padding="same")(x)
        if i and has_norm and not is_spectral:
            x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU(0.2)(x)
    x = across_the_batch(layers.Flatten()(x), layer)
    dense = SpectralDense if is_spectral else layers.Dense
    return keras.Model(images, dense(1)(x))


class ModesGAN(TwoPlayerGAN):
    """A method's loss and stabilizers on a set's networks."""

    def __init__(self, where, method, seed, steps):
        chosen = METHODS[method]
        layer = chosen.get("layer")
        critic_steps = chosen.get("critic_steps", 1)
        build, judge = point_generator, point_discriminator
        if where == "stacked":
            build, judge = stack_generator, stack_discriminator
            judge = functools.partial(judge, has_norm=not chosen.get("penalty"))
        images = Points(1, 1, 2) if where != "stacked" else Image(28, 28, 3)
        super().__init__(
            build,
            functools.partial(judge, layer),
            {"latents": Latents(100 if where == "stacked" else 2)},
            chosen["loss"],
            critic_steps,
            makes={"images": images},
            stabilizers=stabilizers_of(method, where, steps),
            seed=seed,
        )
        self.where = where
        self.num_steps = steps

    def default_optimizers(self):
        def adam(steps):
            fall = keras.optimizers.schedules.CosineDecay(1e-3, steps)
            rate = 2e-4 if self.where == "stacked" else fall
            return keras.optimizers.Adam(rate, 0.5)

        steps = {"generator": 1, "discriminator": self.critic_steps}
        return {p: adam(self.num_steps * k) for p, k in steps.items()}


def points(where, num, seed):
    """Returns points (num, 1, 1, 2) of a set."""
    rng = np.random.default_rng(seed)
    centres = np.array(CENTRES[where], "float32")
    chosen = centres[rng.integers(len(centres), size=num)]
    made = chosen + DEVIATION[where] * rng.standard_normal((num, 2))
    return made.astype("float32")[:, None, None]


def score_points(where, made):
    """Returns the modes that are found, and the share of good samples."""
    made, centres = made.reshape(-1, 1, 2), np.array(CENTRES[where])
    apart = np.linalg.norm(made - centres, axis=-1)
    good = apart.min(axis=1) <= 3 * DEVIATION[where]
    found = np.unique(apart.argmin(axis=1)[good])
    return {"modes": len(found), "good": float(good.mean())}


@functools.cache
def stacks(mnist, folder):
    """Returns a source of stacked digits, and what scores such images."""
    from stacked_mnist import Stacks, digits_in, modes, train_classifier

    source = keras_gans.data.load(mnist)
    digits, labels = source[np.arange(len(source))], np.asarray(source.labels)
    weights = folder / "mnist_digits.keras"
    if weights.exists():
        classifier = keras.models.load_model(weights)
    else:
        classifier = train_classifier(digits, labels)
        own = folder / f"mnist_digits_{os.getpid()}.keras"
        classifier.save(own)
        own.replace(weights)  # whole, for other processes

    def score(made):
        count, divergence = modes(digits_in(classifier, made))
        return {"modes": count, "kl": divergence}

    return Stacks(digits, 128_000, seed=0), score


def run(where, method, seed, steps, mnist, folder):
    """Trains, and returns a line of the results."""
    begun = time.time()
    if where == "stacked":
        data, score = stacks(mnist, folder)
    else:
        data = points(where, 100_000, seed)
        score = functools.partial(score_points, where)
    gan = ModesGAN(where, method, seed, steps)
    gan.compile()
    gan.fit(
        data,
        batch_size=METHODS[method].get("batch", 64)
        if where == "stacked"
        else BATCH,
        steps_per_epoch=steps,
        verbose=0,
    )
    made = gan.generate(26_000 if where == "stacked" else 2_500, seed=0)
    is_finite = bool(np.isfinite(made).all())
    scores = score(made) if is_finite else {"modes": 0, "diverged": True}
    return {
        "set": where,
        "method": method,
        "seed": seed,
        "steps": steps,
        **scores,
        "seconds": round(time.time() - begun, 1),
        "backend": keras.backend.backend(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", help=f"of {list(STEPS)}")
    parser.add_argument("--methods", nargs="+", choices=METHODS, metavar="M")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, help="of G, for each run")
    parser.add_argument("--mnist", default="mnist", help="or its IDX files")
    parser.add_argument("--part", nargs=2, type=int, default=[0, 1])
    parser.add_argument("--table", action="store_true")
    here = pathlib.Path(__file__).parent / "results" / "modes.jsonl"
    parser.add_argument("--out", type=pathlib.Path, default=here)
    args = parser.parse_args()
    if args.table:
        print(table(read(args.out), METHODS))
        return
    wanted = [
        (where, method, seed)
        for seed in args.seeds
        for where in args.sets
        for method in args.methods or METHODS
        if stabilizers_of(method, where, 1) is not None
    ]

    def train(where, method, seed):
        steps = args.steps or STEPS[where]
        return run(where, method, seed, steps, args.mnist, args.out.parent)

    run_missing(args.out, ("set", "method", "seed"), wanted, args.part, train)


if __name__ == "__main__":
    main()
