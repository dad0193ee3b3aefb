import keras
import numpy as np
import pytest
from contract import tiny
from keras import ops
from linear import play

import keras_gans
from keras_gans.networks.dcgan import build_generator, widths


@pytest.mark.parametrize("size", [(16, 16), (28, 28), (96, 48), (32, 64)])
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_makes_every_size(size, channels):
    gan = keras_gans.DCGAN((*size, channels), latent_dim=3, width=1)
    assert gan.generate(1, seed=0).shape == (1, *size, channels)
    assert gan.discriminator.output_shape == (None, 1)


@pytest.mark.parametrize(
    "shape", [(49, 48, 3), (32, 128, 3), (8, 8), (2048, 2048, 3)]
)
def test_refuses_other_sizes(shape):
    with pytest.raises(ValueError, match=r"Received: image_shape=\("):
        keras_gans.DCGAN(shape)


def test_widths_double_up_to_eight_times():
    assert widths((64, 64, 3), 64) == [64, 128, 256, 512]
    assert widths((256, 256, 3), 64) == [64, 128, 256, 512, 512, 512]
    assert widths((28, 28, 1), 32) == [32, 64]


def test_starts_as_the_paper_says():
    generator = build_generator((32, 32, 3), 100, 64)
    kernels = np.concatenate(
        [
            ops.convert_to_numpy(v).ravel()
            for v in generator.trainable_variables
            if "kernel" in v.path
        ]
    )
    assert kernels.std() == pytest.approx(0.02, rel=0.01)
    assert abs(kernels.mean()) < 1e-4


class TwoPasses(keras_gans.DCGAN):
    """DCGAN by the steps of the first GAN: G runs once for each player."""

    train_step = keras_gans.GAN.train_step


def test_one_pass_of_the_generator_equals_two(images):
    latents = np.random.default_rng(0).standard_normal((48, 4), "float32")
    logs, weights = [], []
    for cls in (keras_gans.DCGAN, TwoPasses):
        gan = cls((16, 16, 1), latent_dim=4, width=4, seed=1)
        gan.random_latents = lambda num: ops.convert_to_tensor(latents)
        sgd = keras.optimizers.SGD
        gan.compile(
            generator_optimizer=sgd(0.1), discriminator_optimizer=sgd(0.1)
        )
        logs.append(gan.fit(images, batch_size=48, verbose=0).history)
        weights.append(
            [ops.convert_to_numpy(v) for v in gan.trainable_variables]
        )
    for name, values in logs[0].items():
        np.testing.assert_allclose(values, logs[1][name], rtol=1e-4)
    for a, b in zip(*weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


def test_a_step_moves_the_statistics_of_the_generator_once(images):
    """As in the authors' code, which runs the generator once a step.

    Two passes over one batch would move them twice, and the second time
    towards the same statistics.
    """
    latents = np.random.default_rng(0).standard_normal((48, 4), "float32")
    moved = []
    for cls in (keras_gans.DCGAN, TwoPasses):
        gan = cls((16, 16, 1), latent_dim=4, width=4, seed=1)
        gan.random_latents = lambda num: ops.convert_to_tensor(latents)
        gan.compile(generator_optimizer="sgd", discriminator_optimizer="sgd")
        norms = [n for n in gan.generator.layers if hasattr(n, "moving_mean")]
        gan.fit(images, batch_size=48, verbose=0)
        moved.append([ops.convert_to_numpy(n.moving_mean) for n in norms])
    for once, twice in zip(*moved, strict=True):
        # From 0 with momentum 0.9: 0.1 of the batch's mean, then 0.19 of it.
        assert np.abs(once).max() > 0
        np.testing.assert_allclose(twice, 1.9 * once, rtol=1e-2, atol=1e-6)


def test_critic_steps_are_the_discriminators():
    gan = tiny("DCGAN", critic_steps=3)
    images = np.zeros((32, 16, 16, 1), "uint8")
    gan.fit(images, batch_size=16, verbose=0)
    iterations = [int(o.iterations) for o in gan.optimizer.optimizers]
    assert iterations == [2, 6]


@pytest.mark.parametrize("critic_steps", [1, 2])
def test_algorithm_1_by_hand(critic_steps):
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    w, v = play(keras_gans.DCGAN, critic_steps=critic_steps)
    real, fake, d = -0.25, -0.5, 2.0
    for _ in range(critic_steps):
        # d/dv [softplus(-v real) + softplus(v fake)]
        d -= 0.1 * (-real * sigmoid(-d * real) + fake * sigmoid(d * fake))
    assert v == pytest.approx(d, rel=1e-5)
    assert w == pytest.approx(fake + 0.1 * d * sigmoid(-d * fake), rel=1e-5)
