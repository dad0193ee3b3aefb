"""The first GAN: Goodfellow et al. 2014, arXiv:1406.2661."""

import functools
import math
from typing import Any

import keras
from keras import layers

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import Maxout
from keras_gans.modalities import Latents
from keras_gans.networks.dcgan import dropout


def build_generator(
    image_shape: tuple[int, int, int], latent_dim: int, units: int
) -> keras.Model:
    """Builds the generator: two dense layers with ReLU."""
    z = x = keras.Input((latent_dim,))
    for _ in range(2):
        x = layers.Dense(units, "relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(int(math.prod(image_shape)))(x)
    x = layers.Reshape(image_shape)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], units: int
) -> keras.Model:
    """Builds the discriminator: two maxout layers with dropout."""
    images = keras.Input(image_shape)
    x = layers.Flatten()(images)
    for _ in range(2):
        x = dropout(0.3)(Maxout(units)(x))
    logits = layers.Dense(1, dtype="float32")(x)
    return keras.Model(images, logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class GAN(TwoPlayerGAN):
    """Generative adversarial networks of dense layers, Goodfellow et al. 2014.

    Args:
        image_shape: (height, width, channels), any.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        units: Units of each hidden layer of the generator. The discriminator
            has a fifth as many maxout units, of five pieces each.
        loss: "non_saturating" (section 3), "minimax" (equation 1), another of
            `keras_gans.losses.LOSSES`, or a pair of functions (the
            discriminator's loss, the generator's loss).
        critic_steps: Steps of the discriminator for each of the generator,
            the paper's k. They share a batch of real images, and each draws
            new latents.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own discriminator, from images to logits.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unknown loss, and for networks of your own that do
            not fit the arguments.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        latent_dim: int = 100,
        units: int = 1200,
        loss: str = "non_saturating",
        critic_steps: int = 1,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            generator
            or functools.partial(
                build_generator, image_shape, latent_dim, units
            ),
            discriminator
            or functools.partial(
                build_discriminator, image_shape, max(1, units // 5)
            ),
            {"latents": Latents(latent_dim)},
            loss,
            critic_steps,
            **kwargs,
        )
