import math

import numpy as np
import pytest
from contract import tiny
from keras import ops

import keras_gans


def test_equation_5_by_hand():
    gan = tiny("InfoGAN", info_weight=2.0, continuous_weight=3.0)
    n = gan.num_categories
    latents = gan.make_latents(np.zeros((1, gan.noise_dim)), [1], [[0.5, -1.0]])
    # Q(c = 1 | x) = 3 / (3 + n - 1); means 0 and 1, variances 1 and 4.
    logits = [0.0, math.log(3.0), *[0.0] * (n - 2)]
    codes = ops.convert_to_tensor([[*logits, 0.0, 1.0, 0.0, math.log(4.0)]])
    category = math.log(3 / (n + 2))
    density = -math.log(2 * math.pi) - (0.25 + math.log(4.0) + 4 / 4) / 2
    by_hand = 2 * category + 3 * density
    value = float(gan.information(codes, ops.convert_to_tensor(latents)))
    assert value == pytest.approx(by_hand, rel=1e-5)


def test_latents_hold_noise_and_codes():
    gan = tiny("InfoGAN")
    first, last = gan.noise_dim, gan.noise_dim + gan.num_categories
    for latents in (
        gan.sample_latents(500, seed=0),
        ops.convert_to_numpy(gan.random_latents(500)),
    ):
        assert latents.shape == (500, gan.latent_dim)
        categories = latents[:, first:last]
        assert set(np.unique(categories)) == {0.0, 1.0}
        assert (categories.sum(-1) == 1).all()
        assert (categories.sum(0) > 20).all()
        codes = latents[:, last:]
        assert -1 <= codes.min() < -0.9 and 0.9 < codes.max() <= 1
    again = gan.sample_latents(500, seed=0)
    np.testing.assert_array_equal(again, gan.sample_latents(500, seed=0))


def test_recognises_as_the_shared_head_says(images):
    gan = tiny("InfoGAN")
    found = gan.recognise(images, batch_size=16)
    _, codes = gan.discriminator(images / 127.5 - 1.0, training=False)
    codes = ops.convert_to_numpy(codes)[:, : gan.num_categories]
    np.testing.assert_array_equal(found, codes.argmax(-1))


@pytest.mark.parametrize(
    "codes", [{"num_categories": 0}, {"num_continuous": 0}, {"noise_dim": 0}]
)
def test_refuses_codes_of_no_dimension(codes):
    with pytest.raises(ValueError, match=f"Received: .*{next(iter(codes))}=0"):
        keras_gans.InfoGAN((16, 16, 1), **codes)


def test_refuses_categories_and_dimensions_that_there_are_not():
    gan = tiny("InfoGAN")
    noise, codes = (
        np.zeros((2, gan.noise_dim)),
        np.zeros((2, gan.num_continuous)),
    )
    for wrong in (-1, gan.num_categories):
        with pytest.raises(ValueError, match=f"Received: .*{wrong}"):
            gan.make_latents(noise, [0, wrong], codes)
    with pytest.raises(ValueError, match="Received: latent_dim=5"):
        tiny("InfoGAN", latent_dim=5)


def test_both_players_raise_the_information(images):
    """Equation 6, of the losses that are minimised and not of their parts."""
    gan = tiny("InfoGAN", info_weight=2.0, continuous_weight=3.0)
    n = gan.num_categories
    latents = gan.sample_latents(16, seed=0)
    real = ops.convert_to_tensor(images[:16] / 127.5 - 1.0, "float32")
    fake = gan.generator(latents, training=True)
    said_real, _ = map(
        ops.convert_to_numpy, gan.discriminator(real, training=True)
    )
    said_fake, codes = map(
        ops.convert_to_numpy, gan.discriminator(fake, training=True)
    )
    # Equation 5 in NumPy.
    first, last = gan.noise_dim, gan.noise_dim + n
    logits, mean, log_variance = np.split(codes, [n, n + gan.num_continuous], 1)
    log_q = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    category = (latents[:, first:last] * log_q).sum(1).mean()
    squares = (latents[:, last:] - mean) ** 2 / np.exp(log_variance)
    density = -0.5 * (np.log(2 * np.pi) + log_variance + squares)
    information = 2.0 * category + 3.0 * density.sum(1).mean()
    assert abs(information) > 1.0  # or else its sign would not show

    def softplus(x):
        return np.log1p(np.exp(x)).mean()

    of_judge = softplus(-said_real) + softplus(said_fake) - information
    loss = gan.discriminator_loss(real, fake, ops.convert_to_tensor(latents))
    assert float(loss) == pytest.approx(of_judge, rel=1e-4)
    of_maker = softplus(-said_fake) - information
    loss = gan.generator_loss(ops.convert_to_tensor(latents))
    assert float(loss) == pytest.approx(of_maker, rel=1e-4)


def test_scores_how_often_a_category_is_read_off_its_images(images):
    gan = tiny("InfoGAN")
    latents = gan.sample_latents(len(images), seed=0)
    made = np.clip(gan.generate(latents=latents), -1, 1)
    first, last = gan.noise_dim, gan.noise_dim + gan.num_categories
    right = gan.recognise(made) == latents[:, first:last].argmax(-1)
    assert gan.evaluate(images) == {"code_accuracy": right.mean()}


def test_draws_a_row_for_each_image_and_logs_probabilities(images):
    gan = tiny("InfoGAN", run_eagerly=True)
    drawn = []
    original = gan.random_latents

    def noting(num):
        drawn.append(int(num))
        return original(num)

    gan.random_latents = noting
    # A batch of another size than the images' side.
    logs = gan.fit(images[:8], batch_size=8, verbose=0).history
    assert drawn == [8]
    # Logits are near 0 at first, and probabilities near a half.
    for name in ("real_score", "fake_score"):
        assert logs[name] == pytest.approx([0.5], abs=0.3)
