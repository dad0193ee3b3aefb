import numpy as np
import pytest
from contract import tiny
from linear import REAL, linear_gan, play

import keras_gans


def test_equation_3_by_hand():
    w, v = play(keras_gans.WGANGP, rate=0.01, critic_steps=1)
    # d/dv [v fake - v real + 10 (|v| - 1)^2] = -0.25 + 20
    assert v == pytest.approx(2.0 - 0.01 * 19.75, rel=1e-5)
    assert w == pytest.approx(-0.5 + 0.01 * v, rel=1e-5)


def test_what_is_logged():
    gan, _, _ = linear_gan(keras_gans.WGANGP, 0.0, critic_steps=1)
    image = np.full((1, 1, 1, 1), REAL)
    logs = gan.fit(image, batch_size=1, verbose=0).history
    # D says -0.5 of the real image and -1 of the fake.
    assert logs["real_score"] == pytest.approx([-0.5])
    assert logs["fake_score"] == pytest.approx([-1.0])
    assert logs["wasserstein_estimate"] == pytest.approx([0.5])
    assert logs["penalty"] == pytest.approx([1.0], rel=1e-5)
    assert logs["discriminator_loss"] == pytest.approx([9.5], rel=1e-5)
    assert logs["generator_loss"] == pytest.approx([1.0])


def test_refuses_networks_that_there_are_not():
    with pytest.raises(ValueError, match="Received: 'resnet'"):
        keras_gans.WGANGP(networks="resnet")


@pytest.mark.parametrize("networks", ["residual", "dcgan"])
def test_the_critic_has_no_batch_norm_and_the_paper_rates(networks):
    gan = keras_gans.WGANGP((32, 32, 3), width=4, networks=networks)
    names = {type(layer).__name__ for layer in gan.discriminator.layers}
    assert "BatchNormalization" not in names
    for optimizer in gan.default_optimizers().values():
        assert float(optimizer.learning_rate) == pytest.approx(1e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.9)


@pytest.mark.parametrize("networks", ["residual", "dcgan"])
@pytest.mark.parametrize("side", [16, 28, 32, 64])
def test_makes_every_size(side, networks):
    gan = keras_gans.WGANGP((side, side, 3), 3, width=2, networks=networks)
    assert gan.generate(1, seed=0).shape == (1, side, side, 3)


def test_refuses_a_negative_penalty():
    with pytest.raises(ValueError, match="Received: penalty_weight=-1"):
        keras_gans.WGANGP((16, 16, 1), penalty_weight=-1)


def test_a_penalty_of_weight_0_is_none():
    assert not tiny("WGANGP", penalty_weight=0).stabilizers
    assert tiny("WGANGP").stabilizers
    assert not tiny("BigGAN", orthogonal_weight=0).stabilizers
