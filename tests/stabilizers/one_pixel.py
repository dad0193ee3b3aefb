"""A game of one pixel, on which the terms of stabilizers can be computed."""

import keras
import numpy as np
from keras import layers, ops

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents

REAL, FAKE = -0.75, 1.0


def zero(real_logits, fake_logits):
    return 0.0 * ops.mean(real_logits + fake_logits)


def nothing(fake_logits):
    return 0.0 * ops.mean(fake_logits)


def square_gan(*stabilizers, steps=1, rate=0.0, loss=(zero, nothing)):
    """D(x) = v x^2, whose gradient at x is 2 v x; G(z) = w z makes FAKE."""
    z, x = keras.Input((1,)), keras.Input((1, 1, 1))
    made = layers.Dense(1, use_bias=False, name="w")(z)
    v = layers.Dense(1, use_bias=False, name="v")
    gan = TwoPlayerGAN(
        keras.Model(z, layers.Reshape((1, 1, 1))(made)),
        keras.Model(x, v(layers.Flatten()(ops.square(x)))),
        {"latents": Latents(1)},
        loss,
        stabilizers=list(stabilizers),
        seed=0,
    )
    gan.generator.set_weights([np.array([[FAKE]])])
    gan.discriminator.set_weights([np.array([[2.0]])])
    gan.random_latents = lambda num: ops.ones((num, 1))
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
    )
    images = np.full((steps, 1, 1, 1), REAL, "float32")
    return gan, images


def play(*stabilizers, steps=1, rate=0.0):
    gan, images = square_gan(*stabilizers, steps=steps, rate=rate)
    logs = gan.fit(images, batch_size=1, verbose=0).history
    return gan, {name: value for name, (value,) in logs.items()}
