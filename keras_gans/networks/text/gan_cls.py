"""GAN-CLS's networks: Reed et al. 2016, arXiv:1605.05396, on DCGAN's bodies."""

from typing import Any

import keras
from keras import layers

from keras_gans.networks.dcgan import (
    INIT,
    batch_norm,
    grow,
    shrink,
    start_maps,
)
from keras_gans.networks.text.conditioning import augmented, spread


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    sentence_dim: int,
    width: int,
    text_width: int = 128,
    augmentation_dim: int | None = None,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator, from latents and sentences to images.

    The sentence is compressed by a dense layer with leaky ReLU and joined to
    the latents (section 4.1).

    Args:
        image_shape: (height, width, channels).
        latent_dim: Dimensions of the latents, without the augmentation's.
        sentence_dim: Dimensions of the sentences.
        width: As in `dcgan.build_generator`.
        text_width: Dimensions of the compressed sentence.
        augmentation_dim: As in `conditioning.augmented`.
        synchronized: As in `BatchNormalization`.
    """
    latents = keras.Input((latent_dim + (augmentation_dim or 0),))
    sentences = keras.Input((sentence_dim,), name="sentences")
    z, y = augmented(latents, sentences, augmentation_dim)
    x = layers.Concatenate()([z, compressed(y, text_width)])
    x = start_maps(x, image_shape, width, use_bias=False)
    x = layers.ReLU()(batch_norm(synchronized)(x))
    images = grow(x, image_shape, width, synchronized)
    return keras.Model([latents, sentences], images, name="painter")


def compressed(sentences: Any, text_width: int) -> Any:
    """Compresses sentences, with a dense layer and leaky ReLU."""
    return layers.LeakyReLU(0.2)(layers.Dense(text_width, **INIT)(sentences))


def build_discriminator(
    image_shape: tuple[int, int, int],
    sentence_dim: int,
    width: int,
    text_width: int = 128,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the discriminator, from images and sentences to logits.

    Its network "features" is DCGAN's body. "verdict" joins the compressed
    sentence to every place of its last maps; a convolution of 1x1 and one of
    the size of the maps follow (section 4.1).
    """
    images = keras.Input(image_shape, name="images")
    sentences = keras.Input((sentence_dim,), name="sentences")
    seen = keras.Input(image_shape)
    maps = shrink(seen, image_shape, width, synchronized)
    features = keras.Model(seen, maps, name="features")
    verdict = build_verdict(
        maps.shape[1:], sentence_dim, text_width, synchronized
    )
    logits = verdict([features(images), sentences])
    return keras.Model([images, sentences], logits, name="discriminator")


def build_verdict(
    shape: tuple[int, int, int],
    sentence_dim: int,
    text_width: int,
    synchronized: bool,
) -> keras.Model:
    """Builds the part of the discriminator that judges maps and sentences."""
    maps = keras.Input(shape)
    sentences = keras.Input((sentence_dim,))
    y = spread(compressed(sentences, text_width), shape)
    x = layers.Concatenate()([maps, y])
    x = layers.Conv2D(shape[-1], 1, use_bias=False, **INIT)(x)
    x = layers.LeakyReLU(0.2)(batch_norm(synchronized)(x))
    # A convolution of the size of the maps.
    verdict = layers.Dense(1, dtype="float32", **INIT)
    logits = verdict(layers.Flatten()(x))
    return keras.Model([maps, sentences], logits, name="verdict")
