"""The choice of a feature network, by what the images are."""

import re
from collections.abc import Iterable
from typing import Any

from keras_gans.metrics.features import colour_network, shipped_classifiers
from keras_gans.pretrained.inception_weights import (
    inception_at_hand,
    largest_tap,
)


def default_feature_network(images: Any = None) -> str:
    """Returns the name of the feature network for images.

    Every score takes it where no network is given: `keras-gans train
    --fid-every`, `callbacks.FID`, `keras-gans evaluate`, `metrics.evaluate`
    and functions such as `metrics.fid`.

    Args:
        images: The images (N, H, W, C), as an array or an image source; their
            shape (height, width, channels); or features or statistics of
            images. None where nothing is known of them.

    Returns:
        The network of features and statistics. For grey images of 28x28, and
        for MNIST and Fashion-MNIST of any size, the classifier that ships
        with the package: "mnist_classifier" where a source has the name of
        MNIST, else "fashion_mnist_classifier". For all others Inception,
        "inception_2048", where its weights are at hand (see
        `inception_at_hand`; "inception_768" where the file ends before), and
        else the classifier of colour images that ships with the package.

    Raises:
        FileNotFoundError: Where the environment variable KERAS_GANS_INCEPTION
            names no file.
    """
    given = _network_of(images)
    if given is not None:
        return given
    shipped = shipped_feature_network(images)
    if shipped != colour_network.NAME:
        return shipped
    path = inception_at_hand()
    return shipped if path is None else f"inception_{largest_tap(path)}"


def choose_for(sides: Iterable[Any]) -> str:
    """Returns the network for sides that are compared.

    Args:
        sides: Images, and features or statistics, which come first; the real
            images before the generated ones.
    """
    sides = list(sides)
    made = [side for side in sides if _network_of(side) is not None]
    return default_feature_network((made or sides)[0])


def _network_of(side: Any) -> str | None:
    origin = getattr(side, "origin", None)
    return getattr(origin, "feature_network", None)


def shipped_feature_network(images: Any = None) -> str:
    """Returns the name of the network for images that ships with the package.

    It depends on the images alone, and not on what a machine has.

    Args:
        images: As for `default_feature_network`, without features.

    Returns:
        "mnist_classifier" or "fashion_mnist_classifier", with "/clean" where
        the images are resized to 28x28, for grey images of 28x28 and for
        those of a source with the name of either; for others
        "colour_classifier".
    """
    if images is None:
        return colour_network.NAME
    shape = images if isinstance(images, tuple) else shape_of(images)
    parts = re.split(r"[/:\\]", getattr(images, "name", None) or "")
    name = None
    if "mnist" in parts:
        name = shipped_classifiers.MNIST
    elif shape == shipped_classifiers.IMAGE_SHAPE or any(
        part.startswith("fashion_mnist") for part in parts
    ):
        name = shipped_classifiers.FASHION_MNIST
    if name is None or shape[-1] != 1:
        return colour_network.NAME
    resized = shape != shipped_classifiers.IMAGE_SHAPE
    return f"{name}/clean" if resized else name


def shape_of(images: Any) -> tuple[int, ...]:
    """Returns (height, width, channels) of an array or an image source."""
    shape = getattr(images, "image_shape", None) or images.shape[1:]
    return tuple(map(int, shape))
