"""The image sets of `keras.datasets`."""

import importlib

from keras_gans.data.formats.embedded import FASHION_CLASSES
from keras_gans.data.images.arrays import Images

DIGITS = [str(digit) for digit in range(10)]
CIFAR10_CLASSES = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
]
CLASS_NAMES = {
    "mnist": DIGITS,
    "fashion_mnist": FASHION_CLASSES,
    "cifar10": CIFAR10_CLASSES,
    "cifar100": None,
}


def load_keras_dataset(name: str, split: str = "train") -> Images:
    """Loads an image set of `keras.datasets`, which downloads it once.

    Args:
        name: "mnist", "fashion_mnist", "cifar10" or "cifar100".
        split: "train" or "test".

    Returns:
        The images, uint8 of shape (N, 28, 28, 1) or (N, 32, 32, 3), with
        their labels.

    Raises:
        ValueError: Where there is no such split.
    """
    if split not in ("train", "test"):
        raise ValueError(
            f'{name} has the splits "train" and "test". Received: {split!r}'
        )
    module = importlib.import_module(f"keras.datasets.{name}")
    images, labels = module.load_data()[split == "test"]
    if images.ndim == 3:
        images = images[..., None]
    return Images(images, labels, CLASS_NAMES[name], f"{name}:{split}")
