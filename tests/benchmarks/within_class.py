"""How much a preset's samples vary within each class, and how many it has.

    python tests/benchmarks/within_class.py sagan_fashion_mnist \
        --data fashion_mnist --network fashion_mnist_classifier

The spread of a class is the trace of the covariance of its features, here
that of the samples over that of the real training images. Below 1 the samples
of a class are more alike than real images are. The class is the one that was
asked for, or for a generator that takes none the one that the classifier
says, of samples and of real images. The shares are those that the classifier
says of each; of a classifier of other classes there are none.
"""

import argparse

import numpy as np

import keras_gans
from keras_gans import metrics
from keras_gans.modalities import ClassLabel


def spreads(features, classes, num):
    """Returns the trace of the covariance within each class, (num,)."""
    return np.array(
        [features[classes == c].var(axis=0, ddof=1).sum() for c in range(num)]
    )


def shares(classes, num):
    """Returns the share of each class, (num,)."""
    return np.bincount(classes, minlength=num) / len(classes)


def main():
    """Measures a preset, and prints a row for each class."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset")
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--network", default="fashion_mnist_classifier")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    gan = keras_gans.AdversarialModel.from_preset(args.preset, dtype="float32")
    # As the card's scores: where a generator's images are larger, real ones
    # are enlarged, and the network makes both small again.
    size = gan.image_shape[:2]
    source = keras_gans.data.load(args.data, size, split="train")
    inputs = gan.inputs_for(args.samples, args.seed)
    images = gan.generate_from(inputs, 256)["images"]
    real, fake = (
        metrics.compute_features(side, args.network)
        for side in (source, images)
    )
    said = [side.head(side.features) for side in (real, fake)]
    said_of_real, said_of_fake = (logits.argmax(axis=1) for logits in said)
    asked = isinstance(gan.takes.get("labels"), ClassLabel)
    of_real = np.asarray(source.labels) if asked else said_of_real
    of_fake = inputs["labels"] if asked else said_of_fake
    names = source.class_names or [str(c) for c in range(of_real.max() + 1)]
    num = len(names)
    ratio = spreads(fake.features, of_fake, num) / spreads(
        real.features, of_real, num
    )
    table = {
        "class": names,
        "spread": [f"{value:.2f}" for value in ratio],
    }
    if said[0].shape[1] == num:
        for title, classes in (
            ("share of samples", said_of_fake),
            ("of real images", said_of_real),
        ):
            table[title] = [f"{share:.1%}" for share in shares(classes, num)]
    for row in (
        table,
        ["---"] * len(table),
        *zip(*table.values(), strict=True),
    ):
        print(f"| {' | '.join(row)} |")
    print(
        f"mean spread {ratio.mean():.2f}, narrowest {ratio.min():.2f} "
        f"({names[int(ratio.argmin())]}); {args.samples:,} samples of seed "
        f"{args.seed}, {len(source):,} real images, {args.network}"
    )


if __name__ == "__main__":
    main()
