"""The ResNet of CycleGAN: Zhu et al. 2017, arXiv:1703.10593, section 7.2."""

from typing import Any

import keras
from keras import layers

from keras_gans.layers import ReflectionPadding2D, UpsamplingConv2D
from keras_gans.networks.dcgan import INIT
from keras_gans.networks.unet import normalization, padding_to

SMALLEST = 8
"""The smallest height or width of an image, in pixels."""


def build_resnet(
    input_shape: tuple[int, int, int],
    output_channels: int,
    width: int,
    blocks: int | None = None,
    norm: str = "instance",
) -> keras.Model:
    """Builds a generator from images to images of the same size.

    The maps are halved twice, go through the residual blocks, and are doubled
    twice. Convolutions that keep the size pad by reflection. Sides that are no
    multiple of 4 are padded in the same way, and the result is cropped.

    Args:
        input_shape: (height, width, channels) of the inputs.
        output_channels: Channels of what is made.
        width: Channels next to the images, 64 in the paper; they double with
            every halving.
        blocks: Residual blocks; None for the paper's 6 up to 128 pixels, and
            else 9.
        norm: One of `keras_gans.networks.unet.NORMS`.

    Returns:
        A model from inputs to values in [-1, 1].

    Raises:
        ValueError: For images that are smaller than `SMALLEST`.
    """
    if min(input_shape[:2]) < SMALLEST:
        raise ValueError(
            f"The ResNet takes images of at least {SMALLEST}x{SMALLEST} "
            f"pixels. Received: input_shape={input_shape}"
        )

    blocks = blocks or (6 if max(input_shape[:2]) <= 128 else 9)

    def normed(conv: layers.Layer, x: Any) -> Any:
        return normalization(norm)(conv(x))

    def same(x: Any, filters: int) -> Any:
        conv = layers.Conv2D(filters, 3, use_bias=False, **INIT)
        return normed(conv, ReflectionPadding2D(1)(x))

    inputs = keras.Input(input_shape, name="inputs")
    before = padding_to(input_shape[:2], 4)
    # Three pixels more, for the 7x7 convolution.
    margin = [[n + 3 for n in side] for side in before]
    x = ReflectionPadding2D(margin)(inputs)
    x = normed(layers.Conv2D(width, 7, use_bias=False, **INIT), x)
    x = layers.ReLU()(x)
    for filters in (2 * width, 4 * width):
        conv = layers.Conv2D(filters, 3, 2, use_bias=False, **INIT)
        # Zeros on every side, as in PyTorch; "same" has them on two sides.
        x = layers.ReLU()(normed(conv, layers.ZeroPadding2D(1)(x)))
    for _ in range(blocks):
        y = layers.ReLU()(same(x, 4 * width))
        x = layers.Add()([x, same(y, 4 * width)])
    for filters in (2 * width, width):
        conv = UpsamplingConv2D(filters, 3, use_bias=False, **INIT)
        x = layers.ReLU()(normed(conv, x))
    x = layers.Conv2D(output_channels, 7, **INIT)(ReflectionPadding2D(3)(x))
    x = layers.Cropping2D(before)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(inputs, images, name="generator")
