"""Variants of kinds that the package does not have, for tests of exports."""

import keras
from keras import layers, ops

from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Audio, ClassLabel, Image, Latents

INIT = {"kernel_initializer": "he_normal"}


class Variant(AdversarialModel):
    """A generator, and a discriminator of one dense layer."""

    def __init__(self, generator, takes, makes, **kwargs):
        seen = [keras.Input(m.shape) for m in makes.values()]
        flat = [layers.Flatten()(x) for x in seen]
        x = layers.Concatenate()(flat) if len(flat) > 1 else flat[0]
        players = {
            "generator": generator,
            "discriminator": keras.Model(seen, layers.Dense(1)(x)),
        }
        super().__init__(players, takes, makes, seed=1, **kwargs)


def sounds(**kwargs):
    """Latents and labels, to a waveform."""
    z, y = keras.Input((8,)), keras.Input((), dtype="int32")
    x = layers.Embedding(3, 16, embeddings_initializer="normal")(y)
    x = layers.Concatenate()([layers.Dense(16, **INIT)(z), 20 * x])
    x = layers.Reshape((64, 1))(layers.Dense(64, "tanh", **INIT)(x))
    return Variant(
        keras.Model([z, y], x),
        {"latents": Latents(8), "labels": ClassLabel(3, ["oh", "ah", "ü"])},
        {"waveforms": Audio(64)},
        **kwargs,
    )


def pictures_and_depths(**kwargs):
    """Latents to two outputs of one shape, not in the order of their names.

    Its GELU calls what ONNX lacks.
    """
    z = keras.Input((8,))
    x = layers.Dense(16, "gelu", **INIT)(z)
    made = [
        layers.Reshape((4, 4, 1))(layers.Dense(16, "gelu", **INIT)(x))
        for _ in range(2)
    ]
    return Variant(
        keras.Model(z, made),
        {"latents": Latents(8)},
        {"pictures": Image(4, 4, 1), "depths": Image(4, 4, 1)},
        **kwargs,
    )


def translation(**kwargs):
    """Images of three channels to images of two."""
    x = keras.Input((8, 8, 3))
    y = layers.Conv2D(2, 3, padding="same", activation="tanh", **INIT)(x)
    return Variant(
        keras.Model(x, y),
        {"inputs": Image(8, 8, 3)},
        {"images": Image(8, 8, 2)},
        **kwargs,
    )


VARIANTS = {
    "sounds": sounds,
    "pictures_and_depths": pictures_and_depths,
    "translation": translation,
}


class Sine(layers.Layer):
    """A user's layer, which nobody registered."""

    def call(self, x):
        return ops.sin(x)


class Tail(keras.Model):
    """A user's subclassed model: a hidden layer, and an image of 4x4x1."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden = layers.Dense(units, "relu", **INIT)
        self.last = layers.Dense(16, "tanh", **INIT)
        self.reshape = layers.Reshape((4, 4, 1))

    def build(self, input_shape):
        self.hidden.build(input_shape)
        self.last.build((*input_shape[:-1], self.units))

    def get_config(self):
        return {**super().get_config(), "units": self.units}

    def call(self, x):
        return self.reshape(self.last(self.hidden(x)))


class Forgetful(Tail):
    """A subclassed model whose constructor does not take what Keras hands."""

    def __init__(self, units):
        super().__init__(units)


class Inverse(layers.Layer):
    """What LiteRT alone cannot run."""

    def call(self, x):
        return ops.erfinv(ops.tanh(x))
