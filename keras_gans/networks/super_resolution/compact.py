"""Real-ESRGAN's compact network: Wang et al. 2021, arXiv:2107.10833."""

import keras
from keras import layers

from keras_gans.layers import DepthToSpace
from keras_gans.networks.super_resolution.ends import (
    conv,
    field,
    from_minus_one_to_one,
    from_zero_to_one,
    photographs,
)
from keras_gans.networks.super_resolution.rrdb import doubled

SCALES = (1, 2, 3, 4, 8)


def build_compact(
    channels: int, scale: int, width: int, blocks: int
) -> keras.Model:
    """Builds a plain stack of 3x3 convolutions with PReLU.

    All of it works at the size of the inputs. The result is added to the
    inputs, each of whose pixels is repeated. Layers have the names of the
    files of Real-ESRGAN's `SRVGGNetCompact`, with underscores for dots.

    Args:
        channels: Channels of the images.
        scale: By how much images are enlarged.
        width: Channels of the maps, 64 in Real-ESRGAN's files.
        blocks: Convolutions between the first and the last one, 16 or 32
            there.

    Returns:
        A model from images in [-1, 1] to images in [-1, 1], of any height and
        width.
    """
    images = photographs(channels)
    x = start = from_zero_to_one(images)
    for i in range(0, 2 * blocks + 2, 2):
        x = conv(width, f"body_{i}")(x)
        slope = keras.initializers.Constant(0.25)
        x = layers.PReLU(slope, shared_axes=(1, 2), name=f"body_{i + 1}")(x)
    x = conv(channels * scale**2, f"body_{2 * blocks + 2}")(x)
    x = DepthToSpace(scale)(x) + doubled(start, "start", scale)
    return keras.Model(images, from_minus_one_to_one(x), name="generator")


def compact_field(blocks: int) -> int:
    """Returns the side of the receptive field, in pixels of the inputs."""
    return field(blocks + 2)
