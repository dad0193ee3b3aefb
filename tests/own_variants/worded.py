"""Words: a picture from a sentence, by the mean of its words' vectors."""

import functools

import keras
from keras import layers, ops

from keras_gans import data
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import HashedLatents, Text, Vocabulary

WORDS = Text(
    Vocabulary(["red", "blue", "hair", "eyes", "long"]),
    length=4,
    examples=["red hair", "long blue hair", "blue eyes"],
)


def mean_of_words(ids, prompts, width):
    vectors = layers.Embedding(prompts.vocabulary_size, width)(ids)
    known = ops.cast(ids != 0, "float32")[..., None]
    return ops.sum(vectors * known, 1) / ops.sum(known, 1)


def build_generator(shape, latent_dim, prompts, width):
    z = keras.Input((latent_dim,))
    ids = keras.Input(prompts.shape, dtype="int32")
    x = layers.Concatenate()([z, mean_of_words(ids, prompts, width)])
    height, across, channels = shape
    x = layers.Dense(height // 4 * across // 4 * width, "relu")(x)
    x = layers.Reshape((height // 4, across // 4, width))(x)
    x = layers.Conv2DTranspose(width, 4, 2, "same", activation="relu")(x)
    x = layers.Conv2DTranspose(channels, 4, 2, "same", activation="tanh")(x)
    return keras.Model([z, ids], x)


def build_discriminator(shape, prompts, width):
    images = keras.Input(shape)
    ids = keras.Input(prompts.shape, dtype="int32")
    x = layers.Conv2D(width, 4, 2, "same", activation="leaky_relu")(images)
    x = layers.Conv2D(width, 4, 2, "same", activation="leaky_relu")(x)
    x = layers.Flatten()(x)
    x = layers.Concatenate()([x, mean_of_words(ids, prompts, width)])
    return keras.Model([images, ids], layers.Dense(1)(x))


@keras.saving.register_keras_serializable("tests")
class Worded(TwoPlayerGAN):
    reader = staticmethod(data.captioned)

    def __init__(
        self,
        image_shape=(16, 16, 3),
        prompts=WORDS,
        latent_dim=4,
        width=4,
        **kwargs,
    ):
        super().__init__(
            functools.partial(
                build_generator, image_shape, latent_dim, prompts, width
            ),
            functools.partial(build_discriminator, image_shape, prompts, width),
            {"latents": HashedLatents(latent_dim), "prompts": prompts},
            "hinge",
            **kwargs,
        )
