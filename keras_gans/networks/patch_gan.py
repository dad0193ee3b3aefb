"""PatchGAN: Isola et al. 2017, arXiv:1611.07004, sections 3.2.2 and 6.1.2."""

import keras
from keras import layers

from keras_gans.layers import DownsamplingConv2D
from keras_gans.networks.dcgan import INIT
from keras_gans.networks.unet import normalization

HALVINGS = {1: 0, 16: 1, 34: 2, 70: 3, 142: 4, 286: 5}
"""The receptive fields of a logit, in pixels, and the halvings of each."""


def check_patches(
    input_shape: tuple[int, int, int],
    output_shape: tuple[int, int, int],
    receptive_field: int,
) -> None:
    """Refuses sizes of images whose patches cannot be judged.

    Raises:
        ValueError: For different sizes, an unknown receptive field, and for
            images smaller than a patch.
    """
    if tuple(input_shape[:2]) != tuple(output_shape[:2]):
        raise ValueError(
            "Inputs and outputs must have one height and width. Received: "
            f"input_shape={input_shape}, output_shape={output_shape}"
        )
    if receptive_field not in HALVINGS:
        raise ValueError(
            f"`receptive_field` must be one of {[*HALVINGS]}. "
            f"Received: receptive_field={receptive_field}"
        )
    if min(input_shape[:2]) < receptive_field:
        fitting = [n for n in HALVINGS if n <= min(input_shape[:2])]
        raise ValueError(
            "Images must not be smaller than a patch of the discriminator; "
            f"`receptive_field` may be one of {fitting}. Received: "
            f"input_shape={input_shape}, receptive_field={receptive_field}"
        )


def build_patch_gan(
    shapes: dict[str, tuple[int, int, int]],
    width: int,
    receptive_field: int = 70,
    norm: str = "batch",
) -> keras.Model:
    """Builds a discriminator with a logit for each patch of the images.

    Args:
        shapes: The shape of each of the inputs, by name, all of one size;
            they are concatenated.
        width: Channels of the first layer, 64 in the paper.
        receptive_field: Side in pixels of the patch that a logit judges, a
            key of `HALVINGS`.
        norm: As in `build_unet`.

    Returns:
        A model from the inputs to logits (N, rows, columns, 1).
    """
    inputs = [keras.Input(shape, name=name) for name, shape in shapes.items()]
    if len(inputs) == 1:
        inputs = x = inputs[0]
    else:
        x = layers.Concatenate()(inputs)
    halvings = HALVINGS[receptive_field]
    for i in range(halvings):
        filters = width * min(2**i, 8)
        x = DownsamplingConv2D(filters, use_bias=i == 0, **INIT)(x)
        x = normalization(norm)(x) if i else x
        x = layers.LeakyReLU(0.2)(x)
    if not halvings:  # PixelGAN: every pixel by itself
        x = layers.LeakyReLU(0.2)(layers.Conv2D(width, 1, **INIT)(x))
    side = 4 if halvings else 1
    filters = width * min(2 ** max(halvings, 1), 8)
    x = layers.Conv2D(filters, side, padding="same", use_bias=False, **INIT)(x)
    x = layers.LeakyReLU(0.2)(normalization(norm)(x))
    last = layers.Conv2D(1, side, padding="same", dtype="float32", **INIT)
    return keras.Model(inputs, last(x), name="discriminator")
