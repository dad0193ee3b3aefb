import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import backend
from keras_gans.layers import UpsamplingConv2D


def both_ways(**kwargs):
    layers = [UpsamplingConv2D(5, subpixel=s, **kwargs) for s in (True, False)]
    for layer in layers:
        layer.build((None, 4, 6, 3))
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=w.shape) for w in layers[0].weights]
    for layer in layers:
        layer.set_weights(weights)
    return layers


@pytest.mark.parametrize("activation", [None, "relu"])
@pytest.mark.parametrize("use_bias", [True, False])
def test_both_ways_are_one_function(use_bias, activation):
    subpixel, native = both_ways(use_bias=use_bias, activation=activation)
    x = np.random.default_rng(1).normal(size=(2, 4, 6, 3)).astype("float32")
    y = ops.convert_to_numpy(native(x))
    assert y.shape == (2, 8, 12, 5)
    np.testing.assert_allclose(ops.convert_to_numpy(subpixel(x)), y, atol=2e-5)


def test_both_ways_have_one_gradient():
    subpixel, native = both_ways()
    x = np.random.default_rng(1).normal(size=(2, 4, 6, 3)).astype("float32")
    slopes = [
        ops.convert_to_numpy(
            backend.input_gradient(
                lambda x, layer=layer: ops.square(layer(x)),
                ops.convert_to_tensor(x),
            )
        )
        for layer in (subpixel, native)
    ]
    np.testing.assert_allclose(*slopes, rtol=1e-4, atol=1e-3)


def test_saved_under_either_form(tmp_path):
    inputs = keras.Input((4, 4, 3))
    model = keras.Model(inputs, UpsamplingConv2D(2, subpixel=True)(inputs))
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert loaded.layers[-1].subpixel is True
    x = np.ones((1, 4, 4, 3), "float32")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(model(x)), ops.convert_to_numpy(loaded(x))
    )
