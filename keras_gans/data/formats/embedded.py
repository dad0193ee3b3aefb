"""The images that ship inside the package."""

import io
import lzma
from importlib import resources

import numpy as np

from keras_gans.data.images.arrays import Images

FASHION_CLASSES = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
]


def fashion_mnist_10k() -> Images:
    """Loads the first 10,000 training images of Fashion-MNIST, losslessly.

    MIT licence, Copyright 2017 Zalando SE; the text lies beside the file.

    Returns:
        The images, uint8 of shape (10000, 28, 28, 1), with labels 0 to 9.

    Reference:
        Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for
        Benchmarking Machine Learning Algorithms", arXiv:1708.07747.
    """
    asset = resources.files("keras_gans.data") / "assets"
    packed = (asset / "fashion_mnist_10k.npz.xz").read_bytes()
    with np.load(io.BytesIO(lzma.decompress(packed))) as arrays:
        return Images(
            arrays["images"],
            arrays["labels"],
            FASHION_CLASSES,
            name="fashion_mnist_10k",
        )
