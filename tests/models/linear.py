"""The smallest game: one pixel, one weight each."""

import keras
import numpy as np
from keras import layers, ops

REAL = -0.25


def play(variant, rate=0.1, **kwargs):
    """One step of a variant with G(z) = w z, w = -0.5 and D(x) = v x, v = 2.

    Latents are 1 and the real image is -0.25. Returns w and v after it.
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
    gan.fit(np.full((1, 1, 1, 1), REAL), batch_size=1, verbose=0)
    return w.get_weights()[0].item(), v.get_weights()[0].item()
