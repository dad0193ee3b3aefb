import math

import keras
import numpy as np
import pytest
from contract import assert_same_state, tiny
from keras import ops

import keras_gans
from keras_gans import backend
from keras_gans.models.styles.mixing import mixed
from keras_gans.networks.growing import judge_images, shares_of, sizes_of
from keras_gans.networks.stylegan import (
    build_generator,
    build_synthesis,
    num_styles,
)
from keras_gans.stabilizers import R1

BACKEND = keras.backend.backend()
SMALL = {"latent_dim": 4, "width": 4, "mapping_layers": 2, "seed": 1}


def small(side=8, growth=None, **kwargs):
    arguments = {**SMALL, "growth": growth, **kwargs}
    gan = keras_gans.StyleGAN((side, side, 2), **arguments)
    gan.compile(run_eagerly=BACKEND != "jax")
    return gan


def images_of(side, num=8):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (num, side, side, 2)).astype("uint8")


def value(x):
    return ops.convert_to_numpy(x)


def given_weights(network):
    """Gives all weights values at which each of them shows."""
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(size=w.shape) for w in network.weights])


def spread_constant(generator):
    """Gives the learned constant, of ones at first, other numbers.

    Normalised, maps of nearly the same number show each rounding.
    """
    constant = generator.get_layer("synthesis").get_layer("constant").constant
    rng = np.random.default_rng(0)
    constant.assign(rng.normal(size=constant.shape))


def conv(x, kernel):
    """A convolution of 3x3 or 1x1, same padding, with He's constant."""
    side = kernel.shape[0]
    pad = side // 2
    padded = np.pad(x, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    n, h, w, _ = x.shape
    y = np.zeros((n, h, w, kernel.shape[-1]))
    for i in range(side):
        for j in range(side):
            y += padded[:, i : i + h, j : j + w] @ kernel[i, j]
    return y / math.sqrt(math.prod(kernel.shape[:-1]))


def blurred(x):
    kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
    padded = np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    _, h, w, _ = x.shape
    return sum(
        kernel[i, j] * padded[:, i : i + h, j : j + w]
        for i in range(3)
        for j in range(3)
    )


def finished(x, style, layers, name):
    """Noise, bias, leaky ReLU, and adaptive instance normalisation."""
    factor, noise = (value(w) for w in layers[f"{name}_noise"].weights[:2])
    x = x + factor * noise + value(layers[f"{name}_bias"].bias)
    x = np.where(x > 0, x, 0.2 * x)
    x = x - x.mean((1, 2), keepdims=True)
    x = x / np.sqrt((x**2).mean((1, 2), keepdims=True) + 1e-8)
    kernel, bias = layers[f"{name}_style"].get_weights()
    y = style @ kernel / math.sqrt(len(kernel)) + bias
    scale, offset = np.split(y[:, None, None], 2, -1)
    return (1 + scale) * x + offset


def test_synthesis_by_hand():
    network = build_synthesis((8, 8, 2), 3, 4, [8])
    given_weights(network)
    layers = {layer.name: layer for layer in network.layers}
    styles = np.random.default_rng(1).normal(size=(2, 4, 3)).astype("float32")
    kernels = {
        name: layers[name].get_weights()[0]
        for name in ("conv_4_1", "conv_8_0", "conv_8_1", "to_images_8")
    }
    root = math.sqrt(2.0)
    x = np.repeat(value(layers["constant"].constant)[None], 2, 0)
    x = finished(x, styles[:, 0], layers, "conv_4_0")
    x = finished(
        root * conv(x, kernels["conv_4_1"]), styles[:, 1], layers, "conv_4_1"
    )
    x = x.repeat(2, 1).repeat(2, 2)
    x = blurred(root * conv(x, kernels["conv_8_0"]))
    x = finished(x, styles[:, 2], layers, "conv_8_0")
    x = finished(
        root * conv(x, kernels["conv_8_1"]), styles[:, 3], layers, "conv_8_1"
    )
    x = conv(x, kernels["to_images_8"]) + layers["to_images_8"].get_weights()[1]
    made = value(network(styles))
    np.testing.assert_allclose(made, np.clip(x, -1, 1), atol=2e-4)
    assert 0.1 < np.mean(np.abs(made) < 1) < 1.0


def test_noise_is_fixed_in_use_and_drawn_in_training():
    gan = small()
    for layer in gan.grown.layers:
        if layer.name.endswith("_noise"):
            layer.factor.assign(np.ones(layer.factor.shape))
    z = gan.sample_latents(2, seed=0)
    first, again = (gan.generate(latents=z) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    styles = ops.ones((1, 4, 4))
    trained = [value(gan.grown(styles, training=True)) for _ in range(2)]
    assert np.abs(trained[0] - trained[1]).max() > 1e-3


@pytest.mark.parametrize(
    ("where", "whether", "count", "cut"),
    [
        (0.0, 0.0, 6, 1),
        (0.39, 0.89, 6, 2),
        (0.99, 0.89, 6, 5),
        (0.99, 0.89, 4, 3),
        (0.0, 0.9, 6, 6),
    ],
)
def test_mixing_by_hand(where, whether, count, cut):
    first, second = np.zeros((1, 6, 2), "f"), np.ones((1, 6, 2), "f")
    numbers = np.array([[where, whether]], "float32")
    both = map(ops.convert_to_tensor, (first, second, numbers))
    styles = value(mixed(*both, mixing=0.9, count=count))
    np.testing.assert_array_equal(
        styles[0], np.repeat(np.arange(6)[:, None] >= cut, 2, 1)
    )


def test_each_image_is_mixed_by_itself_with_its_own_latents():
    gan = small(mixing=1.0)
    latents = np.eye(4, dtype="float32")
    draws = [latents[:2], latents[2:]]
    gan.random_latents = lambda num: ops.convert_to_tensor(draws.pop(0))
    gan.draw = lambda *_: ops.convert_to_tensor([[0.0, 0.5], [0.99, 0.5]])
    mapped = value(gan.generator.get_layer("mapping")(latents))
    styles = value(gan.styles_for(np.zeros((2, 8, 8, 2)), {}))
    assert styles.shape == (2, 4, 4)
    expected = mapped[[[0, 2, 2, 2], [1, 1, 1, 3]]]
    np.testing.assert_allclose(styles, expected, rtol=1e-5)


def test_smaller_images_mix_the_layers_in_use():
    gan = small(16, growth=[(8, 0, 64), (16, 64, 64)])
    asked = []
    gan.draw = lambda sampler, num, *shape: (
        ops.zeros((num, *shape))
        if shape != (2,)
        else ops.convert_to_tensor([[0.99, 0.0]] * 2)
    )
    latents = iter(np.eye(4, dtype="float32")[:, None].repeat(2, 1))
    gan.random_latents = lambda num: ops.convert_to_tensor(next(latents))
    for steps in (0, 1):  # of 64 images each, by default
        gan.steps.assign(steps)
        styles = value(gan.styles_for(np.zeros((2, 16, 16, 2)), {}))
        asked.append([np.ptp(styles[0, :k], axis=0).max() for k in (3, 4, 5)])
    assert [num_styles(s) for s in (4, 8, 16)] == [2, 4, 6]
    # At 8x8 the fourth layer is the last one; at 16x16 the sixth.
    assert asked[0][0] == 0 and asked[0][1] > 0
    assert asked[1][2] == 0


def test_losses_by_hand():
    gan = small(r1_weight=10.0)
    real, given = gan.unpack(images_of(8))
    fake = gan.fakes_for(real, given)
    with keras.StatelessScope():  # as in a step, which JAX needs
        loss = gan.total_loss(
            "discriminator", gan.discriminator_loss, real, fake, given
        )
    judge = gan.discriminator
    said_real, said_fake = value(judge(real)), value(judge(fake))
    slope = value(backend.input_gradient(judge, real))
    expected = np.log1p(np.exp(-said_real)).mean()
    expected += np.log1p(np.exp(said_fake)).mean()
    expected += 5.0 * (slope**2).sum((1, 2, 3)).mean()
    assert float(value(loss)) == pytest.approx(expected, rel=1e-4)
    verdict = float(value(gan.verdict_on(real, fake, given)))
    expected = np.log1p(np.exp(-said_fake)).mean()
    assert verdict == pytest.approx(expected, rel=1e-4)


def test_truncation_moves_styles_to_their_mean():
    gan = small()
    gan.fit(images_of(8, 16), batch_size=8, verbose=0)
    generator = gan.inference_generator
    spread_constant(generator)
    mean = value(generator.get_layer("mean_style").mean)
    assert np.abs(mean).max() > 0
    z = gan.sample_latents(3, seed=0)
    w = value(generator.get_layer("mapping")(z))
    styles = np.repeat((mean + 0.5 * (w - mean))[:, None], 4, 1)
    expected = value(generator.get_layer("synthesis")(styles))
    made = gan.generate(latents=z, truncation=0.5)
    np.testing.assert_allclose(made, expected, atol=1e-4)
    one = gan.generate(4, seed=0, truncation=0.0)
    np.testing.assert_array_equal(one, np.repeat(one[:1], 4, 0))
    with pytest.warns(UserWarning, match=r"\[0, 1\].*Received: 1.5 to 1.5"):
        gan.generate(1, seed=0, truncation=1.5)
    with pytest.raises(ValueError, match="must be finite"):
        gan.generate(1, truncation=math.nan)


@pytest.mark.skipif(BACKEND != "tensorflow", reason="converts on TensorFlow")
@pytest.mark.parametrize("name", ["g.tflite", "g.onnx"])
def test_exports_agree_where_maps_differ(name, tmp_path):
    gan = small(ema_decay=None)
    spread_constant(gan.generator)
    kind = {"g.tflite": "litert", "g.onnx": "onnx"}[name]
    report = gan.export(tmp_path / name, format=kind)
    assert report.max_difference < 1e-5
    assert list(report.inputs) == ["latents", "truncation"]


def test_the_running_mean_follows_both_latents_of_each_step():
    gan = small()
    z = gan.sample_latents(16, seed=0)
    w = value(gan.generator.get_layer("mapping")(z))
    draws = [z[:8], z[8:]]
    gan.random_latents = lambda num: ops.convert_to_tensor(draws.pop(0))
    gan.styles_for(np.zeros((8, 8, 8, 2)), {})
    mean = value(gan.generator.get_layer("mean_style").mean)
    np.testing.assert_allclose(mean, 0.005 * w.mean(0), rtol=1e-3, atol=1e-7)


def test_a_weight_of_0_is_no_penalty_and_full_size_the_beginning():
    gan = tiny("StyleGAN", r1_weight=0, growth=None)
    assert not gan.stabilizers
    assert {(s.fading, s.stable) for s in gan.growth.stages} == {(0, 0)}


def test_grows_as_progan_does():
    gan = small(16, growth=[(8, 0, 8), (16, 16, 8)])
    logs = gan.fit(images_of(16, 24), batch_size=8, verbose=0).history
    assert logs["resolution"] == pytest.approx([(8 + 16 + 16) / 3])
    assert logs["share"] == pytest.approx([(1.0 + 0.0 + 0.5) / 3])
    for network in (gan.generator, gan.ema_generator, gan.discriminator):
        (share,) = shares_of(network).values()
        assert float(value(share.share)) == 0.5
    assert gan.generate(1, seed=0).shape == (1, 16, 16, 2)


def test_resumes_in_the_middle_of_a_fade_in(tmp_path):
    def train(steps, *callbacks):
        gan = small(16, growth=[(8, 0, 0), (16, 32, 8)], width=2)
        gan.fit(
            images_of(16, 24),
            batch_size=8,
            verbose=0,
            callbacks=[*callbacks],
        )
        return gan

    class Crash(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                raise KeyboardInterrupt

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 2)

    whole = train(3)
    with pytest.raises(KeyboardInterrupt):
        train(3, backup(), Crash())
    resumed = train(3, backup())
    assert_same_state(resumed, whole)
    share = shares_of(resumed.generator)[16].share
    assert float(value(share)) == 0.5


@pytest.mark.parametrize("classes", [None, 3])
def test_full_size_has_no_layers_of_smaller_images(classes):
    gan = small(16, num_classes=classes)
    assert not shares_of(gan.generator) and not shares_of(gan.discriminator)
    names = [layer.name for layer in gan.grown.layers]
    assert [n for n in names if n.startswith("to_images")] == ["to_images_16"]
    assert gan.size == 16


def test_the_logit_is_that_of_the_class():
    gan = small(num_classes=3)
    x = np.random.default_rng(0).normal(size=(4, 8, 8, 2)).astype("float32")
    judge = gan.discriminator
    each = keras.Model(judge.inputs, judge.get_layer("logits").output)
    labels = np.array([2, 0, 1, 1])
    logits = value(each([x, labels]))
    assert logits.shape == (4, 3)
    np.testing.assert_allclose(
        value(judge([x, labels])), logits[range(4), labels][:, None], rtol=1e-5
    )
    gan.fit(images_of(8), labels.repeat(2), batch_size=8, verbose=0)
    one, other = (gan.generate(2, seed=0, labels=k) for k in (0, 1))
    assert np.abs(one - other).max() > 0


def test_the_authors_counts_at_1024_pixels():
    # As their code prints them. It also has layers between maps and images of
    # 4x4, which it never trains.
    sizes = sizes_of((1024, 1024, 3))[1:]
    shape = (1024, 1024, 3)
    generator = build_generator(shape, 512, 512, 512, 8, sizes)
    judge = judge_images(1024, shape, 512, sizes, smooth=True)
    counts = [
        sum(int(np.prod(v.shape)) for v in network.trainable_variables)
        for network in (generator, judge)
    ]
    assert counts == [26_219_627 - (512 * 3 + 3), 23_087_249 - (3 * 512 + 512)]
    assert num_styles(1024) == 18


def test_the_papers_choices():
    gan = keras_gans.StyleGAN((16, 16, 1), latent_dim=2, width=1)
    assert [(type(s), s.weight) for s in gan.stabilizers] == [(R1, 10.0)]
    assert gan.mixing == 0.9
    assert gan.generator.get_layer("mean_style").decay == 0.995
    mapping = gan.generator.get_layer("mapping")
    dense = [n for n in mapping.layers if n.name.startswith("dense")]
    assert [n.lr_multiplier for n in dense] == [0.01] * 8
    constant = gan.grown.get_layer("constant").constant
    assert (value(constant) == 1.0).all()
    assert [s.size for s in gan.growth.stages] == [8, 16]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image_shape": (24, 24, 3)}, r"power of two.*Received: .*\(24, 24"),
        ({"growth": [(8, 0, 9)]}, r"full size, 64.*\[8\]"),
        ({"growth": [(4, 0, 9), (8, 9, 9)]}, r"\[8, 16, 32, 64\].*\[4, 8\]"),
        ({"mixing": 1.5}, r"\[0, 1\]. Received: mixing=1.5"),
        ({"mixing": -0.1}, r"\[0, 1\]. Received: mixing=-0.1"),
        ({"r1_weight": -1.0}, "Received: r1_weight=-1"),
        ({"num_classes": 0}, "Received: num_classes=0"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_gans.StyleGAN(**{"width": 1, "latent_dim": 2, **arguments})
