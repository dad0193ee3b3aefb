"""The terms that stabilizers add, on numbers at which each part shows.

D(x) = v x with v = 2 on one pixel and on two, so gradients are v everywhere.
"""

import keras
import numpy as np
import pytest
from keras import layers, ops
from one_pixel import FAKE, nothing, play, square_gan, zero

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents
from keras_gans.stabilizers import (
    R1,
    R2,
    DiffAugment,
    Drift,
    GradientPenalty,
    OrthogonalRegularisation,
    WeightClipping,
)


def test_r1_is_taken_at_real_images():
    # (2 v x)^2 / 2 at x = -0.75: 3^2 / 2 = 4.5, times 10.
    _, logs = play(R1(10.0))
    assert logs["r1"] == pytest.approx(4.5)
    assert logs["discriminator_loss"] == pytest.approx(45.0)
    assert logs["generator_loss"] == 0.0


def test_the_gradient_penalty_is_finite_where_the_critic_is_flat():
    # v = 0: every norm is 0, as far from 1 as can be.
    gan, images = square_gan(GradientPenalty(10.0), rate=0.1)
    gan.discriminator.set_weights([np.zeros((1, 1))])
    logs = gan.fit(images, batch_size=1, verbose=0).history
    assert logs["penalty"][0] == pytest.approx(1.0, abs=1e-5)
    assert np.isfinite(gan.discriminator.get_weights()[0]).all()


def test_r2_is_taken_at_generated_images():
    # (2 v x)^2 / 2 at x = 1: 16 / 2.
    _, logs = play(R2(10.0))
    assert logs["r2"] == pytest.approx(8.0)
    assert logs["discriminator_loss"] == pytest.approx(80.0)


def test_r1_reaches_the_weights():
    # d/dv (2 v x)^2 / 2 = 4 v x^2 = 4.5 at x = -0.75.
    gan, _ = play(R1(1.0), rate=0.1)
    assert gan.discriminator.get_weights()[0].item() == pytest.approx(
        2.0 - 0.1 * 4.5
    )


def test_drift_is_the_square_of_what_d_says_of_real_images():
    # v x^2 = 2 * 0.5625, and d/dv (v x^2)^2 = 2 v x^4 = 1.265625.
    gan, logs = play(Drift(10.0), rate=0.1)
    assert logs["drift"] == pytest.approx(1.265625)
    assert logs["discriminator_loss"] == pytest.approx(12.65625)
    assert gan.discriminator.get_weights()[0].item() == pytest.approx(
        2.0 - 0.1 * 10.0 * 1.265625
    )


def test_gradient_penalty_two_sided_and_one_sided():
    # A share of 0.5 between -0.75 and 1: x = 0.125, |2 v x| = 0.5.
    for one_sided, value in ((False, 0.25), (True, 0.0)):
        gan, images = square_gan(GradientPenalty(10.0, one_sided=one_sided))
        gan.draw = lambda sampler, num, *shape: ops.full((num, *shape), 0.5)
        logs = gan.fit(images, batch_size=1, verbose=0).history
        assert logs["penalty"] == pytest.approx([value], abs=1e-5)
        assert logs["discriminator_loss"] == pytest.approx(
            [10.0 * value], abs=1e-4
        )
    # A share of 1 is the real image: |2 v x| = 3, which both punish.
    for one_sided in (False, True):
        gan, images = square_gan(GradientPenalty(10.0, one_sided=one_sided))
        gan.draw = lambda sampler, num, *shape: ops.ones((num, *shape))
        logs = gan.fit(images, batch_size=1, verbose=0).history
        assert logs["penalty"] == pytest.approx([4.0], rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [(R1, "r1", 4.5), (R2, "r2", 8.0), (GradientPenalty, "penalty", None)],
)
def test_a_lazy_term_is_taken_every_k_steps_and_weighs_k_times(
    kind, name, value
):
    steps = []

    class Step(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            steps.append(logs["discriminator_loss"] * (batch + 1))

    gan, images = square_gan(kind(10.0, every=3), steps=6)
    logs = gan.fit(images, batch_size=1, verbose=0, callbacks=[Step()]).history
    # Keras gives running means: their differences are the steps' losses.
    losses = np.diff([0.0, *steps])
    assert losses[[1, 2, 4, 5]] == pytest.approx(0.0, abs=1e-3)
    assert (losses[[0, 3]] > 0).all()
    if value is not None:
        assert losses[[0, 3]] == pytest.approx(3 * 10.0 * value, rel=1e-4)
        # Over an epoch the logged mean is that of every step.
        assert logs[name] == pytest.approx([value], rel=1e-4)


def test_a_schedule_weighs_by_the_step():
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay
    _, logs = play(R1(schedule([0], [10.0, 2.0])), steps=2)
    assert logs["discriminator_loss"] == pytest.approx((45.0 + 9.0) / 2)


def test_orthogonal_regularisation_is_of_the_generator():
    _, logs = play(OrthogonalRegularisation(0.5))
    assert logs["orthogonal_penalty"] == 0.0  # a kernel of one column
    assert set(logs) >= {"orthogonal_penalty", "generator_loss"}


def test_weights_are_clipped_after_the_discriminators_step():
    gan, _ = play(WeightClipping(0.5), rate=0.1)
    assert gan.discriminator.get_weights()[0].item() == 0.5
    assert gan.generator.get_weights()[0].item() == FAKE
    for weight, clipped in ((0.25, 0.25), (-2.0, -0.5)):
        gan.discriminator.set_weights([np.array([[weight]])])
        gan.stabilizers[0].after_step(gan, "discriminator")
        assert gan.discriminator.get_weights()[0].item() == clipped
    # Lazily: in steps 0 and 2 of three.
    gan, images = square_gan(WeightClipping(0.5, every=2), steps=2, rate=0.0)
    gan.steps.assign(1)
    gan.fit(images[:1], batch_size=1, verbose=0)
    assert gan.discriminator.get_weights()[0].item() == 2.0
    gan.fit(images[:1], batch_size=1, verbose=0)
    assert gan.discriminator.get_weights()[0].item() == 0.5


def test_images_of_a_row_are_changed_alike():
    gan, _ = square_gan()
    augment = DiffAugment("colour")
    images = ops.convert_to_tensor(
        np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)), "float32"
    )
    kind = gan.makes["images"]
    seen = augment.change(
        gan,
        {"images": images, "inputs": images},
        {"images": kind, "inputs": kind},
    )
    np.testing.assert_array_equal(
        ops.convert_to_numpy(seen["images"]),
        ops.convert_to_numpy(seen["inputs"]),
    )
    assert float(ops.max(ops.abs(seen["images"] - images))) > 0.01
    alone = augment.change(gan, {"images": images}, {"images": kind})
    assert float(ops.max(ops.abs(alone["images"] - images))) > 0.01


def test_unknown_changes_are_named():
    with pytest.raises(ValueError, match="Received: policy='colour,flip'"):
        DiffAugment("colour,flip")


def test_terms_are_means_over_the_images_of_a_batch():
    images = np.reshape([-0.75, 0.5], (2, 1, 1, 1)).astype("float32")
    gan, _ = square_gan(R1(10.0))
    logs = gan.fit(images, batch_size=2, verbose=0).history
    # |2 v x| is 3 and 2.
    assert logs["r1"] == pytest.approx([(9.0 + 4.0) / 4])
    gan, _ = square_gan(Drift(10.0))
    logs = gan.fit(images, batch_size=2, verbose=0).history
    # D says 1.125 and 0.5.
    assert logs["drift"] == pytest.approx([(1.265625 + 0.25) / 2])
    gan, _ = square_gan(GradientPenalty(10.0))
    shares = ops.convert_to_tensor([[0.0], [1.0]])
    gan.draw = lambda sampler, num, *shape: ops.reshape(shares, (num, *shape))
    logs = gan.fit(images, batch_size=2, shuffle=False, verbose=0).history
    # At the first fake |2 v x| is 4, at the second real image 2.
    assert logs["penalty"] == pytest.approx([(9.0 + 1.0) / 2], rel=1e-5)


def test_orthogonal_regularisation_is_of_the_generators_kernels():
    z, x = keras.Input((1,)), keras.Input((1, 2, 1))
    made = layers.Dense(2)(z)
    gan = TwoPlayerGAN(
        keras.Model(z, layers.Reshape((1, 2, 1))(made)),
        keras.Model(x, layers.Dense(2)(layers.Flatten()(x))),
        {"latents": Latents(1)},
        (zero, nothing),
        stabilizers=[OrthogonalRegularisation(0.5)],
    )
    # W^T W has 6 twice off its diagonal; the discriminator's is left alone.
    gan.generator.set_weights([np.array([[2.0, 3.0]]), np.array([7.0, 7.0])])
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.SGD(0.0),
    )
    images = np.full((1, 1, 2, 1), -0.5, "float32")
    logs = gan.fit(images, batch_size=1, verbose=0).history
    assert logs["orthogonal_penalty"] == pytest.approx([72.0])
    assert logs["generator_loss"] == pytest.approx([36.0])
    assert logs["discriminator_loss"] == pytest.approx([0.0])


@pytest.mark.parametrize(
    ("second", "wanted"), [((2.0, -1.0), 0.0), ((1.0, 2.0), 2 * 5.0**2)]
)
def test_kernels_of_transposed_convolutions_are_outputs_first(second, wanted):
    """Two outputs of one input: (1, 2), and what is orthogonal or equal."""
    z, x = keras.Input((1,)), keras.Input((1, 2, 1))
    layer = layers.Conv2DTranspose(2, (1, 2), use_bias=False)
    last = layers.Conv2D(1, 1, use_bias=False)
    gan = TwoPlayerGAN(
        keras.Model(z, last(layer(layers.Reshape((1, 1, 1))(z)))),
        keras.Model(x, layers.Dense(1)(layers.Flatten()(x))),
        {"latents": Latents(1)},
        (zero, nothing),
        stabilizers=[OrthogonalRegularisation(1.0)],
    )
    kernel = np.array([[1.0, second[0]], [2.0, second[1]]])
    layer.set_weights([kernel.reshape(1, 2, 2, 1)])
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.SGD(0.0),
    )
    images = np.full((1, 1, 2, 1), -0.5, "float32")
    logs = gan.fit(images, batch_size=1, verbose=0).history
    assert logs["orthogonal_penalty"] == pytest.approx([wanted], abs=1e-5)
