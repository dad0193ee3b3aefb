"""Prints how often ACGAN's discriminator names the class of unseen images.

    python tests/benchmarks/acgan_accuracy.py acgan_mnist --data mnist

The auxiliary classifier of Odena et al. 2017, on images that it was not
trained on.
"""

import argparse

import keras
import numpy as np

import keras_gans
from keras_gans.modalities.image import to_float


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset")
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--split", default="test")
    args = parser.parse_args()
    gan = keras_gans.ACGAN.from_preset(args.preset, dtype="float32")
    source = keras_gans.data.load(args.data, split=args.split)
    images = to_float(source[np.arange(len(source))])
    _, classes = gan.discriminator.predict(images, 256, verbose=0)
    right = keras.ops.convert_to_numpy(classes).argmax(-1) == source.labels
    print(
        f"auxiliary accuracy {np.mean(right):.4f} on {len(images)} images "
        f"({args.split})"
    )


if __name__ == "__main__":
    main()
