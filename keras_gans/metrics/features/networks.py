"""The feature networks that have a name."""

import functools
import os
from collections.abc import Callable
from pathlib import Path

import keras

from keras_gans.files import sha256_of
from keras_gans.metrics.features import colour_network, shipped_classifiers
from keras_gans.metrics.features.extractor import FeatureExtractor
from keras_gans.metrics.features.resizing import MODES
from keras_gans.pretrained import inception
from keras_gans.pretrained.inception_weights import (
    find_inception_weights,
    read_inception_weights,
)


@functools.cache
def load_shipped_classifier(
    name: str, path: str | Path | None = None, resize: str | None = None
) -> FeatureExtractor:
    """Loads a classifier that ships with the package.

    Args:
        name: "fashion_mnist_classifier" or "mnist_classifier".
        path: Another file of the same weights; None takes the package's.
        resize: How images are resized to 28x28, as in `FeatureExtractor`;
            None for images of that size only.

    Returns:
        The extractor of the 128 pooled activations, for grey images.

    Raises:
        ValueError: Where the SHA-256 of the file is not that of the name.
    """
    return _pooled_activations(
        shipped_classifiers.build_classifier(name),
        Path(path or shipped_classifiers.weights_of(name)),
        shipped_classifiers.SHA256[name],
        f"{name}/{resize}" if resize else name,
        resize,
    )


@functools.cache
def load_colour_classifier(resize: str = "clean") -> FeatureExtractor:
    """Loads the classifier of colour images that ships with the package.

    Args:
        resize: How images of other sizes are resized to 32x32, as in
            `FeatureExtractor`.

    Returns:
        The extractor of the 128 pooled activations, for RGB or grey images of
        any size. Its head gives the logits of CIFAR-10's classes.

    Raises:
        ValueError: Where the file of the weights is damaged.
    """
    name = colour_network.NAME
    return _pooled_activations(
        colour_network.build_colour_classifier(),
        colour_network.weights_path(),
        colour_network.SHA256,
        name if resize == "clean" else f"{name}/{resize}",
        resize,
    )


def _pooled_activations(
    classifier: keras.Model,
    path: Path,
    expected: str,
    name: str,
    resize: str | None,
) -> FeatureExtractor:
    checksum = sha256_of(path)
    if checksum != expected:
        raise ValueError(
            f"{path.name} must have the SHA-256 {expected}. The file is "
            "damaged, or another one, and would give wrong numbers: reinstall "
            f"the package. Received: {checksum}"
        )
    classifier.load_weights(path)
    features = keras.Model(
        classifier.input, classifier.get_layer("features").output
    )
    kernel, bias = (
        weight.astype("float64")
        for weight in classifier.get_layer("logits").get_weights()
    )
    return FeatureExtractor(
        features,
        name,
        checksum,
        resize,
        head=lambda features: features.astype("float64") @ kernel + bias,
    )


def load_inception(
    tap: int = 2048,
    resize: str = "clean",
    weights: str | os.PathLike | None = None,
) -> FeatureExtractor:
    """Loads `inception-2015-12-05`, the Inception network of papers' FID.

    Args:
        tap: Number of features: 64, 192, 768 or 2048. Papers that do not
            state it mean 2048. The tap 2048 has the head of the Inception
            Score: the 1008 logits without their bias, as in Salimans et al.
            2016.
        resize: How images are resized to 299x299: `"clean"` (Parmar et al.
            2022), `"legacy_tensorflow"` (the original, and torch-fidelity) or
            `"legacy_pytorch"` (pytorch-fid).
        weights: A file of the weights, `.pth`, `.tgz`, `.pb` or `.npz`. None
            takes the file that the environment variable KERAS_GANS_INCEPTION
            names; without it the weights of pytorch-fid are downloaded once.

    Returns:
        The extractor, for RGB or grey images of any size. Its checksum is
        that of the file.

    Raises:
        ValueError: For another tap or resize, a damaged file, or a file
            without the layers that the tap needs.
        ConnectionError: Where there is no file and it cannot be downloaded.
    """
    if tap not in inception.TAPS[:-1] or resize not in MODES:
        raise ValueError(
            f"`tap` must be one of {inception.TAPS[:-1]} and `resize` one of "
            f"{list(MODES)}. Received: tap={tap!r}, resize={resize!r}"
        )
    path = find_inception_weights(weights)
    return _load_inception(tap, resize, path.resolve(), path.stat().st_mtime_ns)


@functools.cache
def _load_inception(
    tap: int, resize: str, path: Path, changed: int
) -> FeatureExtractor:
    network = inception.build_inception(tap, "zeros")
    layers = [layer for layer in network.layers if layer.weights]
    shapes = {layer.name: tuple(layer.kernel.shape) for layer in layers}
    if tap == 2048:
        shapes["softmax"] = (2048, 1008)
    weights, checksum = read_inception_weights(path, shapes)
    for layer in layers:
        layer.set_weights(weights[layer.name])
    head = None
    if tap == 2048:
        kernel = weights["softmax"][0].astype("float64")
        head = lambda features: features.astype("float64") @ kernel  # noqa: E731
    name = f"inception_{tap}"
    if resize != "clean":
        name = f"{name}/{resize}"
    if resize != "legacy_pytorch":
        network = inception.with_original_scale(network)
    return FeatureExtractor(network, name, checksum, resize, head)


NETWORKS: dict[str, Callable[[], FeatureExtractor]] = {
    **{
        name + (f"/{mode}" if mode else ""): functools.partial(
            load_shipped_classifier, name, resize=mode
        )
        for name in shipped_classifiers.SHA256
        for mode in (None, *MODES)
    },
    **{
        colour_network.NAME + ("" if mode == "clean" else f"/{mode}"): (
            functools.partial(load_colour_classifier, mode)
        )
        for mode in MODES
    },
    **{
        f"inception_{tap}" + ("" if mode == "clean" else f"/{mode}"): (
            functools.partial(load_inception, tap, mode)
        )
        for tap in inception.TAPS[:-1]
        for mode in MODES
    },
}
"""The feature networks by their names."""


def get_feature_extractor(
    feature_network: str | keras.Model | FeatureExtractor,
) -> FeatureExtractor:
    """Returns the extractor for a name, a model, or an extractor.

    Args:
        feature_network: A key of `NETWORKS`, a Keras model (see
            `FeatureExtractor`), or a `FeatureExtractor`.

    Returns:
        The extractor.

    Raises:
        ValueError: For an unknown name or anything else.
    """
    if isinstance(feature_network, FeatureExtractor):
        return feature_network
    if isinstance(feature_network, keras.Model):
        return FeatureExtractor(feature_network)
    if isinstance(feature_network, str) and feature_network in NETWORKS:
        return NETWORKS[feature_network]()
    raise ValueError(
        f"`feature_network` must be one of {sorted(NETWORKS)}, a Keras model "
        f"or a FeatureExtractor. Received: {feature_network!r}"
    )
