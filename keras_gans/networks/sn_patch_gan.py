"""SN-PatchGAN: Yu et al. 2019, arXiv:1806.03589, section 3.2."""

import keras
from keras import layers

from keras_gans.layers import SpectralConv2D

MAPS = 4
"""Side of the last maps for images of the paper's size."""


def default_depth(image_shape: tuple[int, int, int]) -> int:
    """Returns the halvings to maps of 4x4: the paper's 6 for 256x256."""
    return max(1, (min(image_shape[:2]) // MAPS).bit_length() - 1)


def build_sn_patch_gan(
    shapes: dict[str, tuple[int, int, int]], width: int, depth: int
) -> keras.Model:
    """Builds a discriminator whose every output is a verdict of its own.

    Convolutions with kernels of 5x5 and strides of 2, with spectral
    normalisation and leaky ReLU between them. Every value of the last maps
    is a logit: the hinge loss is the mean over places and channels.

    Args:
        shapes: The shape of each of the inputs, by name, all of one size;
            they are concatenated.
        width: Channels of the first layer, 64 in the paper; the second one
            has twice, and all further ones four times as many.
        depth: Number of convolutions.

    Returns:
        A model from the inputs to logits (N, rows, columns, channels).
    """
    inputs = [keras.Input(shape, name=name) for name, shape in shapes.items()]
    x = layers.Concatenate()(inputs)
    for i in range(depth):
        x = layers.LeakyReLU(0.2)(x) if i else x
        x = SpectralConv2D(
            width * min(2**i, 4),
            5,
            strides=2,
            padding="same",
            # float32 where the loss takes its values.
            dtype="float32" if i == depth - 1 else None,
        )(x)
    return keras.Model(inputs, x, name="discriminator")
