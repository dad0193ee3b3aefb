"""DCGAN's networks: Radford, Metz and Chintala 2015, arXiv:1511.06434.

The generator doubles small maps to images with transposed convolutions. The
discriminator halves images to small maps with strided convolutions.
"""

import random
from typing import Any

import keras
from keras import layers

from keras_gans.layers import (
    BatchNormalization,
    DownsamplingConv2D,
    UpsamplingConv2D,
)
from keras_gans.modalities import Modality
from keras_gans.networks.conditions import (
    condition_input,
    vector_length,
    vectors,
)
from keras_gans.networks.sizes import doublings, start_size

# N(0, 0.02), section 4. A configuration, from which each layer makes its own
# initializer: one instance would start every layer with the same numbers.
NORMAL: Any = {"class_name": "RandomNormal", "config": {"stddev": 0.02}}
INIT: dict[str, Any] = {"kernel_initializer": NORMAL}


def widths(image_shape: tuple[int, int, int], width: int) -> list[int]:
    """Returns the channels at each size, from the largest maps down."""
    return [width * min(2**i, 8) for i in range(doublings(image_shape))]


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator, from latents (N, latent_dim) to images.

    Every block doubles the maps: transposed convolution, batch norm, ReLU.
    """
    z = keras.Input((latent_dim,))
    x = start_maps(z, image_shape, width, use_bias=False)
    x = layers.ReLU()(batch_norm(synchronized)(x))
    images = grow(x, image_shape, width, synchronized)
    return keras.Model(z, images, name="generator")


def start_maps(x: Any, image_shape: Any, width: int, **dense: Any) -> Any:
    """Maps vectors to the generator's first maps, with a dense layer."""
    start, channels = start_size(image_shape), widths(image_shape, width)[-1]
    x = layers.Dense(start[0] * start[1] * channels, **dense, **INIT)(x)
    return layers.Reshape((*start, channels))(x)


def grow(x: Any, image_shape: Any, width: int, synchronized: bool) -> Any:
    """Doubles maps to images: transposed convolution, batch norm, ReLU."""
    for filters in widths(image_shape, width)[-2::-1]:
        x = UpsamplingConv2D(filters, use_bias=False, **INIT)(x)
        x = layers.ReLU()(batch_norm(synchronized)(x))
    x = UpsamplingConv2D(image_shape[-1], **INIT)(x)
    return layers.Activation("tanh", dtype="float32")(x)


def build_discriminator(
    image_shape: tuple[int, int, int],
    width: int,
    synchronized: bool = False,
    use_bias: bool = True,
    use_norm: bool = True,
) -> keras.Model:
    """Builds the discriminator, from images to logits (N, 1).

    Every block halves the maps: strided convolution, batch norm, leaky ReLU.

    Args:
        image_shape: (height, width, channels).
        width: Channels of the layer next to the images.
        synchronized: As in `BatchNormalization`.
        use_bias: Whether the last layer has a bias; a loss of the difference
            of logits gives it no gradient.
        use_norm: Whether there is batch norm.
    """
    images = keras.Input(image_shape)
    x = shrink(images, image_shape, width, synchronized, use_norm)
    verdict = layers.Dense(1, use_bias=use_bias, dtype="float32", **INIT)
    logits = verdict(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


def shrink(
    x: Any,
    image_shape: Any,
    width: int,
    synchronized: bool,
    use_norm: bool = True,
) -> Any:
    """Halves maps: strided convolution, batch norm, leaky ReLU."""
    for i, filters in enumerate(widths(image_shape, width)):
        # No batch norm next to the images: samples oscillate with it
        # (section 3).
        normed = use_norm and i > 0
        norm = batch_norm(synchronized) if normed else layers.Identity()
        x = DownsamplingConv2D(filters, use_bias=not normed, **INIT)(x)
        x = layers.LeakyReLU(0.2)(norm(x))
    return x


def batch_norm(synchronized: bool) -> BatchNormalization:
    """Returns batch norm with scales that start from N(1, 0.02)."""
    return BatchNormalization(
        synchronized,
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02),
    )


def dropout(rate: float) -> layers.Dropout:
    """Returns dropout with a seed of its own, whose state is saved.

    Without a seed PyTorch draws from its global generator, whose state is not
    in the model's files.
    """
    return layers.Dropout(rate, seed=random.randrange(2**31))


def build_conditional_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    condition: Modality | int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator from latents and labels to images.

    Odena et al. 2017, table 1: latents and one-hot labels are concatenated.
    The condition is a modality, or a number of classes.
    """
    z = keras.Input((latent_dim,), name="latents")
    label = condition_input(condition)
    x = layers.Concatenate()([z, vectors(label, condition)])
    x = start_maps(x, image_shape, width, activation="relu")
    images = grow(x, image_shape, width, synchronized)
    return keras.Model([z, label], images, name="generator")


def build_conditional_discriminator(
    image_shape: tuple[int, int, int],
    condition: Modality | int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the discriminator from images and labels to logits.

    The one-hot label is added to the image as one constant channel for each
    class. The condition is a modality, or a number of classes.
    """
    images = keras.Input(image_shape, name="images")
    label = condition_input(condition)
    height, image_width, _ = image_shape
    y = layers.RepeatVector(height * image_width)(vectors(label, condition))
    y = layers.Reshape((height, image_width, vector_length(condition)))(y)
    x = layers.Concatenate()([images, y])
    x = shrink(x, image_shape, width, synchronized)
    logits = layers.Dense(1, dtype="float32", **INIT)(layers.Flatten()(x))
    return keras.Model([images, label], logits, name="discriminator")
