"""Feature networks: from images to the vectors that metrics compare."""

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.backend.devices import accelerated, full_float32
from keras_gans.images import to_float, to_uint8
from keras_gans.metrics import fashion_mnist_classifier, inception
from keras_gans.metrics.inception_weights import (
    find_inception_weights,
    read_inception_weights,
)
from keras_gans.metrics.resizing import MODES, Resizing

Head = Callable[[np.ndarray], np.ndarray]

_LARGEST_BATCH = 32 * inception.SIZE**2 * 3
"""Numbers that a network is given at once; more is slower on a CPU."""


class FeatureExtractor:
    """A network whose features a metric compares, with name and checksum.

    Two numbers made with different networks cannot be compared, so every
    result carries both.

    Args:
        model: A Keras model from images (n, H, W, C) to features (n, d). It
            gets float32 in [-1, 1]; give it a `Rescaling` layer in front if
            it wants another range.
        name: What results call it; None takes the model's name.
        checksum: SHA-256 of the weights; None computes it.
        resize: How images are brought to the network's size: `"clean"`,
            `"legacy_tensorflow"` or `"legacy_pytorch"`, and grey ones to its
            three channels; None where they must be as it wants them.
        head: From features, float (n, d), to float64 logits (n, classes), in
            NumPy; None where the network classifies nothing.

    Raises:
        ValueError: For another `resize`, and for one where the model takes
            any size.
    """

    def __init__(
        self,
        model: keras.Model,
        name: str | None = None,
        checksum: str | None = None,
        resize: str | None = None,
        head: Head | None = None,
    ):
        if resize is not None and resize not in MODES:
            raise ValueError(
                f"`resize` must be None or one of {list(MODES)}. "
                f"Received: {resize!r}"
            )
        if resize is not None and None in model.input_shape[1:]:
            raise ValueError(
                "`resize` needs a model that takes one size of images. "
                f"Received: {model.name!r} with {model.input_shape[1:]}"
            )
        self.model = model
        self.name = name or model.name
        self.resize = resize
        self.head = head
        self._checksum = checksum
        self._networks: dict[tuple[int, ...], keras.Model] = {}

    @property
    def dimensions(self) -> int:
        """Length of a feature vector."""
        return self.model.output_shape[-1]

    @functools.cached_property
    def checksum(self) -> str:
        """SHA-256 of the weights, in hexadecimal."""
        if self._checksum is not None:
            return self._checksum
        digest = hashlib.sha256()
        for weight in self.model.get_weights():
            digest.update(f"{weight.dtype}{weight.shape}".encode())
            digest.update(np.ascontiguousarray(weight).tobytes())
        return digest.hexdigest()

    def __call__(self, images: Any, batch_size: int = 256) -> np.ndarray:
        """Computes features.

        Args:
            images: (n, H, W, C), uint8 or float in [-1, 1]; floats are
                rounded to uint8 first, since files and papers hold uint8.
            batch_size: Images at a time, at most; it does not change the
                features.

        Returns:
            float32 features (n, d).
        """
        images = to_uint8(images)
        network = self._network(images.shape[1:])
        # In equal parts, where a batch is too large for the network.
        parts = -(-batch_size // self._largest_batch(images.shape[1:]))
        most = -(-batch_size // parts)
        features = []
        for start in range(0, len(images), most):
            batch = images[start : start + most]
            # Few sizes, since each is compiled anew: powers of two. A single
            # image would take another path through the network's kernels,
            # with other roundings.
            size = max(2, min(1 << (len(batch) - 1).bit_length(), most))
            padding = np.repeat(batch[-1:], size - len(batch), axis=0)
            with full_float32():
                output = distribution.predict_on_batch(
                    network, np.concatenate([batch, padding])
                )
            features.append(np.asarray(output, "float32")[: len(batch)])
        return np.concatenate(features)

    def _largest_batch(self, image_shape: tuple[int, ...]) -> int:
        shape = self.model.input_shape[1:] if self.resize else image_shape
        most = _LARGEST_BATCH * (4 if accelerated() else 1)
        return max(2, most // int(np.prod(shape)))

    def _network(self, image_shape: tuple[int, ...]) -> keras.Model:
        """Returns the model with all that comes before it."""
        if image_shape not in self._networks:
            self._check_image_shape(image_shape)
            images = keras.Input(image_shape, dtype="uint8")
            if self.resize:
                height, width, channels = self.model.input_shape[1:]
                size = (height, width)
                x = Resizing(size, self.resize, channels)(images)
            else:
                x = to_float(images)
            outputs = self.model(x, training=False)
            if len(outputs.shape) != 2:
                raise ValueError(
                    f"The feature network {self.name!r} must give one vector "
                    "an image; `GlobalAveragePooling2D` makes one of a map. "
                    f"Received: outputs of shape {tuple(outputs.shape)}"
                )
            network = keras.Model(images, outputs)
            if keras.backend.backend() == "tensorflow" and not accelerated():
                network.jit_compile = False  # XLA is slower on a CPU.
            self._networks[image_shape] = network
        return self._networks[image_shape]

    def _check_image_shape(self, image_shape: tuple[int, ...]) -> None:
        wanted = getattr(self.model, "input_shape", (None, *image_shape))[1:]
        given = image_shape
        if self.resize:
            grey = given[2] == 1 and wanted[2] == 3
            given = (*wanted[:2], 3 if grey else given[2])
        matches = zip(wanted, given, strict=True)
        if not all(w in (None, size) for w, size in matches):
            raise ValueError(
                f"The feature network {self.name!r} takes images of "
                f"{tuple(wanted)} (height, width, channels). "
                f"Received: {tuple(image_shape)}"
            )


@functools.cache
def load_fashion_mnist_classifier(
    path: str | Path | None = None,
) -> FeatureExtractor:
    """Loads the Fashion-MNIST classifier that ships with the package.

    Args:
        path: Another file that should hold the same weights; None takes the
            package's own.

    Returns:
        The extractor of its 128 pooled activations, for 28x28 grey images.

    Raises:
        ValueError: Where the file's SHA-256 is not the one that belongs to
            the name.
    """
    path = Path(path or fashion_mnist_classifier.WEIGHTS)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    if checksum != fashion_mnist_classifier.SHA256:
        raise ValueError(
            f"{path.name} must have the SHA-256 "
            f"{fashion_mnist_classifier.SHA256}; it is damaged or another "
            "file, and would give wrong numbers: install the package again. "
            f"Received: {checksum}"
        )
    classifier = fashion_mnist_classifier.build_classifier()
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
        fashion_mnist_classifier.NAME,
        checksum,
        head=lambda features: features.astype("float64") @ kernel + bias,
    )


def load_inception(
    tap: int = 2048,
    resize: str = "clean",
    weights: str | os.PathLike | None = None,
) -> FeatureExtractor:
    """Loads Inception as the FID of papers has it, `inception-2015-12-05`.

    Args:
        tap: How many features: 64, 192, 768 or 2048, which is what papers
            mean where they do not say. 2048 brings the head of the Inception
            Score along: the 1008 logits without their bias, as in Salimans
            et al. 2016.
        resize: How images become 299x299: `"clean"` (Parmar et al. 2022),
            `"legacy_tensorflow"` (the original, and torch-fidelity) or
            `"legacy_pytorch"` (pytorch-fid).
        weights: A file of the weights, `.pth`, `.tgz`, `.pb` or `.npz`; None
            takes the one in the environment variable KERAS_GANS_INCEPTION,
            else downloads the well-known one once.

    Returns:
        The extractor, for RGB or grey images of any size. Its checksum is
        that of the file.

    Raises:
        ValueError: For another tap or resize, a damaged file, or one without
            the layers that the tap needs.
        ConnectionError: Where there is no file and none can be downloaded.
    """
    if tap not in inception.TAPS[:-1] or resize not in MODES:
        raise ValueError(
            f"`tap` must be one of {inception.TAPS[:-1]} and `resize` one of "
            f"{list(MODES)}. Received: tap={tap!r}, resize={resize!r}"
        )
    path = find_inception_weights(weights)
    return _load_inception(tap, resize, path, path.stat().st_mtime_ns)


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
    fashion_mnist_classifier.NAME: load_fashion_mnist_classifier,
    **{
        f"inception_{tap}" + ("" if mode == "clean" else f"/{mode}"): (
            functools.partial(load_inception, tap, mode)
        )
        for tap in inception.TAPS[:-1]
        for mode in MODES
    },
}
"""The feature networks that go by a name."""


def get_feature_extractor(
    feature_network: str | keras.Model | FeatureExtractor,
) -> FeatureExtractor:
    """Returns the extractor for a name, a model, or an extractor.

    Args:
        feature_network: One of `NETWORKS`, or a Keras model (see
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
