import keras
import numpy as np
import pytest
from contract import tiny
from keras import layers, ops

import keras_gans
from keras_gans.layers import ConditionalBatchNormalization, SelfAttention
from keras_gans.models.biggan import BigGAN, build_generator, chunk_sizes
from keras_gans.penalties import orthogonal_penalty


def test_orthogonal_penalty_by_hand():
    # Columns (1, 0) and (2, 3): their product 2 stands twice off the diagonal.
    one = ops.convert_to_tensor([[1.0, 2.0], [0.0, 3.0]])
    # Orthogonal columns of any length cost nothing.
    other = ops.convert_to_tensor([[0.0, 5.0], [-2.0, 0.0]])
    # A 1x2 convolution of 1 channel to 2: columns (1, 3) and (2, 4), 2 * 14^2.
    third = ops.reshape(
        ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0]), (1, 2, 1, 2)
    )
    value = float(orthogonal_penalty([one, other, third]))
    assert value == pytest.approx(2 * 2**2 + 2 * 14**2)


def gan_of_one_kernel():
    """G(z, y) = z W + 0 y, W of columns (1, 0) and (2, 3), and D = 0 x."""
    z, y = keras.Input((2,)), keras.Input((), dtype="int32")
    x, label = keras.Input((1, 1, 2)), keras.Input((), dtype="int32")
    w = layers.Dense(2, use_bias=False)
    vector = layers.Embedding(2, 2)
    made = layers.Reshape((1, 1, 2))(w(z) + 0.0 * vector(y))
    v = layers.Dense(1, use_bias=False)
    told = v(layers.Flatten()(x)) + 0.0 * ops.cast(label, "float32")[:, None]
    gan = BigGAN(
        num_classes=2,
        latent_dim=2,
        orthogonal_weight=0.01,
        critic_steps=1,
        ema_decay=None,
        generator=keras.Model([z, y], made),
        discriminator=keras.Model([x, label], told),
    )
    w.set_weights([np.array([[1.0, 2.0], [0.0, 3.0]])])
    v.set_weights([np.zeros((2, 1))])
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(1.0),
        discriminator_optimizer=keras.optimizers.SGD(0.0),
    )
    return gan, w, vector


def test_generator_is_kept_orthogonal_and_its_embedding_free():
    gan, w, vector = gan_of_one_kernel()
    before = vector.get_weights()[0]
    logs = gan.fit(
        np.full((2, 1, 1, 2), -1.0, "float32"),
        np.array([0, 1]),
        batch_size=2,
        verbose=0,
    ).history
    assert logs["orthogonal_penalty"] == pytest.approx([8.0])
    assert logs["generator_loss"] == pytest.approx([0.08])
    # The gradient is 4 W (W^T W * (1 - I)) = 4 W ((0, 2), (2, 0)).
    slope = 4 * np.array([[4.0, 2.0], [6.0, 0.0]])
    np.testing.assert_allclose(
        w.get_weights()[0],
        np.array([[1.0, 2.0], [0.0, 3.0]]) - 0.01 * slope,
        rtol=1e-5,
    )
    np.testing.assert_array_equal(vector.get_weights()[0], before)


def test_latents_are_split_among_the_blocks():
    assert chunk_sizes(128, 3) == [32, 32, 32, 32]
    assert chunk_sizes(120, 5) == [20] * 6
    assert chunk_sizes(4, 2) == [2, 1, 1]
    generator = build_generator((16, 16, 1), 8, 3, 4, embedding_dim=5)
    norms = [
        n
        for n in generator.layers
        if isinstance(n, ConditionalBatchNormalization)
    ]
    conditions = keras.Model(generator.inputs, [n.input[1] for n in norms])
    z = np.arange(16.0, dtype="float32").reshape(2, 8)
    embedding = next(n for n in generator.layers if type(n) is layers.Embedding)
    shared = ops.convert_to_numpy(embedding(np.array([2, 1])))
    first, second, third, fourth = (
        ops.convert_to_numpy(c) for c in conditions([z, np.array([2, 1])])
    )
    # 8 = 4 + 2 + 2: two norms in each block are told the same.
    np.testing.assert_array_equal(first, np.hstack([shared, z[:, 4:6]]))
    np.testing.assert_array_equal(second, first)
    np.testing.assert_array_equal(third, np.hstack([shared, z[:, 6:]]))
    np.testing.assert_array_equal(fourth, third)
    dense = next(n for n in generator.layers if isinstance(n, layers.Dense))
    assert dense.kernel.shape == (4, 4 * 4 * 4)


def test_starts_orthogonal():
    gan = BigGAN((16, 16, 1), 3, latent_dim=6, width=4, ema_decay=None)
    for layer in (*gan.generator.layers, *gan.discriminator.layers):
        if isinstance(layer, (layers.Conv2D, layers.Dense)):
            w = ops.convert_to_numpy(layer.kernel)
            w = w.reshape(-1, w.shape[-1])
            products = w @ w.T if len(w) < w.shape[1] else w.T @ w
            np.testing.assert_allclose(
                products, np.eye(len(products)), atol=1e-5
            )


def moments_of_truncated_normal(t):
    """Mean of z^2 and share of |z| < t / 2, from the density."""
    z = np.linspace(-t, t, 200001)
    p = np.exp(-(z**2) / 2)
    p /= p.sum()
    return (p * z**2).sum(), p[np.abs(z) < t / 2].sum()


@pytest.mark.parametrize("truncation", [0.04, 0.5, 2.0])
def test_truncated_latents_have_the_truncated_distribution(truncation):
    gan = tiny("BigGAN", latent_dim=100)
    z = gan.sample_latents(400, seed=0, truncation=truncation)
    assert z.shape == (400, 100) and z.dtype == np.float32
    assert 0.999 * truncation < np.abs(z).max() <= truncation
    square, middle = moments_of_truncated_normal(truncation)
    assert abs(z.mean()) < 0.02 * truncation
    assert (z**2).mean() == pytest.approx(square, rel=0.03)
    assert (np.abs(z) < truncation / 2).mean() == pytest.approx(
        middle, rel=0.03
    )
    whole = gan.sample_latents(400, seed=0)
    inside = np.abs(whole) <= truncation
    np.testing.assert_array_equal(z[inside], whole[inside])
    assert np.abs(whole).max() > 4
    assert (z == gan.sample_latents(400, 0, truncation=truncation)).all()


def test_generates_from_truncated_latents():
    gan = tiny("BigGAN")
    latents = gan.sample_latents(3, seed=5, truncation=0.5)
    images = gan.generate(3, seed=5, truncation=0.5)
    np.testing.assert_array_equal(images, gan.generate(3, latents=latents))
    assert np.abs(images - gan.generate(3, seed=5)).max() > 0
    for truncation in (0, -1.0, float("nan")):
        with pytest.raises(ValueError, match=f"Received: trunc.*{truncation}"):
            gan.generate(3, truncation=truncation)
    with pytest.raises(ValueError, match=r"Received: latents and .*truncation"):
        gan.generate(3, latents=latents, truncation=0.5)


def test_the_authors_optimizers_and_average():
    gan = BigGAN((16, 16, 1), latent_dim=3, width=1)
    gan.compile()
    assert gan.critic_steps == 4 and gan.ema_decay == 0.9999
    for adam in gan.optimizer.optimizers:
        assert float(adam.learning_rate) == pytest.approx(2e-4)
        assert (adam.beta_1, adam.beta_2) == (0.0, 0.999)


def test_attention_where_it_is_asked_for():
    gan = tiny("BigGAN", attention_size=8)
    for network in (gan.generator, gan.discriminator):
        found = [n for n in network.layers if isinstance(n, SelfAttention)]
        assert [n.input.shape[1:3] for n in found] == [(8, 8)]
    assert gan.attention_maps(2, seed=0)[1].shape == (2, 64, 4, 4)
    assert not any(
        isinstance(n, SelfAttention) for n in tiny("BigGAN").generator.layers
    )


@pytest.mark.parametrize("side", [28, 64])
def test_makes_other_sizes(side):
    gan = BigGAN((side, side, 3), latent_dim=5, width=1, ema_decay=None)
    assert gan.generate(1, seed=0).shape == (1, side, side, 3)
    assert gan.discriminator.output_shape == (None, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"latent_dim": 3}, "at least 4. Received: latent_dim=3"),
        ({"attention_size": 4}, r"\[8, 16\]. Received: attention_size=4"),
        ({"orthogonal_weight": -1}, "Received: orthogonal_weight=-1"),
        ({"image_shape": (31, 31, 3)}, r"Received: image_shape=\(31"),
        ({"num_classes": 0}, "Received: num_classes=0"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_gans.BigGAN(**{"width": 1, **arguments})
