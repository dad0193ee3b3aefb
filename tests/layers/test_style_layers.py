"""Layers of style-based generators, by hand."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers.styles.activation import scaled_leaky_relu
from keras_gans.layers.styles.learned_constant import LearnedConstant
from keras_gans.layers.styles.mean_style import MeanStyle
from keras_gans.layers.styles.noise_input import NoiseInput


def numpy(x):
    return ops.convert_to_numpy(ops.stop_gradient(x))


def test_scaled_leaky_relu():
    made = scaled_leaky_relu(ops.convert_to_tensor([3.0, -3.0, 0.0]))
    root = math.sqrt(2.0)
    np.testing.assert_allclose(numpy(made), [3 * root, -0.6 * root, 0.0], 1e-6)


def test_the_constant_is_that_of_every_row():
    layer = LearnedConstant((2, 3, 4), "random_normal")
    x = np.array([[np.inf, 1.0], [5.0, 2.0], [0.0, 0.0]], "float32")
    made = numpy(layer(x))
    (constant,) = layer.get_weights()
    np.testing.assert_array_equal(made, np.stack(3 * [constant]))
    assert layer(keras.Input((7, 2))).shape == (None, 2, 3, 4)
    again = LearnedConstant.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("per_channel", [False, True])
def test_noise_is_fixed_in_use_and_drawn_in_training(per_channel):
    layer = NoiseInput(per_channel)
    x = np.ones((2, 3, 4, 5), "float32")
    np.testing.assert_array_equal(numpy(layer(x)), x)  # the factor is zero
    factor = np.arange(5.0) if per_channel else np.array(2.0)
    layer.factor.assign(factor)
    noise = numpy(layer.noise)
    assert noise.shape == (3, 4, 1)
    wanted = np.broadcast_to(1.0 + factor * noise, x.shape)
    np.testing.assert_allclose(numpy(layer(x)), wanted, rtol=1e-5)
    one, other = (numpy(layer(x, training=True)) for _ in range(2))
    assert np.abs(one - other).max() > 0.5
    assert np.abs(one[0] - one[1]).max() > 0.5  # of each image its own
    if not per_channel:  # one number for a pixel, whatever the channel
        np.testing.assert_allclose(one[..., 0], one[..., 4], rtol=1e-6)
    again = NoiseInput.from_config(layer.get_config())
    assert again.per_channel is per_channel


def test_mean_of_styles_by_hand():
    layer = MeanStyle(decay=0.75)
    w = np.array([[4.0, 0.0], [0.0, 8.0]], "float32")
    psi = np.array([0.5, 1.0], "float32")
    same = layer([w, psi], training=True)
    np.testing.assert_array_equal(numpy(same), w)
    # A quarter of the batch's mean (2, 4).
    np.testing.assert_allclose(layer.get_weights()[0], [0.5, 1.0])
    layer([w, psi], training=True)
    mean = np.array([0.875, 1.75])
    np.testing.assert_allclose(layer.get_weights()[0], mean)
    made = numpy(layer([w, psi]))
    np.testing.assert_allclose(made[0], mean + 0.5 * (w[0] - mean), rtol=1e-6)
    np.testing.assert_array_equal(made[1], w[1])
    np.testing.assert_allclose(layer.get_weights()[0], mean)
    assert MeanStyle.from_config(layer.get_config()).decay == 0.75
