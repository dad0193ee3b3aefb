import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.layers import GridAttention
from keras_gans.models.transgan import (
    TransGAN,
    heads_for,
    pixel_shuffle,
    transformer,
)
from keras_gans.stabilizers import DiffAugment

SMALL = {"latent_dim": 3, "width": 4, "depths": (1, 1, 1), "critic_depth": 1}


@pytest.mark.parametrize(
    "side, patch_size", [(16, 1), (28, 1), (32, 1), (16, 2), (32, 2)]
)
def test_makes_every_size(side, patch_size):
    gan = TransGAN((side, side, 3), patch_size=patch_size, **SMALL)
    assert gan.generate(1, seed=0).shape == (1, side, side, 3)
    assert gan.discriminator.output_shape == (None, 1)


def test_takes_a_shape_of_numpy():
    gan = TransGAN(np.array([16, 16, 3]), **SMALL)
    assert gan.image_shape == (16, 16, 3)


@pytest.mark.parametrize("shape", [(64, 64, 3), (32, 28, 3), (8, 8, 1)])
def test_refuses_other_sizes(shape):
    with pytest.raises(ValueError, match=r"Received: image_shape=\("):
        TransGAN(shape)


@pytest.mark.parametrize(
    "argument",
    [{"depths": (5, 4)}, {"depths": (1, 0, 1)}, {"critic_depth": 0}],
)
def test_refuses_other_depths(argument):
    with pytest.raises(ValueError, match=f"Received: {next(iter(argument))}="):
        TransGAN(**argument)


@pytest.mark.parametrize("side, patch_size", [(28, 2), (32, 4), (16, 0)])
def test_refuses_patches_that_do_not_fit(side, patch_size):
    with pytest.raises(ValueError, match="Received: patch_size="):
        TransGAN((side, side, 3), patch_size=patch_size)


def test_pixel_shuffle_by_hand():
    # Two tokens of four channels in a 2x2 grid of which two are zero.
    x = keras.Input((4, 4))
    shuffle = keras.Model(x, pixel_shuffle(x, 2))
    tokens = np.zeros((1, 4, 4))
    tokens[0, 0], tokens[0, 3] = [1, 2, 3, 4], [5, 6, 7, 8]
    grid = ops.convert_to_numpy(shuffle(tokens)).reshape(4, 4)
    expected = [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 5, 6], [0, 0, 7, 8]]
    np.testing.assert_allclose(grid, expected)


def test_a_block_is_attention_and_an_mlp_with_skips():
    tokens = keras.Input((3, 6))
    model = keras.Model(tokens, transformer(tokens, 0))
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    kinds = (layers.LayerNormalization, GridAttention, layers.Dense)
    (one, two), (attention,), (wide, narrow) = (
        [layer for layer in model.layers if type(layer) is kind]
        for kind in kinds
    )
    assert (attention.heads, one.epsilon, two.epsilon) == (2, 1e-5, 1e-5)
    assert (wide.units, narrow.units) == (24, 6)
    x = ops.convert_to_tensor(rng.normal(size=(2, 3, 6)), "float32")
    y = x + attention(one(x))
    by_hand = y + narrow(ops.gelu(wide(two(y)), approximate=False))
    # Nothing of it is small beside the rest.
    found, wanted = (ops.convert_to_numpy(v) for v in (model(x), by_hand))
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    assert [heads_for(c) for c in (64, 6, 3)] == [4, 2, 1]


def linear_game(**kwargs):
    """Returns TransGAN with f(x) = 3 x0 + 4 x1 over (1, 2, 1) images."""
    z, x = keras.Input((2,)), keras.Input((1, 2, 1))
    gan = TransGAN(
        latent_dim=2,
        generator=keras.Model(z, layers.Reshape((1, 2, 1))(z)),
        discriminator=keras.Model(x, layers.Dense(1)(layers.Flatten()(x))),
        **kwargs,
    )
    gan.discriminator.set_weights([np.array([[3.0], [4.0]]), np.zeros(1)])
    return gan


def critic_loss(gan, real, fake):
    loss = gan.total_loss(
        "discriminator", gan.discriminator_loss, real, fake, {}
    )
    return float(loss)


def test_losses_by_hand():
    gan = linear_game(augment=False, penalty_weight=10.0)
    real = ops.convert_to_tensor(np.reshape([1.0, 1.0], (1, 1, 2, 1)))
    fake = ops.convert_to_tensor(np.reshape([0.0, 0.5], (1, 1, 2, 1)))
    real, fake = ops.cast(real, "float32"), ops.cast(fake, "float32")
    # f says 7 and 2; |(3, 4)| = 5: 2 - 7 + 10 (5 - 1)^2.
    loss = critic_loss(gan, real, fake)
    assert loss == pytest.approx(2.0 - 7.0 + 160.0, rel=1e-5)
    assert float(gan.verdict_on(None, fake, {})) == pytest.approx(-2.0)


def test_the_critic_sees_augmented_images_of_both_kinds():
    gan = linear_game()
    # What augmenting makes, replaced: images doubled.
    (augment,) = (s for s in gan.stabilizers if isinstance(s, DiffAugment))
    augment.change = lambda gan, seen, kinds: {"images": 2.0 * seen["images"]}
    one = ops.ones((1, 1, 2, 1))
    loss = critic_loss(gan, one, 0.5 * one)
    assert loss == pytest.approx(2 * (3.5 - 7.0) + 160.0, rel=1e-5)
    assert float(gan.verdict_on(None, one, {})) == pytest.approx(-14.0)


def test_augmenting_draws_from_the_models_own_state():
    images = ops.convert_to_tensor(
        np.random.default_rng(0).uniform(-1, 1, (4, 16, 16, 1)), "float32"
    )
    one, same = (TransGAN((16, 16, 1), seed=3, **SMALL) for _ in range(2))

    def augmented(gan):
        (augment,) = (s for s in gan.stabilizers if isinstance(s, DiffAugment))
        kinds = {"images": gan.makes["images"]}
        seen = augment.change(gan, {"images": images}, kinds)
        return ops.convert_to_numpy(seen["images"])

    first, second = augmented(one), augmented(one)
    np.testing.assert_array_equal(first, augmented(same))
    assert np.abs(first - second).max() > 0.1
