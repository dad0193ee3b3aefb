"""Measures the memory that a large photograph takes, with a cheap network.

    python tests/benchmarks/photograph_memory.py [--megapixels 100] [--scale 2]

Writes a PNG file of so many megapixels, makes another of it by a network of two
convolutions, and prints the peak memory of the process above that before.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers
from PIL import Image

import keras_gans
from keras_gans.photographs.reading import read_photograph


def peak():
    """Returns the most memory that the process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def network(scale):
    x = inputs = keras.Input((None, None, 3))
    x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    x = layers.UpSampling2D(scale)(x) if scale > 1 else x
    return keras.Model(inputs, layers.Conv2D(3, 3, padding="same")(x))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=100)
    parser.add_argument("--scale", type=int, default=2)
    args = parser.parse_args()
    gan = keras_gans.ESRGAN(
        (16 * args.scale, 16 * args.scale, 3),
        scale=args.scale,
        generator=network(args.scale),
        discriminator_width=4,
        perceptual=None,
    )
    height = int((args.megapixels * 1e6 / 1.5) ** 0.5)
    width = int(height * 1.5)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.png", Path(folder) / "out.png"
        rows = np.linspace(0, 255, width, dtype="uint8")
        pixels = np.broadcast_to(rows[None, :, None], (height, width, 3))
        Image.fromarray(np.ascontiguousarray(pixels)).save(
            source, compress_level=1
        )
        del pixels
        gan.upscale(np.zeros((64, 64, 3), "uint8"))
        print(f"{width}x{height}: peak before {peak():.0f} MB", flush=True)
        read_photograph(source)
        print(f"peak after reading {peak():.0f} MB", flush=True)
        start = time.monotonic()
        report = gan.upscale(source, target)
        seconds = time.monotonic() - start
        with Image.open(target) as image:
            print(f"{image.size}, notes: {report.notes}")
        print(f"peak after upscaling {peak():.0f} MB, {seconds:.0f} s")


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None
    main()
