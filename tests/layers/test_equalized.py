import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import EqualizedConv2D, EqualizedDense


def value(x):
    return ops.convert_to_numpy(x)


def test_dense_by_hand():
    layer = EqualizedDense(2, gain=3.0, lr_multiplier=0.5)
    layer.build((None, 4))
    kernel = np.arange(8.0).reshape(4, 2)
    layer.set_weights([kernel, np.array([10.0, -20.0])])
    # The scale is 3 * 0.5 / sqrt(4) = 0.75. The columns' sums are 12 and 16.
    np.testing.assert_allclose(
        value(layer(np.ones((1, 4)))), [[9.0 + 5.0, 12.0 - 10.0]]
    )


def test_dense_without_bias_and_with_activation():
    layer = EqualizedDense(1, use_bias=False, activation="relu", gain=1.0)
    layer.build((None, 4))
    layer.set_weights([np.full((4, 1), 2.0)])
    x = np.array([[1.0, 1.0, 1.0, 1.0], [-1.0, -1.0, -1.0, -1.0]])
    np.testing.assert_allclose(value(layer(x)), [[4.0], [0.0]])


def test_bias_starts_at_what_its_initializer_says():
    layer = EqualizedDense(2, bias_initializer="ones")
    np.testing.assert_allclose(value(layer(np.zeros((1, 3)))), [[1.0, 1.0]])


def test_convolution_by_hand():
    layer = EqualizedConv2D(1, 3, gain=2.0, lr_multiplier=0.5)
    layer.build((None, 2, 2, 1))
    layer.set_weights([np.ones((3, 3, 1, 1)), np.array([4.0])])
    x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
    # The kernel sees all pixels from each place; the scale is 1 / sqrt(9).
    np.testing.assert_allclose(
        value(layer(x))[0, :, :, 0], np.full((2, 2), 10 / 3 + 2), rtol=1e-6
    )


def test_convolution_has_a_fan_in_of_all_channels():
    layer = EqualizedConv2D(1, 1, use_bias=False)
    layer.build((None, 1, 1, 8))
    layer.set_weights([np.ones((1, 1, 8, 1))])
    # sqrt(2 / 8) = 1/2 times the sum of 8 ones.
    np.testing.assert_allclose(value(layer(np.ones((1, 1, 1, 8)))), [[[[4.0]]]])


def test_convolution_with_strides_and_other_padding():
    layer = EqualizedConv2D(2, 3, padding="valid")
    assert layer(np.ones((1, 5, 5, 1))).shape == (1, 3, 3, 2)
    layer = EqualizedConv2D(2, 3, strides=2)
    assert layer(np.ones((1, 6, 6, 1))).shape == (1, 3, 3, 2)


@pytest.mark.parametrize("kind", ["dense", "conv"])
def test_kernels_are_drawn_from_the_wide_normal_distribution(kind):
    with_rate = {"lr_multiplier": 0.01}
    if kind == "dense":
        layer, shape = EqualizedDense(100, **with_rate), (None, 400)
    else:
        layer, shape = EqualizedConv2D(100, 2, **with_rate), (None, 4, 4, 100)
    layer.build(shape)
    kernel = value(layer.kernel)
    # 40,000 numbers: the relative error of their deviation is 0.0035.
    assert np.std(kernel) == pytest.approx(100.0, rel=0.02)
    assert abs(np.mean(kernel)) < 2.0
    # What it makes starts as it would without the multiplier: Var = gain^2.
    assert np.std(value(layer.scaled_kernel())) == pytest.approx(
        np.sqrt(2 / 400), rel=0.02
    )


@pytest.mark.parametrize(
    "layer",
    [
        EqualizedDense(3, gain=1.5, lr_multiplier=0.1, name="d"),
        EqualizedConv2D(3, 3, gain=1.5, lr_multiplier=0.1, name="c"),
        EqualizedConv2D(3, 3, padding="valid", use_bias=False, name="v"),
    ],
    ids=lambda layer: layer.name,
)
def test_config_round_trip(layer):
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.gain == layer.gain
    assert again.lr_multiplier == layer.lr_multiplier


def test_in_bfloat16():
    layer = EqualizedConv2D(4, 3, dtype="mixed_bfloat16")
    y = layer(np.ones((1, 4, 4, 2)))
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    dense = EqualizedDense(4, dtype="mixed_bfloat16")
    y = dense(np.ones((1, 4)))
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"


@pytest.mark.parametrize("wrong", [{"gain": 0.0}, {"lr_multiplier": -1.0}])
def test_refuses_scales_of_zero_and_less(wrong):
    with pytest.raises(ValueError, match=r"above zero.*Received"):
        EqualizedDense(3, **wrong)
