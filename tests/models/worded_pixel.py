"""A game of one pixel and sentences of one word and one number each."""

import keras
import numpy as np
from keras import layers, ops

from keras_gans.modalities import Text, Vocabulary

TEXT = Text(Vocabulary(["red", "blue"]), length=1)
IDS = np.array([[2], [3]], "int32")
SENTENCES = np.array([[0.5], [-1.5]])
PIXELS = np.array([51, 204], "uint8")
REAL = (PIXELS / 127.5 - 1.0)[:, None]


def text_encoder():
    """Returns an encoder of `SENTENCES`."""
    ids = keras.Input((1,), dtype="int32")
    table = layers.Embedding(4, 1, name="table")
    words = table(ids)
    sentence = layers.Flatten()(words)
    mask = ops.cast(ids != 0, "float32")
    model = keras.Model(ids, [words, sentence, mask])
    table.set_weights([np.concatenate([[[9.0], [9.0]], SENTENCES])])
    return model


def weight(value, name):
    """Returns a layer that multiplies by one weight."""
    layer = layers.Dense(1, use_bias=False, name=name)
    layer.build((None, 1))
    layer.set_weights([np.array([[value]])])
    return layer


def networks(w, v):
    """Returns a painter w z s and a discriminator v x s."""
    z, s = keras.Input((1,)), keras.Input((1,))
    painter = weight(w, "w")(z * s)
    painter = keras.Model([z, s], layers.Reshape((1, 1, 1))(painter))
    x, s = keras.Input((1, 1, 1)), keras.Input((1,))
    judge = weight(v, "v")(layers.Flatten()(x) * s)
    return painter, keras.Model([x, s], judge)


def game(cls, w, v, z, **kwargs):
    """Returns a compiled GAN of this game, whose latents are all z."""

    class Game(cls):
        def random_latents(self, num):
            return z * ops.ones((num, 1))

    painter, judge = networks(w, v)
    gan = Game(
        (1, 1, 1),
        TEXT,
        latent_dim=1,
        text_encoder=text_encoder(),
        generator=painter,
        discriminator=judge,
        **kwargs,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
    )
    rows = {"images": PIXELS.reshape(2, 1, 1, 1), "prompts": IDS}
    history = gan.fit(rows, batch_size=2, verbose=0, shuffle=False).history
    weights = [
        float(ops.convert_to_numpy(network.trainable_variables[0])[0, 0])
        for network in (painter, judge)
    ]
    return weights, {name: values[0] for name, values in history.items()}
