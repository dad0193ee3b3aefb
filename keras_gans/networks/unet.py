"""The U-Net of Pix2Pix: Isola et al. 2017, arXiv:1611.07004, section 6.1."""

from typing import Any

import keras
from keras import layers

from keras_gans.layers import (
    DownsamplingConv2D,
    ReflectionPadding2D,
    UpsamplingConv2D,
)
from keras_gans.networks.dcgan import INIT, batch_norm, dropout

MOST_HALVINGS = 8
"""Halvings in the paper, for images of 256x256."""

NORMS = ("batch", "instance")
"""Kinds of normalization: over the batch, or of every image by itself."""


def default_depth(image_shape: tuple[int, int, int]) -> int:
    """Returns the halvings to maps of one pixel, at most the paper's 8."""
    smaller = min(image_shape[:2])
    return min(smaller.bit_length() - 1, MOST_HALVINGS)


def build_unet(
    input_shape: tuple[int, int, int],
    output_channels: int,
    width: int,
    depth: int,
    norm: str = "batch",
    dropout_rate: float = 0.5,
) -> keras.Model:
    """Builds a generator from images to images of the same size.

    The encoder halves the maps `depth` times, the decoder doubles them, and
    each of its layers also sees the encoder's maps of its size. Sides that
    are no multiple of 2^depth are padded by reflection, and the result is
    cropped.

    Args:
        input_shape: (height, width, channels) of the inputs.
        output_channels: Channels of what is made.
        width: Channels next to the images, 64 in the paper; they double with
            every halving, up to 8 times this number.
        depth: Number of halvings.
        norm: One of `NORMS`.
        dropout_rate: Rate of the dropout in the decoder's first three layers,
            the paper's noise.

    Returns:
        A model from inputs to values in [-1, 1].
    """
    inputs = keras.Input(input_shape, name="inputs")
    before = padding_to(input_shape[:2], 2**depth)
    x = ReflectionPadding2D(before)(inputs) if any(map(any, before)) else inputs
    widths = [width * min(2**i, 8) for i in range(depth)]
    skips = []
    for i, filters in enumerate(widths):
        x = layers.LeakyReLU(0.2)(x) if i else x
        # No norm next to the images, nor where a map may be a single pixel,
        # of which an instance norm would leave nothing.
        normed = 0 < i < depth - 1
        x = DownsamplingConv2D(filters, use_bias=not normed, **INIT)(x)
        x = normalization(norm)(x) if normed else x
        skips.append(x)
    for i in reversed(range(depth - 1)):
        x = UpsamplingConv2D(widths[i], use_bias=False, **INIT)(
            layers.ReLU()(x)
        )
        x = normalization(norm)(x)
        if dropout_rate and depth - 2 - i < 3:
            x = dropout(dropout_rate)(x)
        x = layers.Concatenate()([x, skips[i]])
    x = UpsamplingConv2D(output_channels, **INIT)(layers.ReLU()(x))
    x = layers.Cropping2D(before)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, images, name="generator")


def padding_to(sides: tuple[int, ...], multiple: int) -> tuple[Any, ...]:
    """Returns what to add on either side for multiples of a number."""
    missing = [-side % multiple for side in sides]
    return tuple((n // 2, n - n // 2) for n in missing)


def normalization(norm: str) -> layers.Layer:
    """Returns a layer of a kind of `NORMS`.

    Raises:
        ValueError: For another kind.
    """
    if norm not in NORMS:
        raise ValueError(
            f"`norm` must be one of {NORMS}. Received: norm={norm!r}"
        )
    if norm == "batch":
        return batch_norm(False)
    return layers.GroupNormalization(-1, epsilon=1e-5)
