"""A tree of two arrays as output: images, and a map for each."""

import functools

import keras
from keras import layers

from keras_gans import data
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Image, Latents

SHAPE = (16, 16, 1)


def build_generator(latent_dim):
    z = keras.Input((latent_dim,))
    x = layers.Reshape((8, 8, 2))(layers.Dense(128, "relu")(z))
    made = {
        name: layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh")(x)
        for name in ("images", "maps")
    }
    return keras.Model(z, made)


def build_discriminator():
    images, maps = keras.Input(SHAPE), keras.Input(SHAPE)
    x = layers.Concatenate()([images, maps])
    x = layers.Conv2D(4, 4, 2, "same", activation="leaky_relu")(x)
    return keras.Model([images, maps], layers.Dense(1)(layers.Flatten()(x)))


@keras.saving.register_keras_serializable("tests")
class Tree(TwoPlayerGAN):
    reader = staticmethod(
        functools.partial(data.pairs, names=("images", "maps"))
    )

    def __init__(self, latent_dim=4, **kwargs):
        super().__init__(
            functools.partial(build_generator, latent_dim),
            build_discriminator,
            {"latents": Latents(latent_dim)},
            "non_saturating",
            makes={"images": Image(*SHAPE), "maps": Image(*SHAPE)},
            **kwargs,
        )
