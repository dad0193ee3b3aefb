"""The small feature network of colour images, which ships with the package."""

from pathlib import Path
from typing import Any

import keras
from keras import layers

NAME = "colour_classifier"
IMAGE_SHAPE = (32, 32, 3)
SHA256 = "2dcef248bec1b176043280fa36ff428cc24c18060a616dd032b12fa0a9bc9911"
"""The SHA-256 of the weights."""


def weights_path() -> Path:
    """Returns the path of the weights that ship with the package."""
    return Path(__file__).with_name(f"{NAME}.weights.h5")


def build_colour_classifier(dtype: str = "float32") -> keras.Model:
    """Builds the network of `fid[colour_classifier]`.

    The network has seven 3x3 convolutions with batch normalisation: one at
    32x32, three at 16x16 and three at 8x8, of which the last two of each
    size are a residual branch (He et al. 2016), and a global average pool;
    466,031 weights. Metrics use the pooled activations, layer `"features"`,
    as FID uses those of Inception.

    Args:
        dtype: The precision; "mixed_bfloat16" trains faster. Scores are
            computed in float32, also where a GAN trains in another one.

    Returns:
        A Functional model from images, float32 `(batch, 32, 32, 3)` in
        [-1, 1], to logits `(batch, 15)`, with random weights: the 10 classes
        of CIFAR-10 (layer `"logits"`), then 5 kinds of flowers (layer
        `"flowers"`).
    """
    same, full = {"dtype": dtype}, {"dtype": "float32"}
    inputs = keras.Input(IMAGE_SHAPE, name="images", **full)
    x = _conv(inputs, 32, "conv1", dtype)
    for stage, width in ((2, 64), (3, 128)):
        x = _conv(x, width, f"conv{stage}_1", dtype, strides=2)
        branch = _conv(x, width, f"conv{stage}_2", dtype)
        branch = _conv(branch, width, f"conv{stage}_3", dtype)
        x = layers.Add(name=f"add{stage}", **same)([x, branch])
    x = layers.GlobalAveragePooling2D(name="features", **full)(x)
    x = layers.Dropout(0.1, name="dropout", **full)(x)
    heads = [
        layers.Dense(classes, name=name, **full)(x)
        for name, classes in (("logits", 10), ("flowers", 5))
    ]
    logits = layers.Concatenate(name="both", **full)(heads)
    return keras.Model(inputs, logits, name=NAME)


def _conv(x: Any, width: int, name: str, dtype: str, strides: int = 1) -> Any:
    x = layers.Conv2D(
        width,
        3,
        strides,
        padding="same",
        use_bias=False,
        name=name,
        dtype=dtype,
    )(x)
    x = layers.BatchNormalization(momentum=0.9, name=f"{name}_bn", dtype=dtype)(
        x
    )
    return layers.ReLU(name=f"{name}_relu", dtype=dtype)(x)
