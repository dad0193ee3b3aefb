"""Remedies that are no stabilizers: clipped gradients, layers, losses."""

import keras
import numpy as np
import pytest
from contract import EAGER, assert_same_state, rows_for, state, tiny
from keras import layers, ops

from keras_gans import losses
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import MinibatchDiscrimination
from keras_gans.modalities import Latents


def linear_gan(**clipping):
    """D(x) = u x_1 + v x_2 + b from zero, and G makes (0, 0)."""
    z, x = keras.Input((1,)), keras.Input((1, 2, 1))
    made = layers.Dense(2, use_bias=False)(z)
    gan = TwoPlayerGAN(
        keras.Model(z, layers.Reshape((1, 2, 1))(made)),
        keras.Model(x, layers.Dense(1)(layers.Flatten()(x))),
        {"latents": Latents(1)},
        (weighing_fakes, losses.wasserstein_generator),
        seed=0,
    )
    gan.generator.set_weights([np.zeros((1, 2))])
    gan.discriminator.set_weights([np.zeros((2, 1)), np.zeros(1)])
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.SGD(1.0, **clipping),
        run_eagerly=EAGER,
    )
    return gan


def weighing_fakes(real_logits, fake_logits):
    """Of images x and zeros it slopes by -x_1 and -x_2, and by 12 - 1."""
    return 12.0 * ops.mean(fake_logits) - ops.mean(real_logits)


@pytest.mark.parametrize(
    ("clipping", "kernel", "bias"),
    [
        ({}, (0.3, -0.4), -11.0),
        # Of each variable: (0.3, -0.4) has the norm 0.5.
        ({"clipnorm": 0.25}, (0.15, -0.2), -0.25),
        ({"clipvalue": 0.35}, (0.3, -0.35), -0.35),
        # Of all together: the norm is sqrt(0.25 + 121).
        ({"global_clipnorm": 121.25**0.5 / 2}, (0.15, -0.2), -5.5),
    ],
)
def test_clipped_gradients_by_hand(clipping, kernel, bias):
    gan = linear_gan(**clipping)
    images = np.reshape([0.3, -0.4], (1, 1, 2, 1)).astype("float32")
    gan.fit(images, batch_size=1, verbose=0)
    found = gan.discriminator.get_weights()
    np.testing.assert_allclose(found[0][:, 0], kernel, rtol=1e-5)
    np.testing.assert_allclose(found[1], [bias], rtol=1e-5)


def goes_on_bit_for_bit(gan, path):
    """Trains, saves and loads a GAN, and trains both on."""
    rows = rows_for(gan, 16)
    before = state(gan)
    gan.fit(rows, batch_size=8, verbose=0)
    assert any((a != b).any() for a, b in zip(before, state(gan), strict=True))
    gan.save(path)
    loaded = keras.saving.load_model(path)
    assert_same_state(gan, loaded)
    for one in (gan, loaded):
        logs = one.fit(rows, batch_size=8, verbose=0).history
        assert np.isfinite([value for (value,) in logs.values()]).all()
    assert_same_state(gan, loaded)
    return loaded


def test_minibatch_discrimination_in_a_gan(tmp_path):
    x = keras.Input((16, 16, 1))
    f = layers.Dense(8, "leaky_relu")(layers.Flatten()(x))
    f = MinibatchDiscrimination(3, 2)(f)
    judge = keras.Model(x, layers.Dense(1)(f))
    gan = tiny("DCGAN", run_eagerly=EAGER, discriminator=judge)
    loaded = goes_on_bit_for_bit(gan, tmp_path / "gan.keras")
    (layer,) = [
        layer
        for layer in loaded.discriminator.layers
        if isinstance(layer, MinibatchDiscrimination)
    ]
    assert (layer.kernels, layer.dims) == (3, 2)


@pytest.mark.parametrize("loss", losses.LOSSES)
def test_every_loss_trains_and_goes_on(loss, tmp_path):
    gan = tiny("GAN", run_eagerly=EAGER, loss=loss)
    loaded = goes_on_bit_for_bit(gan, tmp_path / "gan.keras")
    pair = losses.get(loss)
    assert (loaded.of_discriminator, loaded.of_generator) == pair
