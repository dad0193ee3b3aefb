"""Small feature networks of 28x28 images, which ship with the package."""

from pathlib import Path

import keras
from keras import layers

FASHION_MNIST = "fashion_mnist_classifier"
MNIST = "mnist_classifier"
IMAGE_SHAPE = (28, 28, 1)
SHA256 = {
    FASHION_MNIST: (
        "ffcc4830861d1e748fc5c02e5704746d85c3a59cd116555137924764974d7599"
    ),
    MNIST: "2a44c40a5ccea714e372170d0ac0c8a4f3ad8030c8759a85bf5a013e8824e9a5",
}
"""The SHA-256 of the weights, by name."""


def weights_of(name: str) -> Path:
    """Returns the path of the weights that ship with the package."""
    return Path(__file__).with_name(f"{name}.weights.h5")


def build_classifier(name: str = FASHION_MNIST) -> keras.Model:
    """Builds the network of `fid[fashion_mnist_classifier]` and the like.

    The network has six 3x3 convolutions with batch normalisation and a global
    average pool; 289,066 weights. Metrics use the pooled activations, layer
    `"features"`, as FID uses those of Inception.

    Args:
        name: Name of the model.

    Returns:
        A Functional model from images, float32 `(batch, 28, 28, 1)` in
        [-1, 1], to logits `(batch, 10)`, with random weights.
    """
    full = {"dtype": "float32"}  # also where a GAN trains in mixed precision
    inputs = x = keras.Input(IMAGE_SHAPE, name="images", **full)
    for stage, width in enumerate((32, 64, 128)):
        for part in (1, 2):
            conv = f"conv{stage + 1}_{part}"
            x = layers.Conv2D(
                width, 3, padding="same", use_bias=False, name=conv, **full
            )(x)
            x = layers.BatchNormalization(
                momentum=0.9, name=f"{conv}_bn", **full
            )(x)
            x = layers.ReLU(name=f"{conv}_relu", **full)(x)
        if stage < 2:
            x = layers.MaxPooling2D(name=f"pool{stage + 1}", **full)(x)
    x = layers.GlobalAveragePooling2D(name="features", **full)(x)
    x = layers.Dropout(0.3, name="dropout", **full)(x)
    logits = layers.Dense(10, name="logits", **full)(x)
    return keras.Model(inputs, logits, name=name)
