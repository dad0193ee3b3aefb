"""How many of the 1,000 modes of stacked MNIST a trained R3GAN makes.

KERAS_BACKEND=torch python tests/benchmarks/stacked_mnist.py --width 64 \\
    --blocks 1 --rate 1e-3 --gamma 10 --batch 32 --burn-in 12000 \\
    --steps 7000 --save-every 1000 --bfloat16
python tests/benchmarks/stacked_mnist.py --networks dcgan --width 32 \\
    --rate 5e-4 --steps 12000 --bfloat16
python tests/benchmarks/stacked_mnist.py --data FOLDER    # MNIST's IDX files

Three random digits are the red, the green and the blue channel of an image of
28x28 (Metz et al. 2017, section 3.3.1). A classifier of digits, trained here,
names the three digits of 25,600 generated images. Printed are the modes that
occur (of 1,000), the KL divergence of their frequencies from the uniform
distribution, in nats, and the classifier's accuracy on 10,000 images
that it was not trained on.
The same is printed of as many real images: the bound that the classifier and
the sample's size set. With `--networks dcgan` R3GAN's loss, penalties and
schedules train DCGAN's networks, without the discriminator's norm, which a CPU
runs many times as fast as R3GAN's own.

Whatever is done stays in the folder `--out`: a killed run goes on where it was.
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers

import keras_gans
from keras_gans.cli.building import compile_gan
from keras_gans.data import ImageSource
from keras_gans.engine.building import building
from keras_gans.networks import dcgan
from keras_gans.pictures import save_grid

SAMPLES, HELD_OUT = 25_600, 10_000
SHAPE, LATENTS = (28, 28, 3), 64


class Stacks(ImageSource):
    """Images (28, 28, 3), each of three random digits, made when read."""

    def __init__(self, digits, num, seed):
        self.digits = digits
        self.chosen = np.random.default_rng(seed).integers(
            len(digits), size=(num, 3)
        )
        self.image_shape = (28, 28, 3)

    def __len__(self):
        return len(self.chosen)

    def read(self, rows):
        return np.moveaxis(self.digits[self.chosen[rows], :, :, 0], 1, -1)


def train_classifier(images, labels):
    """Returns a small convolutional network, from [-1, 1] to ten logits."""
    keras.utils.set_random_seed(0)
    classifier = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(128, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile("adam", loss)
    classifier.fit(images / 127.5 - 1.0, labels, 128, epochs=5, verbose=2)
    return classifier


def digits_in(classifier, images):
    """Returns the digits (N, channels) of images in [-1, 1]."""
    num, height, width, channels = images.shape
    apart = np.moveaxis(images, -1, 1).reshape(-1, height, width, 1)
    logits = classifier.predict(apart, batch_size=512, verbose=0)
    return logits.argmax(-1).reshape(num, channels)


def modes(digits):
    """Returns the count of modes and KL(frequencies || uniform)."""
    counts = np.bincount(digits @ [100, 10, 1], minlength=1000)
    share = counts[counts > 0] / counts.sum()
    return len(share), float(np.sum(share * np.log(share * 1000)))


def report(name, classifier, images):
    count, divergence = modes(digits_in(classifier, images))
    print(f"{name}: {count} of 1000 modes, KL {divergence:.4f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--out", type=pathlib.Path, default="runs/stacked")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument(
        "--burn-in", type=int, help="steps of the schedules; else --steps"
    )
    parser.add_argument("--save-every", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--networks", choices=["own", "dcgan"], default="own")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--gamma", type=float, default=1.0)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    burn_in = args.burn_in or args.steps
    args.out.mkdir(parents=True, exist_ok=True)

    source = keras_gans.data.load(args.data)
    digits, labels = source[np.arange(len(source))], np.asarray(source.labels)
    weights = args.out / "classifier.keras"
    if weights.exists():
        classifier = keras.models.load_model(weights)
    else:
        classifier = train_classifier(digits[:-HELD_OUT], labels[:-HELD_OUT])
        classifier.save(weights)
    others, truth = digits[-HELD_OUT:], labels[-HELD_OUT:]
    named = digits_in(classifier, others / 127.5 - 1.0)[:, 0]
    print(f"classifier: {np.mean(named == truth):.4f} right", flush=True)
    real = Stacks(others, args.samples, seed=1)[np.arange(args.samples)]
    report("real images", classifier, real.astype("float32") / 127.5 - 1.0)

    policy = "mixed_bfloat16" if args.bfloat16 else "float32"
    networks = {}
    if args.networks == "dcgan":
        with building(args.seed, policy):
            networks = {
                "generator": dcgan.build_generator(SHAPE, LATENTS, args.width),
                "discriminator": dcgan.build_discriminator(
                    SHAPE, args.width, use_norm=False
                ),
            }
    gan = keras_gans.R3GAN(
        SHAPE,
        LATENTS,
        args.width,
        args.blocks,
        gamma=args.gamma,
        burn_in=burn_in,
        ema_decay=0.999,
        seed=args.seed,
        dtype=policy,
        **networks,
    )
    compile_gan(gan, [str(args.rate)])  # its schedule falls to a quarter

    def look(epoch, logs):
        made = gan.generate(args.samples, seed=0)
        report(f"R3GAN, step {int(gan.steps)}", classifier, made)
        save_grid(args.out / "samples.png", made[:100], scale=2)

    gan.fit(
        Stacks(digits, 256_000, args.seed),
        batch_size=args.batch,
        steps_per_epoch=args.save_every,
        epochs=-(-args.steps // args.save_every),
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=look),
            keras.callbacks.BackupAndRestore(
                args.out / "backup", delete_checkpoint=False
            ),
        ],
        verbose=2,
    )
    for seed in 1, 2:
        again = gan.generate(args.samples, seed=seed)
        report(f"R3GAN, samples of seed {seed}", classifier, again)
    gan.save_to_preset(args.out / "preset")


if __name__ == "__main__":
    main()
