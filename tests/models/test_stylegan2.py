import types

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from keras import ops

import keras_gans
from keras_gans.models.styles.stylegan2 import lazy_adam
from keras_gans.networks.stylegan2 import (
    build_discriminator,
    build_generator,
    channels_of,
)
from keras_gans.stabilizers import ADA, R1, PathLength

SMALL = {"latent_dim": 4, "width": 4, "mapping_layers": 2, "seed": 1}


def small(side=8, **kwargs):
    return keras_gans.StyleGAN2((side, side, 1), **{**SMALL, **kwargs})


def numpy(x):
    return ops.convert_to_numpy(ops.stop_gradient(x))


def size_of(network):
    return sum(np.prod(w.shape) for w in network.trainable_weights)


def test_a_term_in_every_second_step_is_lazy():
    adam = lazy_adam(2)
    assert float(adam.learning_rate) == pytest.approx(2 / 3 * 2e-3)
    assert adam.beta_2 == pytest.approx(0.99 ** (2 / 3))
    assert adam.epsilon == 1e-8


def test_its_own_terms_come_as_often_as_the_authors():
    periods = {type(s): s.every for s in small().stabilizers}
    assert periods == {R1: 16, PathLength: 4}


def test_r1_weighs_by_the_pixels_of_a_rectangle():
    gan = keras_gans.StyleGAN2((8, 16, 1), **SMALL)
    (r1,) = (s for s in gan.stabilizers if isinstance(s, R1))
    assert r1.weight == pytest.approx(0.0002 * 8 * 16 / 32)


def test_parts_that_take_noise_are_those_of_layers_that_add_it():
    names = ("mapping", "synthesis", "noisy_synthesis", "noisy_generator")
    assert small().parts == names
    assert tiny("GAN").parts == ()


def test_channels_are_those_of_configuration_f():
    channels = channels_of((1024, 1024, 3), 32768, 512)
    assert channels == [512, 512, 512, 512, 512, 256, 128, 64, 32]
    assert channels_of((64, 128, 3), 4096, 96) == [96, 96, 96, 96, 64]


def test_parameters_are_those_of_the_authors_networks_at_256():
    # Of stylegan2-ada-pytorch with channel_base=16384.
    shape, channels = (256, 256, 3), channels_of((256, 256, 3), 16384, 512)
    add_weight = keras.layers.Layer.add_weight

    def ones(self, *args, initializer=None, **kwargs):
        return add_weight(self, *args, initializer="ones", **kwargs)

    with pytest.MonkeyPatch.context() as patch:  # which takes less time
        patch.setattr(keras.layers.Layer, "add_weight", ones)
        generator = build_generator(shape, 512, 512, channels, 8)
        discriminator = build_discriminator(shape, channels, 8)
    assert size_of(generator) == 24_767_458
    assert size_of(discriminator) == 24_001_089
    synthesis = generator.get_layer("synthesis")
    widths = [512, 512, 512, 512, 256, 128, 64]
    for i, width in enumerate(widths):
        side = 4 * 2**i
        made = synthesis.get_layer(f"conv_{i}_1").output
        assert made.shape == (None, side, side, width)
        if i:
            judged = discriminator.get_layer(f"conv_{i}_0").output
            assert judged.shape == made.shape
    assert synthesis.output.shape == (None, 256, 256, 3)


@pytest.mark.parametrize(
    ("every", "rate", "beta_2"),
    [(1, 0.002, 0.99), (4, 0.0016, 0.992), (16, 0.0018824, 0.990585)],
)
def test_constants_of_lazy_regularisation(every, rate, beta_2):
    # c = 4/5 and 16/17: 0.99^0.8 = 0.99199, 0.99^(16/17) = 0.99059.
    adam = lazy_adam(every)
    assert float(adam.learning_rate) == pytest.approx(rate, rel=1e-3)
    assert adam.beta_1 == 0.0
    assert adam.beta_2 == pytest.approx(beta_2, rel=2e-5)


def test_the_stabilizers_say_how_lazy_the_optimizers_are():
    gan = small(stabilizers=[R1(2.0, every=8)])
    optimizers = gan.default_optimizers()
    rates = {n: float(o.learning_rate) for n, o in optimizers.items()}
    assert rates == pytest.approx(
        {"generator": 0.0016, "discriminator": 0.002 * 8 / 9}
    )
    without = small(r1_weight=0.0, path_weight=0.0)
    assert not without.stabilizers
    rates = [
        float(o.learning_rate) for o in without.default_optimizers().values()
    ]
    assert rates == pytest.approx([0.002, 0.002])
    (r1,) = (s for s in small(16).stabilizers if isinstance(s, R1))
    assert r1.weight == pytest.approx(0.0002 * 256 / 32)


def test_path_lengths_by_hand():
    # Images of one pixel and two channels: image = A w summed over two
    # layers, so that J^T y = A^T y for each of them.
    a = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]], "float32")
    y = np.array([[1.0, 1.0], [2.0, 0.0], [0.0, 1.0]], "float32")
    logs = []
    gan = types.SimpleNamespace(
        image_shape=(1, 1, 2),
        synthesize=lambda styles: ops.reshape(
            ops.matmul(ops.sum(styles, axis=1), a.T), (-1, 1, 1, 2)
        ),
        draw=lambda sampler, num, *shape: ops.convert_to_tensor(
            y[: int(num)].reshape(-1, *shape)
        ),
        is_due=lambda every: True,
        log=lambda name, value: logs.append((name, float(value))),
    )
    path = PathLength(weight=3.0, every=4, decay=0.25, shrink=2)
    styles = ops.convert_to_tensor(np.ones((5, 2, 3), "float32"))
    # Three of five rows: A^T y = (1, 3, 1), (2, 4, 0), (0, 1, 1).
    lengths = np.sqrt([11.0, 20.0, 2.0])
    np.testing.assert_allclose(
        numpy(path.lengths(gan, styles[:3])), lengths, rtol=1e-5
    )
    mean = 0.25 * lengths.mean()
    penalty = ((lengths - mean) ** 2).mean()
    assert float(path.term_of(gan, styles)) == pytest.approx(
        3.0 * 4 * penalty, rel=1e-5
    )
    assert float(path.mean) == pytest.approx(mean, rel=1e-5)
    assert dict(logs) == pytest.approx(
        {"path_penalty": 4 * penalty, "path_length": mean}, rel=1e-5
    )
    path.term_of(gan, styles)
    twice = mean + 0.25 * (lengths.mean() - mean)
    assert float(path.mean) == pytest.approx(twice, rel=1e-5)
    # Of four rows two are looked at.
    half = PathLength(decay=1.0, shrink=2)
    half.term_of(gan, styles[:4])
    assert float(half.mean) == pytest.approx(lengths[:2].mean(), rel=1e-5)
    gan.is_due = lambda every: False
    assert float(path.term_of(gan, styles)) == 0.0
    assert float(path.mean) == pytest.approx(twice, rel=1e-5)


def test_y_has_the_variance_of_one_over_the_pixels():
    gan = types.SimpleNamespace(
        image_shape=(4, 8, 1),
        synthesize=lambda styles: ops.reshape(
            ops.repeat(styles[:, 0], 8, axis=1), (-1, 4, 8, 1)
        ),
        draw=lambda sampler, num, *shape: ops.ones((num, *shape)),
    )
    # Each of four numbers makes eight pixels: 8 / sqrt(32) each.
    found = float(PathLength().lengths(gan, ops.ones((1, 1, 4)))[0])
    assert found == pytest.approx(2 * 8 / np.sqrt(32), rel=1e-5)


def test_layers_behind_the_cut_have_the_second_style():
    gan = small(16, mixing=0.5)
    numbers = np.array(
        [[0.0, 0.4], [0.99, 0.4], [0.5, 0.4], [0.0, 0.6]], "float32"
    )
    w = np.arange(32, dtype="float32").reshape(8, 1, 4)
    gan.random_latents = lambda num: ops.zeros((num, 4))
    gan.map_latents = lambda latents, given: ops.convert_to_tensor(
        np.repeat(w, 6, axis=1)
    )
    gan.draw = lambda sampler, num, *shape: ops.convert_to_tensor(numbers)
    styles = numpy(gan.styles_for(ops.zeros((4, 16, 16, 1)), {}))
    # Six layers: cuts at 1, 5 and 3, and none where nothing is mixed.
    for row, cut in enumerate((1, 5, 3, 6)):
        first = np.all(styles[row] == w[row], axis=-1)
        second = np.all(styles[row] == w[row + 4], axis=-1)
        assert first.tolist() == [i < cut for i in range(6)]
        assert second.tolist() == [i >= cut for i in range(6)]


def test_truncation_moves_images_towards_that_of_the_mean():
    gan = small()
    before = gan.generate(4, seed=0)
    gan.compile(run_eagerly=EAGER)
    gan.fit(rows_for(gan, 16), batch_size=8, verbose=0)
    layer = gan.ema_generator.get_layer("mean_style")
    assert numpy(layer.mean).any()  # it comes with the average of the weights
    whole = gan.generate(4, seed=0)
    np.testing.assert_array_equal(whole, gan.generate(4, seed=0, truncation=1))
    assert np.abs(whole - before).max() > 0
    mean = gan.generate(4, seed=0, truncation=0.0)
    np.testing.assert_allclose(mean, np.repeat(mean[:1], 4, 0), atol=1e-6)
    half = gan.generate(4, seed=0, truncation=0.5)
    assert np.std(half, axis=0).mean() < np.std(whole, axis=0).mean()
    each = gan.generate(4, seed=0, truncation=[0.0, 0.5, 1.0, 1.0])
    for row, wanted in enumerate((mean, half, whole, whole)):
        np.testing.assert_allclose(each[row], wanted[row], atol=1e-6)
    with pytest.warns(UserWarning, match="Received: 1.5"):
        gan.generate(1, truncation=1.5)


def test_the_mean_of_w_is_that_of_what_is_drawn():
    gan = small()
    gan.generator.get_layer("mean_style").decay = 0.0
    styles = numpy(gan.map_latents(gan.random_latents(512), {}))
    mean = numpy(gan.generator.get_layer("mean_style").mean)
    np.testing.assert_allclose(mean, styles[:, 0].mean(0), rtol=1e-4)


@pytest.mark.parametrize(
    ("shape", "classes"), [((16, 8, 3), None), ((12, 12, 1), 3)]
)
def test_trains_rectangles_and_with_ada(shape, classes):
    arguments = {**SMALL, "num_classes": classes}
    gan = keras_gans.StyleGAN2(
        shape, stabilizers=[ADA(p=0.5, images=100)], **arguments
    )
    gan.compile(run_eagerly=EAGER)
    rows = rows_for(gan, 8)
    assert ("labels" in rows) == (classes is not None)
    logs = gan.fit(rows, batch_size=8, verbose=0).history
    assert np.isfinite([v for (v,) in logs.values()]).all()
    assert gan.generate(2).shape == (2, *shape)


def test_classes_make_different_images():
    gan = tiny("StyleGAN2", run_eagerly=EAGER)
    z = gan.sample_latents(1, seed=0).repeat(3, 0)
    made = gan.generate(latents=z, labels=[0, 1, 2])
    assert np.abs(made[0] - made[1]).max() > 1e-3
    judge = gan.discriminator
    said = numpy(judge([np.repeat(made[:1], 3, 0), np.array([0, 1, 2])]))
    assert len(np.unique(said)) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mixing": 1.5}, "Received: mixing=1.5"),
        ({"mixing": -0.1}, "Received: mixing=-0.1"),
        ({"image_shape": (31, 31, 3)}, r"Received: image_shape=\(31"),
        ({"r1_weight": -1.0}, "Received: r1_weight=-1.0"),
        ({"num_classes": 0}, "Received: num_classes=0"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_gans.StyleGAN2(**{**SMALL, **arguments})


def test_refuses_a_generator_without_styles():
    z, psi = keras.Input((4,)), keras.Input(())
    flat = keras.layers.Dense(64)(z) + psi[:, None]
    plain = keras.Model([z, psi], keras.layers.Reshape((8, 8, 1))(flat))
    with pytest.raises(ValueError, match="a layer named 'mapping'"):
        small(generator=plain)
    gan = small()
    again = small(generator=gan.generator, discriminator=gan.discriminator)
    np.testing.assert_array_equal(
        gan.generate(2, seed=0), again.generate(2, seed=0)
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"decay": 0.0}, "Received: decay=0.0"),
        ({"shrink": 0}, "shrink=0"),
    ],
)
def test_path_length_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        PathLength(**arguments)
