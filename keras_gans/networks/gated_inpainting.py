"""The generator of gated inpainting: Yu et al. 2019, arXiv:1806.03589.

Two stages, figure 3: a coarse network fills the holes in, and a refinement
network makes them anew from what the coarse one left. Channels follow the
authors' code.
"""

from typing import Any

import keras
from keras import layers

from keras_gans.layers import (
    ContextualAttention,
    CutHoles,
    FillHoles,
    GatedConv2D,
    ReflectionPadding2D,
)
from keras_gans.networks.unet import padding_to

STAGES = ("coarse", "refined")
"""The layers that make images, which are not yet put into the holes."""


def build_gated_generator(
    image_shape: tuple[int, int, int],
    width: int,
    dilations: tuple[int, ...],
    attention: bool,
) -> keras.Model:
    """Builds the generator, from photographs and masks to photographs.

    Outside of the masks the result is the photograph, bit for bit. Sides
    that are no multiple of 4 (of 8 with attention) are padded by reflection
    for the networks, and what they make is cropped.

    Args:
        image_shape: (height, width, channels).
        width: Channels of the layers next to the images, 24 in the authors'
            code; maps of half and of a quarter of the size have two and four
            times as many.
        dilations: Rates of the dilated convolutions of each stage.
        attention: Whether the refinement has a branch of contextual
            attention.

    Returns:
        A model from photographs and masks to images in [-1, 1]. Its layers
        of the names in `STAGES` make the images of both stages.
    """
    inputs = keras.Input(image_shape, name="inputs")
    masks = keras.Input((*image_shape[:2], 1), name="masks")
    border = padding_to(image_shape[:2], 8 if attention else 4)

    def padded(x: Any) -> Any:
        return ReflectionPadding2D(border)(x) if any(map(any, border)) else x

    def to_images(x: Any, name: str) -> Any:
        x = _grow(x, width, image_shape[-1])
        x = layers.Cropping2D(border)(x) if any(map(any, border)) else x
        return layers.Activation("tanh", dtype="float32", name=name)(x)

    x = padded(CutHoles()([inputs, masks]))
    x = _dilated(_shrink(x, [width * n for n in (1, 2, 2, 4, 4, 4)]), dilations)
    coarse = to_images(x, STAGES[0])
    pasted = padded(FillHoles()([coarse, inputs, masks]))
    x = _dilated(
        _shrink(pasted, [width * n for n in (1, 1, 2, 2, 4, 4)]), dilations
    )
    if attention:
        # The last layer's maps are compared by their angles, in one quadrant.
        widths = [width * n for n in (1, 1, 2, 4, 4, 4)]
        y = _shrink(pasted, widths, last="relu")
        holes = layers.MaxPooling2D(8)(padded(masks))
        y = ContextualAttention()([y, holes])
        y = GatedConv2D(4 * width)(GatedConv2D(4 * width)(y))
        x = layers.Concatenate()([x, y])
    refined = to_images(x, STAGES[1])
    images = FillHoles(name="images")([refined, inputs, masks])
    return keras.Model([inputs, masks], images, name="generator")


def _shrink(x: Any, widths: list[int], last: str = "elu") -> Any:
    """Makes maps of a quarter of the size, with six convolutions."""
    for i, filters in enumerate(widths):
        x = GatedConv2D(
            filters,
            5 if i == 0 else 3,
            strides=2 if i in (1, 3) else 1,
            activation=last if i == len(widths) - 1 else "elu",
        )(x)
    return x


def _dilated(x: Any, dilations: tuple[int, ...]) -> Any:
    """Looks ever further around, on maps of one size."""
    for rate in dilations:
        x = GatedConv2D(x.shape[-1], dilation_rate=rate)(x)
    return x


def _grow(x: Any, width: int, channels: int) -> Any:
    """Makes maps of four times the size, of as many channels as images."""
    x = GatedConv2D(4 * width)(GatedConv2D(4 * width)(x))
    x = GatedConv2D(2 * width)(gated_deconv(x, 2 * width))
    x = GatedConv2D(max(1, width // 2))(gated_deconv(x, width))
    return layers.Conv2D(channels, 3, padding="same")(x)


def gated_deconv(x: Any, filters: int) -> Any:
    """Doubles maps: nearest neighbours, then a gated convolution."""
    return GatedConv2D(filters)(layers.UpSampling2D()(x))
