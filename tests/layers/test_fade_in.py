import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import Bias, FadeIn


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_blends_by_its_share(share):
    old, new = np.array([[8.0, -4.0]]), np.array([[0.0, 0.1]], "float32")
    layer = FadeIn()
    np.testing.assert_array_equal(ops.convert_to_numpy(layer([old, new])), old)
    layer.share.assign(share)
    y = ops.convert_to_numpy(layer([old, new]))
    np.testing.assert_allclose(y, (1 - share) * old + share * new, rtol=1e-6)
    if share == 1.0:  # not one bit of the other one is left
        np.testing.assert_array_equal(y, new)


def test_a_share_is_saved_and_not_trained(tmp_path):
    inputs = [keras.Input((2,)), keras.Input((2,))]
    model = keras.Model(inputs, FadeIn()(inputs))
    model.layers[-1].share.assign(0.75)
    assert not model.trainable_variables
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert float(ops.convert_to_numpy(loaded.layers[-1].share)) == 0.75


def test_blends_in_half_precision_with_a_whole_share():
    layer = FadeIn(dtype="mixed_bfloat16")
    y = layer([np.ones((1, 2)), np.zeros((1, 2))])
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    assert keras.backend.standardize_dtype(layer.share.dtype) == "float32"


def test_bias_is_one_number_for_each_channel():
    layer = Bias()
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), x)
    layer.set_weights([np.array([10.0, -20.0])])
    y = ops.convert_to_numpy(layer(x))
    np.testing.assert_array_equal(y[0, 1, 0], [4.0 + 10.0, 5.0 - 20.0])
    assert y.shape == x.shape
