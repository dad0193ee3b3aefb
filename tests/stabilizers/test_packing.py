"""Packing: what D is built for, its equation by hand, and other batches."""

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from keras import layers, ops
from one_pixel import nothing, zero

from keras_gans import losses
from keras_gans.engine.training.joining import joined
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents
from keras_gans.stabilizers import (
    R1,
    R2,
    DiffAugment,
    GradientPenalty,
    LatentConsistency,
    Packing,
)

REAL = np.reshape([-0.75, 0.5, 0.25, 1.0], (4, 1, 1, 1)).astype("float32")


def packed_gan(*stabilizers, loss=(zero, nothing), rate=0.0):
    """D(x_1, x_2) = 2 x_1^2 + x_2^2, and G makes 1."""
    z, x = keras.Input((1,)), keras.Input((1, 1, 2))
    made = layers.Dense(1, use_bias=False)(z)
    v = layers.Dense(1, use_bias=False)
    gan = TwoPlayerGAN(
        keras.Model(z, layers.Reshape((1, 1, 1))(made)),
        keras.Model(x, v(layers.Flatten()(ops.square(x)))),
        {"latents": Latents(1)},
        loss,
        stabilizers=[*stabilizers, Packing(2)],
        seed=0,
    )
    gan.generator.set_weights([np.array([[1.0]])])
    gan.discriminator.set_weights([np.array([[2.0], [1.0]])])
    gan.random_latents = lambda num: ops.ones((num, 1))
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        run_eagerly=EAGER,
    )
    return gan


def fit(gan):
    logs = gan.fit(REAL, batch_size=4, shuffle=False, verbose=0).history
    return {name: value for name, (value,) in logs.items()}


def test_channels_of_rows_that_follow_each_other_are_joined():
    rows = np.arange(4 * 2 * 3, dtype="float32").reshape(4, 1, 2, 3)
    found = ops.convert_to_numpy(joined({"images": rows}, 2)["images"])
    pairs = [np.concatenate(rows[i : i + 2], axis=-1) for i in (0, 2)]
    np.testing.assert_array_equal(found, pairs)
    found = ops.convert_to_numpy(joined({"images": rows}, 4)["images"])
    np.testing.assert_array_equal(found, [np.concatenate(rows, axis=-1)])


def test_the_players_losses_are_of_packs():
    gan = packed_gan(loss=losses.get("wasserstein"), rate=0.1)
    logs = fit(gan)
    # D says 2 * 0.5625 + 0.25 and 2 * 0.0625 + 1 of the real packs, 3 of all
    # that are generated.
    assert logs["real_score"] == pytest.approx((1.375 + 1.125) / 2)
    assert logs["fake_score"] == pytest.approx(3.0)
    assert logs["discriminator_loss"] == pytest.approx(3.0 - 1.25)
    # E[D(G(z))] - E[D(x)] slopes by x_1^2 and by x_2^2 of each side.
    v = np.array([2.0, 1.0]) - 0.1 * np.array([1 - 0.3125, 1 - 0.625])
    found = gan.discriminator.get_weights()[0][:, 0]
    np.testing.assert_allclose(found, v, rtol=1e-6)
    # -(v_1 + v_2) w^2 slopes by -2 (v_1 + v_2).
    assert logs["generator_loss"] == pytest.approx(-v.sum())
    w = gan.generator.get_weights()[0].item()
    assert w == pytest.approx(1 + 0.1 * 2 * v.sum())


def test_penalties_are_of_the_joined_images():
    # The gradient is (4 x_1, 2 x_2): of squared norms 10 and 5, and 20.
    penalty = GradientPenalty(10.0)
    gan = packed_gan(R1(2.0), R2(3.0), penalty)
    shapes = []

    def draw(sampler, num, *shape):
        shapes.append((int(num), *shape))
        return ops.zeros((num, *shape))

    gan.draw = draw
    logs = fit(gan)
    assert logs["r1"] == pytest.approx(0.5 * 7.5)
    assert logs["r2"] == pytest.approx(0.5 * 20)
    assert logs["penalty"] == pytest.approx((20**0.5 - 1) ** 2, rel=1e-5)
    total = 7.5 + 3 * 10 + 10 * logs["penalty"]
    assert logs["discriminator_loss"] == pytest.approx(total, rel=1e-5)
    assert shapes == [(2, 1)]  # one point between packs, for each


def test_images_are_changed_one_by_one_before_they_are_joined():
    for stabilizers in (
        [DiffAugment("colour"), Packing(4)],
        [Packing(4), DiffAugment("colour")],
    ):
        gan = tiny("GAN", stabilizers=stabilizers)
        x = np.linspace(-1, 1, 8, dtype="float32")[:, None, None, None]
        x = ops.convert_to_tensor(np.tile(x, (1, 16, 16, 1)))
        numbers = np.full((8, 7), 0.5, "float32")
        numbers[:, 4] = np.linspace(0, 1, 8)  # -0.5 to 0.5 brighter
        numbers = ops.convert_to_tensor(numbers)
        gan.draw = lambda sampler, num, *shape, n=numbers: n[:num]
        seen = gan._door._changed(x, {})["images"]
        assert tuple(seen.shape) == (2, 16, 16, 4)
        wanted = np.linspace(-1.5, 1.5, 8).reshape(2, 4)
        found = ops.convert_to_numpy(seen)[:, 0, 0]
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_latent_consistency_makes_a_whole_batch():
    gan = packed_gan(LatentConsistency(10.0, spread=0.5, deviation=0.5))
    shapes = []

    def draw(sampler, num, *shape):
        shapes.append((int(num), *shape))
        return ops.ones((num, *shape))

    gan.draw = draw
    logs = fit(gan)
    # D says 3 and 3 * 1.5^2.
    assert logs["latent_consistency"] == pytest.approx((3 * 1.25) ** 2)
    assert logs["latent_spread"] == pytest.approx(0.25)
    assert shapes == [(4, 1)] * 2


def test_a_builder_is_asked_for_one_network_and_a_wider_one_is_made():
    one, packed = tiny("DCGAN"), tiny("DCGAN", stabilizers=[Packing(3)])
    again = tiny("DCGAN", stabilizers=[Packing(3)])
    kernels = [g.discriminator.get_weights()[0] for g in (one, packed, again)]
    assert kernels[0].shape[2:] == (1, 4)
    assert kernels[1].shape[2:] == (3, 4)
    np.testing.assert_array_equal(kernels[1], kernels[2])
    for rows in (7, 8):
        with pytest.raises(ValueError, match=f"Received: batches of {rows}"):
            packed.fit(rows_for(packed, 16), batch_size=rows, verbose=0)


@pytest.mark.parametrize("is_graph", [True, False])
@pytest.mark.parametrize("is_generator", [False, True])
def test_a_last_batch_of_fewer_rows_is_refused_by_name(is_generator, is_graph):
    tf = pytest.importorskip("tensorflow")
    gan = tiny("GAN", run_eagerly=not is_graph, stabilizers=[Packing(3)])
    images = rows_for(gan, 20)["images"]
    data = tf.data.Dataset.from_tensor_slices(images).batch(6)
    if is_generator:
        data = ((batch,) for batch in data.as_numpy_iterator())
    errors = (ValueError, tf.errors.InvalidArgumentError)
    with pytest.raises(errors, match=r"3 rows.*drop_remainder=True") as error:
        gan.fit(data, verbose=0)
    assert "Received: a batch of" in str(error.value)


def test_a_network_of_your_own_must_be_for_packs():
    own = tiny("GAN").discriminator
    with pytest.raises(ValueError, match=r"take \{'images': \(16, 16, 2\)\}"):
        tiny("GAN", discriminator=own, stabilizers=[Packing(2)])
    own = tiny("GAN", stabilizers=[Packing(2)]).discriminator
    gan = tiny("GAN", discriminator=own, stabilizers=[Packing(2)])
    assert gan.discriminator is own


def test_what_d_says_of_held_out_rows_can_be_shown(tmp_path):
    tensorboard = pytest.importorskip("keras_gans.callbacks").TensorBoard
    pytest.importorskip("tensorflow")
    gan = tiny("GAN", run_eagerly=EAGER, stabilizers=[Packing(2)])
    shown = tensorboard(tmp_path, num_scores=7)
    found = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            found.append(shown._scores())

    gan.fit(
        rows_for(gan, 8), batch_size=8, verbose=0, callbacks=[shown, Look()]
    )
    assert found[0]["real"].shape == found[0]["generated"].shape == (3,)
