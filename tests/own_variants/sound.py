"""Sound: a waveform from latents and a class, WaveGAN in miniature."""

import functools

import keras
from keras import layers, ops

from keras_gans import data
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Audio, ClassLabel, Latents


def build_generator(length, latent_dim, num_classes):
    z, y = keras.Input((latent_dim,)), keras.Input((), dtype="int32")
    x = layers.Concatenate()([z, ops.one_hot(y, num_classes)])
    x = layers.Reshape((length // 4, 4))(layers.Dense(length, "relu")(x))
    x = layers.Conv1DTranspose(1, 8, 4, "same", activation="tanh")(x)
    return keras.Model([z, y], x)


def build_discriminator(length, num_classes):
    audio, y = keras.Input((length, 1)), keras.Input((), dtype="int32")
    x = layers.Conv1D(4, 8, 4, "same", activation="leaky_relu")(audio)
    x = layers.Flatten()(x)
    x = layers.Concatenate()([x, ops.one_hot(y, num_classes)])
    return keras.Model([audio, y], layers.Dense(1)(x))


@keras.saving.register_keras_serializable("tests")
class Sound(TwoPlayerGAN):
    reader = staticmethod(functools.partial(data.sounds, length=64))

    def __init__(
        self,
        length=64,
        rate=8000,
        num_classes=3,
        latent_dim=4,
        class_names=None,
        **kwargs,
    ):
        labels = ClassLabel(num_classes, class_names)
        super().__init__(
            functools.partial(build_generator, length, latent_dim, num_classes),
            functools.partial(build_discriminator, length, num_classes),
            {"latents": Latents(latent_dim), "labels": labels},
            "hinge",
            makes={"audio": Audio(length, rate)},
            **kwargs,
        )
