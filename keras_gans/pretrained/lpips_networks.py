"""The networks of LPIPS: torchvision's backbones with several outputs."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers, ops

# From images in [-1, 1] to the inputs of torchvision's networks.
SHIFT = np.array([-0.030, -0.088, -0.188], "float32")
SCALE = np.array([0.458, 0.448, 0.450], "float32")

FULL = {"dtype": "float32"}  # also where a GAN trains in mixed precision


def _conv(x: Any, width: int, size: int, name: str, **options: Any) -> Any:
    conv = layers.Conv2D(width, size, name=name, **options, **FULL)
    return layers.ReLU(name=f"{name}_relu", **FULL)(conv(x))


def _fire(x: Any, squeezed: int, width: int, name: str) -> Any:
    x = _conv(x, squeezed, 1, f"{name}_squeeze")
    ones = _conv(x, width, 1, f"{name}_expand1x1")
    threes = _conv(x, width, 3, f"{name}_expand3x3", padding="same")
    return layers.Concatenate(name=name, **FULL)([ones, threes])


def _pool(x: Any, size: int, last: int = 0) -> Any:
    # `ceil_mode` in PyTorch. After a ReLU, zeros do not change a maximum.
    if last:
        x = layers.ZeroPadding2D(((0, last), (0, last)), **FULL)(x)
    return layers.MaxPooling2D(size, 2, **FULL)(x)


def _squeeze(x: Any) -> list[Any]:
    fires = {3: 16, 4: 16, 6: 32, 7: 32, 9: 48, 10: 48, 11: 64, 12: 64}
    x = _conv(x, 64, 3, "features_0", strides=2)
    taps = [x]
    for index, squeezed in fires.items():
        if index in (3, 6, 9):
            x = _pool(x, 3, last=1)
        x = _fire(x, squeezed, 4 * squeezed, f"features_{index}")
        if index not in (3, 6):
            taps.append(x)
    return taps


def _alex(x: Any) -> list[Any]:
    x = layers.ZeroPadding2D(2, **FULL)(x)
    x = _conv(x, 64, 11, "features_0", strides=4)
    taps = [x]
    shapes = {3: (192, 5), 6: (384, 3), 8: (256, 3), 10: (256, 3)}
    for index, (width, size) in shapes.items():
        if index in (3, 6):
            x = _pool(x, 3)
        x = _conv(x, width, size, f"features_{index}", padding="same")
        taps.append(x)
    return taps


def _vgg(x: Any) -> list[Any]:
    stages = {0: (64, 2), 5: (128, 2), 10: (256, 3), 17: (512, 3), 24: (512, 3)}
    taps = []
    for index, (width, depth) in stages.items():
        if index:
            x = _pool(x, 2)
        for layer in range(depth):
            name = f"features_{index + 2 * layer}"
            x = _conv(x, width, 3, name, padding="same")
        taps.append(x)
    return taps


BACKBONES: dict[str, Callable[[Any], list[Any]]] = {
    "squeeze": _squeeze,
    "alex": _alex,
    "vgg": _vgg,
}

SMALLEST = {"squeeze": 17, "alex": 31, "vgg": 16}
"""Smallest number of pixels on a side, so that no map is empty."""


def build_lpips(backbone: str) -> keras.Model:
    """Builds the network that measures perceptual distances.

    Zhang et al. 2018, "The Unreasonable Effectiveness of Deep Features as a
    Perceptual Metric", equation 1: features are normalised over channels;
    squared differences are weighted by channel, averaged over positions and
    summed over layers. Layers have the names of torchvision's state
    dictionaries, with underscores for dots (`features_0`), and of the
    published heads (`lin0`).

    Args:
        backbone: "squeeze" (SqueezeNet 1.1), "alex" (AlexNet) or "vgg"
            (VGG16).

    Returns:
        A Functional model from two batches of images, float32
        (n, H, W, 3) in [-1, 1], to distances (n,), with random weights.
    """
    images = keras.Input((None, None, 3), **FULL)
    taps = BACKBONES[backbone]((images - SHIFT) / SCALE)
    features = keras.Model(images, taps, name="features")
    pair = [
        keras.Input((None, None, 3), name=name, **FULL)
        for name in ("real", "fake")
    ]
    distance = 0.0
    tapped = zip(*map(features, pair), strict=True)
    for i, (real, fake) in enumerate(tapped):
        difference = ops.square(_normalize(real) - _normalize(fake))
        head = layers.Conv2D(1, 1, use_bias=False, name=f"lin{i}", **FULL)
        distance += ops.mean(head(difference), axis=(1, 2, 3))
    return keras.Model(pair, distance, name=f"lpips_{backbone}")


def _normalize(features: Any) -> Any:
    squares = ops.sum(ops.square(features), axis=-1, keepdims=True)
    # A square root has an infinite slope at 0; the bound changes no value.
    return features / (ops.sqrt(ops.maximum(squares, 1e-20)) + 1e-10)
