"""What an InfoGAN's codes mean: clusters of MNIST, and a traversal picture.

    python tests/benchmarks/infogan_codes.py infogan_mnist --data mnist

The categorical code that Q reads off all images of a split is held against
their labels, which training never saw: each category stands for one digit, so
that the most are right (scipy's linear_sum_assignment), as Chen et al. 2016 do
in section 7.2. Of several seeds choose one by the training images, and report
what the test images give. The picture has a block for each continuous code: a
row for each category, along which the code goes from -2 to 2, as in the
paper's figure 2.
"""

import argparse
import pathlib

import numpy as np
from scipy.optimize import linear_sum_assignment

import keras_gans
from keras_gans.pictures import save_grid


def clustering_accuracy(categories, labels):
    """Returns the share right under the best one-to-one matching, and it."""
    num = max(categories.max(), labels.max()) + 1
    counts = np.zeros((num, num), int)
    np.add.at(counts, (categories, labels), 1)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return counts[rows, columns].sum() / len(labels), columns


def traversal(gan, code, categories, steps=11):
    """Generates rows (categories) of one code's way from -2 to 2."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((len(categories), gan.noise_dim))
    codes = np.zeros((len(categories) * steps, gan.num_continuous))
    codes[:, code] = np.tile(np.linspace(-2, 2, steps), len(categories))
    latents = gan.make_latents(
        noise.repeat(steps, 0), np.repeat(categories, steps), codes
    )
    return gan.generate(len(latents), latents=latents)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--splits", nargs="+", default=["train", "test"])
    parser.add_argument("--picture", type=pathlib.Path)
    args = parser.parse_args()
    gan = keras_gans.InfoGAN.from_preset(args.preset, dtype="float32")
    for split in args.splits:
        source = keras_gans.data.load(args.data, split=split)
        accuracy, digits = clustering_accuracy(
            gan.recognise(source[:]), np.asarray(source.labels)
        )
        print(
            f"clustering accuracy {accuracy:.4f} on {len(source)} images "
            f"({split}); digits of the categories: {digits.tolist()}"
        )
    if args.picture:
        in_order = np.argsort(digits)
        blocks = [
            traversal(gan, code, in_order) for code in range(gan.num_continuous)
        ]
        save_grid(args.picture, np.concatenate(blocks), columns=11, scale=2)


if __name__ == "__main__":
    main()
