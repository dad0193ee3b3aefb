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
    """Latents to images through two rectified dense layers."""
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
    """Images to logits through two layers of maxout units, with dropout."""
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
        units: Units of each hidden layer of the generator; the discriminator
            has a fifth of them, each of five pieces.
        loss: "non_saturating" (section 3), "minimax" (equation 1), another of
            `keras_gans.losses.LOSSES`, or a pair of functions (of the
            discriminator, of the generator).
        critic_steps: Steps of the discriminator for one of the generator,
            the paper's k; all on the same real images, with new latents.
        generator: Your own, from (N, latent_dim) to images in [-1, 1].
        discriminator: Your own, from images to logits.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unknown loss, and for networks that do not fit.
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
