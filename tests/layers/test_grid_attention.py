import numpy as np
from keras import ops

from keras_gans.layers import GridAttention, LearnedTokens


def test_by_hand():
    layer = GridAttention(heads=1, side=2)
    layer.build((None, 4, 1))
    # Queries and keys are 0, values the tokens: the bias alone decides.
    bias = np.full((9, 1), -100.0)
    bias[4] = bias[5] = 0.0  # itself, and the one to the left of it
    layer.set_weights(
        [
            weight.reshape(np.shape(own))
            for weight, own in zip(
                (bias, np.array([0.0, 0.0, 1.0]), np.ones(1), np.zeros(1)),
                layer.get_weights(),
                strict=True,
            )
        ]
    )
    x = np.reshape([1.0, 3.0, 10.0, 30.0], (1, 4, 1))
    y = ops.convert_to_numpy(layer(x)).ravel()
    np.testing.assert_allclose(y, [1.0, 2.0, 10.0, 20.0], rtol=1e-5)


def test_scores_are_divided_by_the_root_of_the_size():
    layer = GridAttention(heads=1, side=0)
    layer.build((None, 2, 4))
    eye = np.eye(4)
    layer.set_weights([np.hstack([eye, eye, eye]), eye, np.zeros(4)])
    x = np.array([[[2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]])
    y = ops.convert_to_numpy(layer(x))[0]
    # The first token's scores: 2 * 2 / sqrt(4) = 2 and 0; the second's: 0, 0.
    first = np.exp(2.0) / (np.exp(2.0) + 1.0)
    np.testing.assert_allclose(y[:, 0], [2.0 * first, 1.0], rtol=1e-5)


def test_heads_are_apart():
    layer = GridAttention(heads=2, side=3, name="a")
    x = np.random.default_rng(0).standard_normal((2, 9, 4)).astype("float32")
    assert layer(x).shape == (2, 9, 4)
    again = GridAttention.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


def test_equals_a_loop_over_heads_and_places():
    heads, side, channels = 2, 3, 4
    layer = GridAttention(heads, side)
    layer.build((None, side**2, channels))
    rng = np.random.default_rng(1)
    layer.set_weights([rng.standard_normal(np.shape(w)) for w in layer.weights])
    table, qkv, project, offset = layer.get_weights()
    if table.shape == (channels, 3 * channels):  # the layers' weights first
        qkv, project, offset, table = layer.get_weights()
    x = rng.standard_normal((2, side**2, channels)).astype("float32")
    expected = np.zeros_like(x)
    for n in range(2):
        q, k, v = np.split(x[n] @ qkv, 3, axis=-1)
        for head in range(heads):
            own = slice(2 * head, 2 * head + 2)
            for i in range(side**2):
                scores = k[:, own] @ q[i, own] / np.sqrt(2)
                for j in range(side**2):
                    down, along = i // side - j // side, i % side - j % side
                    row = (down + side - 1) * (2 * side - 1) + along + side - 1
                    scores[j] += table[row, head]
                seen = np.exp(scores - scores.max())
                expected[n, i, own] = seen @ v[:, own] / seen.sum()
    expected = expected @ project + offset
    y = ops.convert_to_numpy(layer(x))
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-4)


def test_learned_tokens():
    x = np.ones((2, 3, 4), "float32")
    added, joined = LearnedTokens(), LearnedTokens(prepend=True)
    for layer in (added, joined):
        layer.build(x.shape)
    added.set_weights([np.arange(12.0).reshape(1, 3, 4)])
    joined.set_weights([np.full((1, 1, 4), 7.0)])
    y = ops.convert_to_numpy(added(x))
    np.testing.assert_allclose(y[1], 1.0 + np.arange(12.0).reshape(3, 4))
    y = ops.convert_to_numpy(joined(x))
    assert y.shape == (2, 4, 4)
    np.testing.assert_allclose(y[:, 0], 7.0)
    np.testing.assert_allclose(y[:, 1:], 1.0)
