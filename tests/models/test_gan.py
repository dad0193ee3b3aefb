import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gans


class Frozen(keras_gans.GAN):
    """A GAN whose latents are always the same."""

    def random_latents(self, num):
        return ops.ones((num, self.latent_dim))


def linear_gan(**kwargs):
    """G(z) = w z with w = -0.5 and D(x) = v x with v = 2."""
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
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
    )
    return gan, w, v


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("loss", ["minimax", "non_saturating"])
@pytest.mark.parametrize("critic_steps", [1, 2])
def test_algorithm_1_by_hand(loss, critic_steps):
    gan, w, v = linear_gan(loss=loss, critic_steps=critic_steps)
    gan.fit(np.full((1, 1, 1, 1), -0.25), batch_size=1, verbose=0)
    real, fake, d = -0.25, -0.5, 2.0
    for _ in range(critic_steps):
        # d/dv [softplus(-v real) + softplus(v fake)]
        slope = -real * sigmoid(-d * real) + fake * sigmoid(d * fake)
        d -= 0.1 * slope
    # d/dw of -softplus(d w) or of softplus(-d w), with the new d.
    slope = -d * sigmoid(d * fake if loss == "minimax" else -d * fake)
    g = fake - 0.1 * slope
    assert v.get_weights()[0].item() == pytest.approx(d, rel=1e-5)
    assert w.get_weights()[0].item() == pytest.approx(g, rel=1e-5)


def test_scores_are_the_discriminators_probabilities():
    gan, _, _ = linear_gan()
    logs = gan.fit(np.full((1, 1, 1, 1), -0.25), batch_size=1, verbose=0)
    (real,), (fake,) = (logs.history[n] for n in ("real_score", "fake_score"))
    assert real == pytest.approx(sigmoid(-0.5), rel=1e-5)
    assert fake == pytest.approx(sigmoid(-1.0), rel=1e-5)
