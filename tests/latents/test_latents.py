"""Tools for latent spaces, on tiny generators and on numbers by hand."""

import numpy as np
import pytest
from contract import tiny
from keras import ops
from PIL import Image

import keras_gans
from keras_gans import latents
from keras_gans.latents.directions import _signed
from keras_gans.latents.photographs import read_targets
from keras_gans.latents.projection import _at_most, _starts_and_spreads


@pytest.fixture(scope="module")
def gan():
    gan = keras_gans.StyleGAN2(
        (8, 8, 1), latent_dim=4, style_dim=5, width=6, mapping_layers=2, seed=1
    )
    generator = gan.ema_generator
    generator.get_layer("mean_style").mean.assign(np.arange(5.0) / 10)
    return gan


def test_styles_are_those_that_generate_uses(gan):
    z = gan.sample_latents(3, seed=0)
    styles = latents.to_styles(gan, z, truncation=0.5)
    assert styles.shape == (3, 4, 5)
    np.testing.assert_array_equal(styles[:, 0], styles[:, 3])
    made = latents.from_styles(gan, styles)
    np.testing.assert_allclose(
        made, gan.generate(latents=z, truncation=0.5), atol=1e-6
    )
    drawn = latents.to_styles(gan, num=3, seed=0, truncation=0.5)
    np.testing.assert_allclose(drawn, styles, rtol=1e-5)
    np.testing.assert_allclose(latents.mean_style(gan), np.arange(5) / 10)
    with pytest.raises(ValueError, match=r"Received: shape \(3, 4, 4\)"):
        latents.from_styles(gan, z)  # not as wide as w
    with pytest.raises(ValueError, match="Received: DCGAN"):
        latents.to_styles(tiny("DCGAN"), num=1)


def test_a_walk_passes_its_latents_and_closes(gan):
    z = gan.sample_latents(4, seed=0)
    made = latents.walk(gan, frames=8, points=4, seed=0)
    assert made.shape == (8, 1, 8, 8, 1)
    np.testing.assert_allclose(made[::2, 0], gan.generate(latents=z), atol=1e-5)
    w = latents.to_styles(gan, z)
    middle = latents.from_styles(gan, (w[3:] + w[:1]) / 2)
    np.testing.assert_allclose(made[7], middle, atol=1e-5)
    half = latents.walk(gan, frames=4, points=4, seed=0, truncation=0.5)
    np.testing.assert_allclose(
        half[:, 0], gan.generate(latents=z, truncation=0.5), atol=1e-5
    )


@pytest.mark.parametrize("variant", ["DCGAN", "ConditionalGAN"])
def test_walks_in_z_follow_great_circles(variant):
    gan = tiny(variant)
    z = np.zeros((2, 2, 4), "float32")
    z[0, 0, 0] = z[1, 0, 1] = 2.0
    z[0, 1, 2] = z[1, 1, 3] = 1.0
    given = {"labels": 1} if variant == "ConditionalGAN" else {}
    made = latents.walk(gan, frames=4, latents=z, **given)
    assert made.shape[:2] == (4, 2)
    middle = (z[0] + z[1]) / np.sqrt(2.0)  # as long as its ends
    np.testing.assert_allclose(
        made[1], gan.generate(latents=middle, **given), atol=1e-5
    )
    np.testing.assert_allclose(
        made[2], gan.generate(latents=z[1], **given), atol=1e-5
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"space": "v"}, "Received: 'v'"),
        ({"points": 1}, "points=1"),
        ({"frames": 0}, "Received: frames=0"),
    ],
)
def test_walks_refuse(gan, arguments, message):
    with pytest.raises(ValueError, match=message):
        latents.walk(gan, **arguments)
    with pytest.raises(ValueError, match=r"Received: truncation=0\.5"):
        latents.walk(tiny("DCGAN"), truncation=0.5)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_walks_become_files(gan, suffix, tmp_path):
    made = latents.walk(gan, frames=5, num=4)
    latents.save_walk(tmp_path / f"walk{suffix}", made, 1.0, scale=3)
    with Image.open(tmp_path / f"walk{suffix}") as picture:
        assert picture.n_frames == 5
        assert picture.size == (2 * 26 + 2, 2 * 26 + 2)
    with pytest.raises(ValueError, match=r"Received: walk\.avi"):
        latents.save_walk(tmp_path / "walk.avi", made)


def test_columns_lend_their_layers(gan):
    grid = latents.mix(gan, 2, 3, layers=[0, 2], seed=5)
    assert grid.shape == (3, 4, 8, 8, 1)
    assert (grid[0, 0] == 1.0).all()
    below = latents.to_styles(gan, num=2, seed=5)
    above = latents.to_styles(gan, num=3, seed=6)
    np.testing.assert_allclose(
        grid[1:, 0], latents.from_styles(gan, below), atol=1e-6
    )
    np.testing.assert_allclose(
        grid[0, 1:], latents.from_styles(gan, above), atol=1e-6
    )
    mixed = below[1].copy()
    mixed[[0, 2]] = above[2, 0]
    np.testing.assert_allclose(
        grid[2, 3], latents.from_styles(gan, mixed[None])[0], atol=1e-6
    )
    coarse = latents.mix(gan, 1, 1, seed=5)
    np.testing.assert_allclose(
        coarse, latents.mix(gan, 1, 1, layers=range(2), seed=5)
    )
    with pytest.raises(ValueError, match=r"from 0 to 3. Received: \[4\]"):
        latents.mix(gan, layers=[4])


def test_a_sweep_of_truncations(gan):
    made = latents.truncation_sweep(gan, (1.0, 0.5, 0.0), num=2, seed=3)
    assert made.shape == (2, 3, 8, 8, 1)
    for i, psi in enumerate((1.0, 0.5, 0.0)):
        np.testing.assert_allclose(
            made[:, i], gan.generate(2, seed=3, truncation=psi), atol=1e-5
        )


def test_sefa_by_hand(gan):
    # A doubles the first axis in one layer, and triples the second in all.
    synthesis = gan.ema_generator.get_layer("synthesis")
    before = synthesis.get_weights()
    root = np.sqrt(5.0)  # of the equalised learning rate
    for layer in synthesis.layers:
        if layer.name.endswith("_style"):
            kernel = np.zeros(layer.kernel.shape)
            kernel[1, 0] = 3.0 * root
            if layer.name == "conv_0_1_style":
                kernel[0, 1] = -20.0 * root
            layer.kernel.assign(kernel)
    first, second = latents.sefa(gan, 2)
    np.testing.assert_allclose(first, np.eye(5)[0], atol=1e-6)
    np.testing.assert_allclose(second, np.eye(5)[1], atol=1e-6)
    (only,) = latents.sefa(gan, 1, layers=[1, 2, 3])
    np.testing.assert_allclose(only, np.eye(5)[1], atol=1e-6)
    synthesis.set_weights(before)
    vectors = latents.sefa(gan, 5)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(5), atol=1e-5)
    with pytest.raises(ValueError, match="Received: num=6"):
        latents.sefa(gan, 6)


def test_ganspace_is_the_principal_components(gan):
    vectors, deviations = latents.ganspace(gan, 3, samples=200, seed=1)
    w = latents.to_styles(gan, num=200, seed=1)[:, 0]
    values, wanted = np.linalg.eigh(np.cov(w.T))
    np.testing.assert_allclose(deviations, np.sqrt(values[::-1][:3]), rtol=1e-3)
    np.testing.assert_allclose(
        vectors, _signed(wanted[:, ::-1][:, :3].T), atol=1e-2
    )


def test_a_boundary_tells_classes_apart():
    rng = np.random.default_rng(0)
    styles = rng.standard_normal((400, 3)) * [1.0, 5.0, 0.2]
    labels = styles @ [3.0, 0.0, -4.0] > 0.5
    normal = latents.boundary(styles, labels)
    np.testing.assert_allclose(normal, [0.6, 0.0, -0.8], atol=0.06)
    each = np.repeat(styles[:, None], 2, axis=1)
    np.testing.assert_allclose(latents.boundary(each, labels), normal)
    with pytest.raises(ValueError, match=r"Received: \[1\.\]"):
        latents.boundary(styles, np.ones(400))


def test_edits_move_chosen_layers(gan):
    w = latents.to_styles(gan, num=2, seed=0)
    direction = np.eye(5)[2]
    made = latents.edit(gan, w, direction, (-1.0, 0.0, 2.0), layers=[1, 3])
    assert made.shape == (2, 3, 8, 8, 1)
    np.testing.assert_allclose(
        made[:, 1], latents.from_styles(gan, w), atol=1e-6
    )
    moved = w.copy()
    moved[:, [1, 3], 2] += 2.0
    np.testing.assert_allclose(
        made[:, 2], latents.from_styles(gan, moved), atol=1e-6
    )
    with pytest.raises(ValueError, match=r"Received: shape \(4,\)"):
        latents.edit(gan, w, np.ones(4))


@pytest.mark.parametrize("space", ["w", "w+"])
def test_projection_finds_an_image_of_the_generator(gan, space):
    wanted = latents.to_styles(gan, num=2, seed=9, truncation=0.5)
    targets = latents.from_styles(gan, wanted)
    seen = []
    found = latents.project(
        gan,
        targets,
        space,
        40,
        "pixels",
        progress=lambda step, distance: seen.append(distance),
    )
    assert found.styles.shape == (2, 4, 5)
    is_one = np.allclose(found.styles[:, 0], found.styles[:, 3])
    assert is_one == (space == "w")
    assert len(seen) == 40
    assert found.errors.mean() < 0.3 * seen[0]
    np.testing.assert_allclose(found.distances, found.errors, rtol=1e-4)
    np.testing.assert_allclose(
        found.images, latents.from_styles(gan, found.styles), atol=1e-5
    )
    np.testing.assert_allclose(
        found.errors, ((found.images - targets) ** 2).mean((1, 2, 3)), rtol=1e-4
    )


@pytest.fixture(scope="module")
def classes():
    return keras_gans.StyleGAN2(
        (8, 8, 1), 3, 4, 5, width=6, mapping_layers=2, seed=1
    )


def test_where_a_projection_begins_and_how_far_w_spreads(gan, classes):
    """Karras et al. 2020, appendix D: squared distances, not their mean."""
    start, spread = _starts_and_spreads(gan, 2, 3, {})
    w = latents.to_styles(gan, num=10_000, seed=3)[:, 0].astype("float64")
    mean = np.arange(5) / 10
    np.testing.assert_allclose(start, [mean, mean], rtol=1e-6)
    wanted = np.sqrt(((w - mean) ** 2).sum(1).mean())
    np.testing.assert_allclose(spread, [[wanted], [wanted]], rtol=1e-5)
    start, spread = _starts_and_spreads(classes, 2, 3, {"labels": [2, 0]})
    for i, label in enumerate((2, 0)):
        w = latents.to_styles(classes, num=10_000, seed=3, labels=label)[:, 0]
        np.testing.assert_allclose(start[i], w.mean(0), atol=1e-5)
        wanted = np.sqrt(((w - w.mean(0)) ** 2).sum(1).mean())
        np.testing.assert_allclose(spread[i], [wanted], rtol=1e-4)
    assert np.abs(start[0] - start[1]).max() > 0.1


def test_large_images_are_compared_at_256_pixels():
    images = np.arange(512.0)[None, :, None, None] * np.ones((1, 1, 512, 1))
    small = ops.convert_to_numpy(_at_most(ops.convert_to_tensor(images)))
    np.testing.assert_allclose(small[0, :, 0, 0], np.arange(256) * 2 + 0.5)
    assert _at_most(images[:, :300]).shape == (1, 300, 512, 1)


@pytest.mark.parametrize("space", ["z", "w"])
def test_the_class_of_a_walk_stays(classes, space):
    """The same latents all the way give the same image all the way."""
    z = np.tile(classes.sample_latents(2, seed=0)[None], (3, 1, 1))
    made = classes.walk(6, latents=z, space=space)
    same = np.tile(made[:1], (6, 1, 1, 1, 1))
    np.testing.assert_allclose(made, same, atol=1e-5)
    assert np.abs(made[0, 0] - made[0, 1]).max() > 1e-3
    wanted = classes.generate(latents=z[0], labels=[0, 1])
    np.testing.assert_allclose(made[0], wanted, atol=1e-5)
    given = classes.walk(6, latents=z, space=space, labels=[2, 1])
    wanted = classes.generate(latents=z[0], labels=[2, 1])
    np.testing.assert_allclose(given[5], wanted, atol=1e-5)


def test_the_sentence_of_a_walk_stays():
    gan = tiny("DFGAN")
    z = np.tile(gan.sample_latents(1, seed=0), (4, 1))
    made = gan.walk(4, latents=z)
    same = np.tile(made[:1], (4, 1, 1, 1, 1))
    np.testing.assert_allclose(made, same, atol=1e-5)


def test_projection_takes_any_distance(gan):
    targets = np.zeros((1, 8, 8, 1), "float32") - 0.5

    def of_means(real, fake):
        difference = ops.mean(real, (1, 2, 3)) - ops.mean(fake, (1, 2, 3))
        return ops.square(difference)

    found = latents.project(gan, targets, steps=30, distance=of_means)
    assert found.images.mean() == pytest.approx(-0.5, abs=0.2)
    with pytest.raises(ValueError, match="Received: space='z'"):
        latents.project(gan, targets, "z")
    with pytest.raises(ValueError, match="Received"):
        latents.project(gan, targets[:, :4])
    with pytest.raises(ValueError, match="Received: DCGAN"):
        latents.project(tiny("DCGAN"), targets)


def test_photographs_are_cut_and_resized(gan, tmp_path):
    pixels = np.zeros((20, 40, 3), "uint8")
    pixels[:, 5:35] = 200  # and so the square in the middle
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    (target,) = read_targets(gan, [tmp_path / "wide.png"])
    assert target.shape == (8, 8, 1)
    assert abs(target.astype(int) - 200).max() <= 1
    (tmp_path / "no.png").write_bytes(b"no")
    with pytest.raises(ValueError, match=r"Received: .*no\.png"):
        read_targets(gan, [tmp_path / "no.png"])


def test_is_there_by_name():
    assert keras_gans.latents is latents
