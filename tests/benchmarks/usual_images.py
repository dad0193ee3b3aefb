"""Measures how far sets of images lie from what a classifier knows.

    python tests/benchmarks/usual_images.py [--write]

Prints `unusualness` of several sets and the mean confidence of the classifier,
the classes of its own data among them, for the threshold of
`keras_gans.metrics.features.usual_images`.
`--write` first computes what is usual from every fifth of the 50,000 images
that each classifier was trained on, and writes the files that ship with the
package.
"""

import argparse
import itertools
import sys
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from real_images import SHARED, read_cifar10, read_flowers

from keras_gans import data, metrics
from keras_gans.metrics.features import usual_images

NUM = 300
"""The images of a set."""

OWN = {
    "fashion_mnist_classifier": "fashion_mnist",
    "mnist_classifier": "mnist",
}


def own_images(name):
    folder = SHARED / "data" / OWN[name]
    return data.load(next(folder.glob("train-images*")))


def write(name):
    rows = np.arange(0, 50_000, 5)
    images = own_images(name).read(rows)
    gaussian = metrics.feature_statistics(images, name).gaussian
    precision = np.linalg.inv(gaussian.covariance)
    with h5py.File(usual_images.reference_path(name), "w") as file:
        file["mean"] = gaussian.mean.astype("float32")
        file["precision"] = precision.astype("float32")


def grey(images):
    """The first images, 28x28 grey."""
    images = np.stack(list(itertools.islice(images, NUM)))
    return data.Images(images).fit(28, 1).images


def other_sets():
    with np.load(SHARED / "data" / "medical_pneumonia28.npz") as arrays:
        yield "chest X-rays", arrays["train_images"][:NUM, ..., None]
    yield "CIFAR-10, grey", grey(read_cifar10())
    yield "flowers, grey", grey(read_flowers())
    noise = np.random.default_rng(0).integers(0, 256, (NUM, 28, 28, 1))
    yield "noise", noise.astype("uint8")


def sets():
    for name in OWN:
        source = own_images(name)
        rows = np.arange(50_000, 60_000)  # not trained on
        images, labels = source.read(rows), source.labels[rows]
        yield f"{OWN[name]}, held out", images[:NUM]
        yield f"{OWN[name]}, 50 images", images[:50]
        yield f"{OWN[name]}, inverted", 255 - images[:NUM]
        for label in range(10):
            yield f"{OWN[name]}, class {label}", images[labels == label][:NUM]
    yield from other_sets()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--network", choices=list(OWN), help="one of the two")
    args = parser.parse_args()
    names = [args.network] if args.network else list(OWN)
    if args.write:
        for name in names:
            write(name)
    print(f"{'set':28s}", *names)
    for title, images in sets():
        print(f"{title:28s}", end="")
        for name in names:
            result = metrics.compute_features(images, name)
            distance = usual_images.unusualness(
                result.features.mean(axis=0, dtype="float64"),
                len(images),
                usual_images.usual(name),
            )
            logits = result.head(result.features)
            odds = np.exp(logits - logits.max(axis=1, keepdims=True))
            confidence = (1 / odds.sum(axis=1)).mean()
            print(f"{distance:15.3f} {confidence:8.3f}", end="")
        print()


if __name__ == "__main__":
    main()
