"""DF-GAN's networks: Tao et al. 2022, arXiv:2008.05865.

Reference: https://github.com/tobran/DF-GAN. Every convolution of 1x1 and
every pointwise function stands on the smaller side of a change of size, which
gives the same numbers for less work.
"""

from typing import Any

import keras
from keras import layers

from keras_gans.layers import DownsamplingConv2D, LearnedGain
from keras_gans.networks.residual import doubled
from keras_gans.networks.sizes import doublings, start_size
from keras_gans.networks.text.conditioning import augmented, spread

INIT: dict[str, Any] = {
    # U(-b, b) with b = 1 / sqrt(inputs), as PyTorch starts its layers.
    "kernel_initializer": {
        "class_name": "VarianceScaling",
        "config": {
            "scale": 1 / 3,
            "mode": "fan_in",
            "distribution": "uniform",
        },
    }
}


def widths(image_shape: tuple[int, int, int], width: int) -> list[int]:
    """Returns the channels at each size, from the images' own down."""
    return [width * min(2**i, 8) for i in range(doublings(image_shape) + 1)]


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    sentence_dim: int,
    width: int,
    augmentation_dim: int | None = None,
) -> keras.Model:
    """Builds the generator, from latents and sentences to images.

    A dense layer makes the first maps of the latents; each block doubles
    them, and fuses them four times with latents and sentence (figure 4).

    Args:
        image_shape: (height, width, channels).
        latent_dim: Dimensions of the latents, without the augmentation's.
        sentence_dim: Dimensions of the sentences.
        width: Channels of the maps of the images' size.
        augmentation_dim: As in `conditioning.augmented`.
    """
    start, channels = start_size(image_shape), widths(image_shape, width)[::-1]
    latents = keras.Input((latent_dim + (augmentation_dim or 0),))
    sentences = keras.Input((sentence_dim,), name="sentences")
    z, y = augmented(latents, sentences, augmentation_dim)
    y = layers.Concatenate()([z, y])
    x = layers.Dense(start[0] * start[1] * channels[0], **INIT)(z)
    x = layers.Reshape((*start, channels[0]))(x)
    for filters in channels[1:]:
        x = up_block(x, y, filters)
    x = layers.LeakyReLU(0.2)(x)
    x = layers.Conv2D(image_shape[-1], 3, padding="same", **INIT)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([latents, sentences], images, name="painter")


def up_block(x: Any, y: Any, filters: int) -> Any:
    """Doubles maps: an UPBlock, of two fusion blocks (figure 4b)."""
    h = doubled(fused(x, y))
    h = layers.Conv2D(filters, 3, padding="same", **INIT)(h)
    h = layers.Conv2D(filters, 3, padding="same", **INIT)(fused(h, y))
    if x.shape[-1] != filters:
        x = layers.Conv2D(filters, 1, **INIT)(x)
    return doubled(x) + h


def fused(x: Any, y: Any) -> Any:
    """Fuses maps with a condition: a DFBlock, affine and ReLU twice."""
    for _ in range(2):
        x = layers.LeakyReLU(0.2)(affine(x, y))
    return x


def affine(x: Any, y: Any) -> Any:
    """Scales and shifts each channel by a condition (equations 2 and 3).

    Two networks of two layers make the scales, which start at 1, and the
    offsets, which start at 0.
    """
    channels = x.shape[-1]
    scale, offset = (
        layers.Reshape((1, 1, channels))(
            layers.Dense(
                channels, kernel_initializer="zeros", bias_initializer=start
            )(layers.Dense(channels, "relu", **INIT)(y))
        )
        for start in ("ones", "zeros")
    )
    return scale * x + offset


def build_discriminator(
    image_shape: tuple[int, int, int], sentence_dim: int, width: int
) -> keras.Model:
    """Builds the one-way discriminator, from images and sentences to logits.

    Its network "features" makes small maps of the images, and "verdict" a
    logit of these and the sentence (figure 3).
    """
    images = keras.Input(image_shape, name="images")
    sentences = keras.Input((sentence_dim,), name="sentences")
    features = build_features(image_shape, width)
    shape = features.output.shape[1:]
    verdict = build_verdict(shape, sentence_dim, 2 * width)
    logits = verdict([features(images), sentences])
    return keras.Model([images, sentences], logits, name="discriminator")


def build_features(
    image_shape: tuple[int, int, int], width: int
) -> keras.Model:
    """Builds the part of the discriminator that sees images alone."""
    first, *channels = widths(image_shape, width)
    images = keras.Input(image_shape)
    x = layers.Conv2D(first, 3, padding="same", **INIT)(images)
    for filters in channels:
        x = down_block(x, filters)
    return keras.Model(images, x, name="features")


def down_block(x: Any, filters: int) -> Any:
    """Halves maps: a DownBlock, whose residual has a learned gain."""
    h = DownsamplingConv2D(filters, use_bias=False, **INIT)(x)
    h = layers.LeakyReLU(0.2)(h)
    h = layers.Conv2D(filters, 3, padding="same", use_bias=False, **INIT)(h)
    h = LearnedGain()(layers.LeakyReLU(0.2)(h))
    is_wider = x.shape[-1] != filters
    x = layers.AveragePooling2D(2)(x)
    return h + (layers.Conv2D(filters, 1, **INIT)(x) if is_wider else x)


def build_verdict(
    shape: tuple[int, int, int], sentence_dim: int, filters: int
) -> keras.Model:
    """Builds the part of the discriminator that judges maps and sentences."""
    maps = keras.Input(shape)
    sentences = keras.Input((sentence_dim,))
    x = layers.Concatenate()([maps, spread(sentences, shape)])
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, **INIT)(x)
    x = layers.Flatten()(layers.LeakyReLU(0.2)(x))
    # A convolution of the size of the maps.
    verdict = layers.Dense(1, use_bias=False, dtype="float32", **INIT)
    return keras.Model([maps, sentences], verdict(x), name="verdict")
