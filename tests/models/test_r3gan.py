import math

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gans
from keras_gans.models.r3gan import R3GAN, widths


def linear_game():
    """Returns R3GAN with D(x) = 3 x0 + 4 x1 over (1, 2, 1) images."""
    z = keras.Input((2,))
    x = keras.Input((1, 2, 1))
    gan = R3GAN(
        latent_dim=2,
        gamma=0.5,
        burn_in=4,
        generator=keras.Model(z, layers.Reshape((1, 2, 1))(z)),
        discriminator=keras.Model(x, layers.Dense(1)(layers.Flatten()(x))),
    )
    gan.discriminator.set_weights([np.array([[3.0], [4.0]]), np.zeros(1)])
    return gan


REAL = np.reshape([[1.0, 0.0], [0.0, 1.0]], (2, 1, 2, 1)).astype("float32")
FAKE = np.reshape([[0.0, 1.0], [0.0, 0.0]], (2, 1, 2, 1)).astype("float32")
# D says 3 and 4 of the real images, 4 and 0 of the fakes: differences 1, -4.
SOFTPLUS = (math.log1p(math.exp(1.0)) + math.log1p(math.exp(-4.0))) / 2


@pytest.mark.parametrize(
    ("step", "gamma"), [(0, 0.5), (2, 0.275), (4, 0.05), (9, 0.05)]
)
def test_discriminator_by_hand(step, gamma):
    gan = linear_game()
    gan.steps.assign(step)
    real, fake = map(ops.convert_to_tensor, (REAL, FAKE))
    loss = float(
        gan.total_loss("discriminator", gan.discriminator_loss, real, fake, {})
    )
    # R1 and R2 are |(3, 4)|^2 each, wherever the images lie.
    assert loss == pytest.approx(SOFTPLUS + gamma / 2 * (25.0 + 25.0))


def test_generator_by_hand():
    gan = linear_game()
    gan.random_latents = lambda num: ops.convert_to_tensor(FAKE.reshape(2, 2))
    loss = float(gan.generator_loss(ops.convert_to_tensor(REAL), {}))
    mirrored = (math.log1p(math.exp(-1.0)) + math.log1p(math.exp(4.0))) / 2
    assert loss == pytest.approx(mirrored)


def test_starts_as_the_sum_of_its_skips():
    # Fix-up: every residual branch ends in zeros, so its weights change
    # nothing yet.
    gan = R3GAN((16, 16, 1), latent_dim=3, width=16, blocks=1, seed=0)
    before = gan.generate(2, seed=0)
    for layer in gan.generator.layers:
        if type(layer).__name__ == "GroupedConv2D":
            assert layer.groups == 2
            layer.set_weights([2 * w for w in layer.get_weights()])
    np.testing.assert_array_equal(gan.generate(2, seed=0), before)
    assert before.std() > 0.1


def test_starts_with_fix_up():
    # Six residual blocks: L^(-1/4) times He's gain for a slope of 0.2, in
    # the first two layers of each.
    gan = R3GAN((16, 16, 1), latent_dim=3, width=32, blocks=2, seed=0)
    variance = 6**-0.5 * 2 / (1 + 0.2**2)
    wide = [
        layer.get_weights()[0]
        for layer in gan.generator.layers
        if getattr(layer, "filters", 0) == 64
    ]
    assert [k.shape[-2] for k in wide] == [32, 16] * 6
    for kernel in wide:
        fan_in = math.prod(kernel.shape[:-1])
        spread = kernel.std() * fan_in**0.5
        assert spread == pytest.approx(variance**0.5, rel=0.1)


def test_images_are_clipped_in_use_and_free_in_training():
    gan = R3GAN((16, 16, 1), latent_dim=8, width=16, blocks=1, seed=0)
    z = gan.sample_latents(64, seed=0)
    free = ops.convert_to_numpy(gan.generator(z, training=True))
    used = ops.convert_to_numpy(gan.generator(z, training=False))
    assert np.abs(free).max() > 1.0
    np.testing.assert_allclose(used, np.clip(free, -1, 1), rtol=1e-5)


@pytest.mark.parametrize("side", [28, 64])
def test_makes_other_sizes(side):
    gan = R3GAN((side, side, 3), latent_dim=3, width=8, blocks=1)
    assert gan.generate(1, seed=0).shape == (1, side, side, 3)
    assert gan.discriminator.output_shape == (None, 1)


def test_widths_halve_above_32():
    assert widths((32, 32, 3), 64) == [64, 64, 64, 64]
    assert widths((128, 128, 3), 64) == [64, 64, 64, 64, 32, 16]


@pytest.mark.parametrize(
    "argument", [{"width": 0}, {"blocks": 0}, {"burn_in": 0}, {"gamma": 0.0}]
)
def test_refuses_numbers_out_of_range(argument):
    with pytest.raises(ValueError, match=f"Received: {next(iter(argument))}="):
        keras_gans.R3GAN(**argument)
