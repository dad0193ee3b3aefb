"""The real images of ../shared, cut into two sides that differ."""

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

SHARED = Path(__file__).parents[2] / "shared"
WEIGHTS = SHARED / "weights" / "inception_2015_12_05_to_mixed8.npz"


def read_cifar10():
    """The first 3,000 training images, lossless, 32x32 RGB."""
    with np.load(SHARED / "data" / "cifar10_lossless_3000.npz") as arrays:
        yield from arrays["x"]


def read_flowers():
    """Photographs of five kinds of flowers, JPEG, 128x128 RGB."""
    yield from _read_archive("flowers128_5class.tar.gz")


def read_maps():
    """Aerial photographs beside their maps, JPEG, 256x512 RGB."""
    yield from _read_archive("maps_pairs_400.tar.gz")


def _read_archive(name):
    with tarfile.open(SHARED / "data" / name) as archive:
        for name in sorted(archive.getnames()):
            if name.endswith(".jpg"):
                data = archive.extractfile(name).read()
                yield np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def read_fashion_mnist():
    """Training images, lossless, 28x28 grey."""
    folder = SHARED / "data" / "fashion_mnist"
    (path,) = folder.glob("train-images*.gz")
    with gzip.open(path) as file:
        header = np.frombuffer(file.read(16), ">i4")
        data = np.frombuffer(file.read(10_000 * 28 * 28), "uint8")
    assert tuple(header[2:]) == (28, 28)
    yield from data.reshape(-1, 28, 28)


DATA = {
    "CIFAR-10": (read_cifar10, 1500),
    "flowers": (read_flowers, 150),
    "Fashion-MNIST": (read_fashion_mnist, 150),
    "maps": (read_maps, 100),
}
"""What to read, and how many images of it make a side."""


def write_sides(read, num, folder, seed=0):
    """Writes the folders `real` and `fake`, `num` PNG files each."""
    images = list(read())
    order = np.random.default_rng(seed).permutation(len(images))
    for side, rows in (("real", order[:num]), ("fake", order[num : 2 * num])):
        assert len(rows) == num
        (folder / side).mkdir(parents=True)
        for i, row in enumerate(rows):
            image = Image.fromarray(images[row])
            if side == "fake" and i % 2:
                image = image.filter(ImageFilter.GaussianBlur(1))
            image.save(folder / side / f"{i:05d}.png")
