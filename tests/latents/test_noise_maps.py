"""Noise maps, by hand and in projections."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gans
from keras_gans import latents
from keras_gans.latents.noise_maps import noise_regularisation, normalised
from keras_gans.networks.noise import fixed_noise, given_noise, noise_sizes


@pytest.fixture(scope="module")
def gan():
    """A GAN whose noise shows."""
    gan = keras_gans.StyleGAN2(
        (16, 16, 1),
        latent_dim=4,
        style_dim=5,
        width=6,
        mapping_layers=2,
        seed=1,
    )
    for weight in gan.ema_generator.weights:
        if weight.name == "factor":
            weight.assign(0.4)
    return gan


def value(x):
    return keras.ops.convert_to_numpy(x)


def by_hand(maps):
    """Appendix D of Karras et al. 2020, for the maps of one image."""
    total = 0.0
    for x in maps:
        while True:
            total += (x * np.roll(x, 1, 0)).mean() ** 2
            total += (x * np.roll(x, 1, 1)).mean() ** 2
            if min(x.shape) <= 8:
                break
            h, w = (side // 2 for side in x.shape)
            x = x[: 2 * h, : 2 * w].reshape(h, 2, w, 2).mean((1, 3)) * 2
    return total


def test_noise_regularisation_by_hand():
    sizes = [(4, 4), (16, 32), (9, 18)]
    rng = np.random.default_rng(0)
    maps = [[rng.standard_normal(size) for size in sizes] for _ in range(2)]
    maps[1][1] = np.indices((16, 32)).sum(0) % 2 * 2.0 - 1.0  # a chessboard
    rows = np.stack(
        [np.concatenate([m.ravel() for m in each]) for each in maps]
    )
    found = value(noise_regularisation(rows.astype("float32"), sizes))
    np.testing.assert_allclose(found, [by_hand(m) for m in maps], rtol=1e-4)
    # The chessboard alone: (-1)^2 in both directions, and nothing when halved.
    assert by_hand(maps[1][1:2]) == pytest.approx(2.0)
    # A grey map: 1 and 1, and with 2 in place of 1 on 8x8, 16 and 16.
    ones = np.ones((1, 256), "float32")
    assert value(noise_regularisation(ones, [(16, 16)]))[0] == pytest.approx(
        34.0
    )


def test_each_map_gets_its_mean_and_variance():
    rng = np.random.default_rng(0)
    noise = rng.normal(3.0, 2.0, (2, 80)).astype("float32")
    made = normalised(noise, [(4, 4), (8, 8)])
    for part in (made[:, :16], made[:, 16:]):
        np.testing.assert_allclose(part.mean(1), 0.0, atol=1e-6)
        np.testing.assert_allclose(part.var(1), 1.0, rtol=1e-5)
    assert np.corrcoef(made[0, 16:], noise[0, 16:])[0, 1] > 0.9999


def test_given_noise_in_place_of_the_networks_own(gan):
    synthesis = gan.ema_generator.get_layer("synthesis")
    own = fixed_noise(synthesis)
    assert noise_sizes(synthesis) == [
        (4, 4),
        (8, 8),
        (8, 8),
        (16, 16),
        (16, 16),
    ]
    assert len(own) == 16 + 2 * 64 + 2 * 256
    w = latents.to_styles(gan, num=2, seed=0)
    plain = latents.from_styles(gan, w)
    twice = np.stack([own, own])
    made = latents.from_styles(gan, w, noise=twice)
    np.testing.assert_allclose(made, plain, atol=1e-5)
    noise = np.stack([own[::-1], own])
    other = latents.from_styles(gan, w, noise=noise)
    assert np.abs(other - plain).max() > 0.1
    network = given_noise(synthesis)
    assert network.count_params() == synthesis.count_params()
    edited = latents.edit(gan, w, np.eye(5)[0], [1.0, 0.0], noise=noise)
    np.testing.assert_allclose(edited[:, 1], other, atol=1e-5)


def test_projections_look_for_noise(gan):
    w = latents.to_styles(gan, num=2, seed=9, truncation=0.5)
    sizes = noise_sizes(gan.ema_generator.get_layer("synthesis"))
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((2, 16 + 2 * 64 + 2 * 256)).astype("float32")
    targets = latents.from_styles(gan, w, noise=noise)

    def much(real, fake):  # as much as pictures in the noise count
        return 1e5 * ops.mean(ops.square(real - fake), axis=(1, 2, 3))

    asked = {"steps": 60, "distance": much, "progress": False}
    found = latents.project(gan, targets, "w+", **asked)
    fixed = latents.project(gan, targets, "w+", noise=False, **asked)
    assert fixed.noise is None
    assert (found.errors < 0.5 * fixed.errors).all()
    np.testing.assert_allclose(
        normalised(found.noise, sizes), found.noise, atol=1e-5
    )
    assert value(noise_regularisation(found.noise, sizes)).max() < 0.05
    np.testing.assert_allclose(
        latents.from_styles(gan, found.styles, noise=found.noise),
        found.images,
        atol=1e-5,
    )
    np.testing.assert_allclose(
        latents.from_styles(gan, fixed.styles), fixed.images, atol=1e-5
    )


def test_a_bar_shows_the_steps(gan, capsys):
    targets = np.zeros((1, 16, 16, 1), "float32")
    latents.project(gan, targets, steps=3, distance="pixels")
    said = capsys.readouterr().out
    assert "3/3" in said and "distance" in said
    latents.project(gan, targets, steps=3, distance="pixels", progress=False)
    assert capsys.readouterr().out == ""
