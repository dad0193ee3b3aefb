import keras
import numpy as np
import pytest
from contract import tiny
from keras import layers, ops

import keras_gans
from keras_gans.layers import SelfAttention, SpectralConv2D, SpectralDense
from keras_gans.models.sagan import SAGAN, widths
from keras_gans.networks.residual import projection


def test_projection_by_hand():
    maps, labels = keras.Input((1, 2, 2)), keras.Input((), dtype="int32")
    model = keras.Model([maps, labels], projection(maps, labels, 2))
    psi = next(n for n in model.layers if isinstance(n, SpectralDense))
    vectors = next(n for n in model.layers if hasattr(n, "embeddings"))
    # Divided by their norms 5 and 2: (0.6, 0.8), and (0, 1) and (0.5, 0).
    psi.kernel.assign([[3.0], [4.0]])
    psi.bias.assign([0.5])
    vectors.embeddings.assign([[0.0, 2.0], [1.0, 0.0]])
    psi.u.assign([1.0])
    vectors.u.assign([0.0, 1.0])
    x = np.array([[[[1.0, -9.0], [2.0, 10.0]]]], "float32")
    # h = (3, 10): 0.6 * 3 + 0.8 * 10 + 0.5, and 10 or 1.5.
    logits = [
        ops.convert_to_numpy(model([x, np.array([y])])).item() for y in (0, 1)
    ]
    assert logits == pytest.approx([10.3 + 10.0, 10.3 + 1.5], rel=1e-5)


def linear_gan():
    """G(z, y) = w z + b y with w = b = 0.5, and D(x, y) = v x with v = 0.25."""
    z, y = keras.Input((1,)), keras.Input((), dtype="int32")
    x = keras.Input((1, 1, 1))
    label = keras.Input((), dtype="int32")
    w = layers.Dense(1, use_bias=False, kernel_initializer="ones")
    v = layers.Dense(1, use_bias=False, kernel_initializer="ones")
    ys = ops.reshape(ops.cast(y, "float32"), (-1, 1))
    generator = keras.Model(
        [z, y],
        layers.Reshape((1, 1, 1))(w(layers.Concatenate()([z, ys]))),
    )
    logits = v(layers.Flatten()(x))
    discriminator = keras.Model(
        [x, label], logits + 0.0 * ops.cast(label, "float32")[:, None]
    )
    w.set_weights([np.array([[0.5], [0.5]])])
    v.set_weights([np.array([[0.25]])])
    gan = SAGAN(
        num_classes=2,
        latent_dim=1,
        generator=generator,
        discriminator=discriminator,
    )
    gan.random_latents = lambda num: ops.ones((num, 1))
    sgd = keras.optimizers.SGD
    gan.compile(generator_optimizer=sgd(0.1), discriminator_optimizer=sgd(0.1))
    return gan, w, v


def test_equation_4_by_hand():
    gan, w, v = linear_gan()
    logs = gan.fit(
        np.full((2, 1, 1, 1), -0.75, "float32"),
        np.array([0, 1]),
        batch_size=2,
        verbose=0,
    ).history
    # D says -0.1875 of the real ones, 0.125 and 0.25 of the fakes 0.5 and 1.
    assert logs["real_score"] == pytest.approx([-0.1875])
    assert logs["fake_score"] == pytest.approx([0.1875])
    assert logs["discriminator_loss"] == pytest.approx([1.1875 + 1.1875])
    # Both hinges are open: d/dv = 0.75 + (0.5 + 1) / 2.
    new = 0.25 - 0.1 * 1.5
    assert v.get_weights()[0].item() == pytest.approx(new)
    # G minimises -E[new * fake]: slopes -new of z = 1, -new / 2 of y.
    assert logs["generator_loss"] == pytest.approx([-new * 0.75])
    np.testing.assert_allclose(
        w.get_weights()[0].ravel(), [0.5 + 0.1 * new, 0.5 + 0.05 * new]
    )


def test_two_time_scales():
    gan = tiny("SAGAN")
    for player, rate in (("generator", 1e-4), ("discriminator", 4e-4)):
        adam = gan.optimizer[player]
        assert float(adam.learning_rate) == pytest.approx(rate)
        assert (adam.beta_1, adam.beta_2) == (0.0, 0.9)


def test_all_linear_layers_have_spectral_norm_and_attention_is_one():
    gan = tiny("SAGAN")
    for network in (gan.generator, gan.discriminator):
        plain = (layers.Conv2D, layers.Dense)
        linear = [n for n in network.layers if isinstance(n, plain)]
        assert len(linear) > 4
        for layer in linear:
            assert isinstance(layer, (SpectralConv2D, SpectralDense))
        attention = [n for n in network.layers if isinstance(n, SelfAttention)]
        assert [n.input.shape[1:3] for n in attention] == [(8, 8)]


@pytest.mark.parametrize("side", [28, 64])
def test_makes_other_sizes(side):
    gan = SAGAN((side, side, 3), latent_dim=3, width=1, seed=0)
    assert gan.generate(1, seed=0).shape == (1, side, side, 3)
    assert gan.discriminator.output_shape == (None, 1)


def test_widths_double_up_to_sixteen_times():
    assert widths((128, 128, 3), 64) == [64, 128, 256, 512, 1024]
    assert widths((32, 32, 3), 64) == [64, 128, 256]


def test_attention_maps_are_the_generators():
    gan = tiny("SAGAN", ema_decay=0.5)
    labels = np.array([2, 0, 1])
    images, maps = gan.attention_maps(3, seed=4, labels=labels, batch_size=2)
    np.testing.assert_allclose(
        images, gan.generate(3, seed=4, labels=labels), atol=1e-6
    )
    assert maps.shape == (3, 64, 4, 4)
    np.testing.assert_allclose(maps.sum((2, 3)), 1.0, rtol=1e-5)
    assert maps.std((2, 3)).min() > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"attention_size": 12}, r"\[8, 16\]. Received: attention_size=12"),
        ({"attention_size": 32}, r"\[8, 16\]. Received: attention_size=32"),
        ({"image_shape": (31, 31, 3)}, r"Received: image_shape=\(31"),
        ({"num_classes": 0}, "Received: num_classes=0"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_gans.SAGAN(**{"width": 1, **arguments})


def test_one_network_of_ones_own_leaves_the_other_to_be_checked():
    own = tiny("SAGAN").generator
    with pytest.raises(ValueError, match="attention"):
        keras_gans.SAGAN((16, 16, 1), 3, attention_size=7, generator=own)


def test_no_maps_without_attention():
    gan, _, _ = linear_gan()
    with pytest.raises(ValueError, match="no layer `SelfAttention`"):
        gan.attention_maps(1)
