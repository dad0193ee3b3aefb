"""The smallest game: one pixel, one weight each."""

import keras
import numpy as np
from keras import layers, ops

REAL = -0.25


def linear_gan(variant, rate=0.1, **kwargs):
    """G(z) = w z with w = -0.5 and D(x) = v x with v = 2; latents are 1.

    Returns the GAN, compiled, and the layers w and v.
    """

    class Frozen(variant):
        def random_latents(self, num):
            return ops.ones((num, self.latent_dim))

    z, x = keras.Input((1,)), keras.Input((1, 1, 1))
    w = layers.Dense(1, use_bias=False, name="w")
    v = layers.Dense(1, use_bias=False, name="v")
    gan = Frozen(
        (1, 1, 1),
        latent_dim=1,
        generator=keras.Model(z, layers.Reshape((1, 1, 1))(w(z))),
        discriminator=keras.Model(x, v(layers.Flatten()(x))),
        **kwargs,
    )
    w.set_weights([np.array([[-0.5]])])
    v.set_weights([np.array([[2.0]])])
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
    )
    return gan, w, v


def play(variant, rate=0.1, **kwargs):
    """Returns w and v after one step of `linear_gan` on the image -0.25."""
    gan, w, v = linear_gan(variant, rate, **kwargs)
    gan.fit(np.full((1, 1, 1, 1), REAL), batch_size=1, verbose=0)
    return w.get_weights()[0].item(), v.get_weights()[0].item()
