import numpy as np
import pytest
from contract import tiny
from linear import linear_gan, play

import keras_gans


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("loss", ["minimax", "non_saturating"])
@pytest.mark.parametrize("critic_steps", [1, 2])
def test_algorithm_1_by_hand(loss, critic_steps):
    w, v = play(keras_gans.GAN, loss=loss, critic_steps=critic_steps)
    real, fake, d = -0.25, -0.5, 2.0
    for _ in range(critic_steps):
        # d/dv [softplus(-v real) + softplus(v fake)]
        slope = -real * sigmoid(-d * real) + fake * sigmoid(d * fake)
        d -= 0.1 * slope
    # d/dw of -softplus(d w) or of softplus(-d w), with the new d.
    slope = -d * sigmoid(d * fake if loss == "minimax" else -d * fake)
    g = fake - 0.1 * slope
    assert v == pytest.approx(d, rel=1e-5)
    assert w == pytest.approx(g, rel=1e-5)


@pytest.mark.parametrize(
    ("loss", "seen"), [("minimax", sigmoid), ("hinge", float)]
)
def test_scores_are_probabilities_where_the_loss_has_them(loss, seen):
    gan, _, _ = linear_gan(keras_gans.GAN, loss=loss)
    logs = gan.fit(np.full((1, 1, 1, 1), -0.25), batch_size=1, verbose=0)
    (real,), (fake,) = (logs.history[n] for n in ("real_score", "fake_score"))
    assert real == pytest.approx(seen(-0.5), rel=1e-5)
    assert fake == pytest.approx(seen(-1.0), rel=1e-5)


@pytest.mark.parametrize("variant", ["GAN", "ConditionalGAN"])
def test_narrow_networks_have_a_unit_in_each_layer(variant):
    gan = tiny(variant, units=3)
    layers = (*gan.discriminator.layers, *gan.generator.layers)
    narrow = [x.units for x in layers if getattr(x, "units", 3) < 3]
    assert narrow and set(narrow) <= {1, 2}
    assert 1 in narrow and gan.generate(1, seed=0).shape == (1, 16, 16, 1)
    maxouts = [x.units for x in layers if type(x).__name__ == "Maxout"]
    assert set(maxouts) == {1}
