"""SRResNet: Ledig et al. 2017, arXiv:1609.04802, figure 4."""

from typing import Any

import keras
from keras import layers

from keras_gans.layers import BatchNormalization, DepthToSpace
from keras_gans.networks.super_resolution.ends import (
    conv,
    doublings,
    field,
    from_zero_to_one,
    photographs,
)

SCALES = (2, 4, 8)

TAILS = ("norm", "prelu")
"""What follows the convolution behind the residual blocks."""


def build_srresnet(
    channels: int, scale: int, width: int, blocks: int, tail: str = "norm"
) -> keras.Model:
    """Builds a generator from images to images `scale` times as large.

    Residual blocks of 3x3 convolutions, batch norm and PReLU work at the size
    of the inputs, and sub-pixel convolutions enlarge their result. Heights and
    widths are open.

    Args:
        channels: Channels of the images.
        scale: 2, 4 or 8.
        width: Channels of the maps, 64 in the paper.
        blocks: Residual blocks, 16 in the paper.
        tail: "norm", as in the paper, or "prelu", as in some other people's
            files of weights: what follows the blocks' last convolution.

    Returns:
        A model from images in [-1, 1] to images in [-1, 1].
    """
    images = photographs(channels)
    x = conv(width, "conv_first", 9)(from_zero_to_one(images))
    first = x = _prelu("prelu_first")(x)
    for i in range(blocks):
        name = f"block_{i}"
        y = conv(width, f"{name}_conv1", use_bias=False)(x)
        y = _prelu(f"{name}_prelu")(_norm(f"{name}_norm1")(y))
        y = conv(width, f"{name}_conv2", use_bias=False)(y)
        x = x + _norm(f"{name}_norm2")(y)
    is_norm = tail == "norm"
    x = conv(width, "conv_body", use_bias=not is_norm)(x)
    x = first + (_norm("norm_body") if is_norm else _prelu("prelu_body"))(x)
    for i in range(1, doublings(scale) + 1):
        x = DepthToSpace(2)(conv(4 * width, f"conv_up{i}")(x))
        x = _prelu(f"prelu_up{i}")(x)
    x = conv(channels, "conv_last", 9)(x)
    larger = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(images, larger, name="generator")


def srresnet_field(scale: int, blocks: int) -> int:
    """Returns the side of the receptive field, in pixels of the inputs."""
    ups = sum(0.5**i for i in range(doublings(scale)))
    return field(4 + 2 * blocks + 1 + ups + 4 / scale)


def _prelu(name: str) -> layers.Layer:
    # Slopes start at PyTorch's 0.25; Keras's 0 would be a ReLU.
    slope = keras.initializers.Constant(0.25)
    return layers.PReLU(slope, shared_axes=(1, 2), name=name)


def _norm(name: str) -> Any:
    return BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)
