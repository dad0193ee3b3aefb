import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import LearnedGain, UnrolledGRU


@pytest.mark.parametrize("backwards", [False, True])
def test_states_are_those_of_keras_on_the_words_alone(backwards):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 4, 3)).astype("float32")
    is_word = np.array([[1, 1, 1, 1], [1, 1, 0, 0]], bool)
    ours = UnrolledGRU(5, backwards)
    ours([x, is_word])
    weights = [
        w + 0.2 * rng.standard_normal(w.shape) for w in ours.get_weights()
    ]
    ours.set_weights(weights)
    states = ops.convert_to_numpy(ours([x, is_word]))
    theirs = keras.layers.GRU(5, return_sequences=True)
    theirs.build((None, 4, 3))
    theirs.set_weights(weights)
    for row, words, num in zip(states, x, (4, 2), strict=True):
        order = slice(None, None, -1 if backwards else 1)
        wanted = ops.convert_to_numpy(theirs(words[None, :num][:, order]))
        np.testing.assert_allclose(
            row[:num], wanted[0][order], rtol=1e-4, atol=1e-5
        )
    # At padding the state of the last word stays, or none has come yet.
    before = np.zeros(5) if backwards else states[1, 1]
    np.testing.assert_allclose(states[1, 2:], [before, before], atol=1e-7)


def test_the_gain_starts_at_nothing():
    layer, x = LearnedGain(), np.ones((2, 3), "float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), 0 * x)
    layer.set_weights([np.float32(-2.0)])
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), -2 * x)
