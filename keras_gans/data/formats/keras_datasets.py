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
# fmt: off
CIFAR100_CLASSES = [
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle",
    "bicycle", "bottle", "bowl", "boy", "bridge", "bus", "butterfly", "camel",
    "can", "castle", "caterpillar", "cattle", "chair", "chimpanzee", "clock",
    "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
    "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster",
    "house", "kangaroo", "keyboard", "lamp", "lawn_mower", "leopard", "lion",
    "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain", "mouse",
    "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear",
    "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine",
    "possum", "rabbit", "raccoon", "ray", "road", "rocket", "rose", "sea",
    "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
    "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank",
    "telephone", "television", "tiger", "tractor", "train", "trout", "tulip",
    "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
]
# fmt: on
CLASS_NAMES = {
    "mnist": DIGITS,
    "fashion_mnist": FASHION_CLASSES,
    "cifar10": CIFAR10_CLASSES,
    "cifar100": CIFAR100_CLASSES,
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
