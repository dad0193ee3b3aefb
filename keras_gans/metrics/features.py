"""Feature networks: from images to the vectors that metrics compare."""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.images import to_float, to_uint8
from keras_gans.metrics import fashion_mnist_classifier

Head = Callable[[np.ndarray], np.ndarray]


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
            `"legacy_tensorflow"` or `"legacy_pytorch"`; None where they must
            have that size.
        head: From features, float (n, d), to float64 logits (n, classes), in
            NumPy; None where the network classifies nothing.
    """

    def __init__(
        self,
        model: keras.Model,
        name: str | None = None,
        checksum: str | None = None,
        resize: str | None = None,
        head: Head | None = None,
    ):
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
        features = []
        for start in range(0, len(images), batch_size):
            batch = to_float(images[start : start + batch_size])
            # Few sizes, since each is compiled anew: powers of two.
            size = min(1 << (len(batch) - 1).bit_length(), batch_size)
            padding = np.repeat(batch[-1:], size - len(batch), axis=0)
            output = network.predict_on_batch(np.concatenate([batch, padding]))
            features.append(np.asarray(output, "float32")[: len(batch)])
        return np.concatenate(features)

    def _network(self, image_shape: tuple[int, ...]) -> keras.Model:
        if image_shape not in self._networks:
            wanted = getattr(self.model, "input_shape", (None, *image_shape))
            matches = zip(wanted[1:], image_shape, strict=True)
            if not all(w in (None, given) for w, given in matches):
                raise ValueError(
                    f"The feature network {self.name!r} takes images of "
                    f"{tuple(wanted[1:])} (height, width, channels). "
                    f"Received: {tuple(image_shape)}"
                )
            inputs = keras.Input(image_shape, dtype="float32")
            outputs = self.model(inputs, training=False)
            if len(outputs.shape) != 2:
                raise ValueError(
                    f"The feature network {self.name!r} must give one vector "
                    "an image; `GlobalAveragePooling2D` makes one of a map. "
                    f"Received: outputs of shape {tuple(outputs.shape)}"
                )
            network = keras.Model(inputs, outputs)
            if keras.backend.backend() == "tensorflow" and not _accelerated():
                network.jit_compile = False  # XLA is slower on a CPU.
            self._networks[image_shape] = network
        return self._networks[image_shape]


def _accelerated() -> bool:
    return bool(keras.distribution.list_devices("gpu"))


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


NETWORKS: dict[str, Callable[[], FeatureExtractor]] = {
    fashion_mnist_classifier.NAME: load_fashion_mnist_classifier,
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
