import keras
import numpy as np
from keras import ops

from keras_gans.layers import PixelNormalization


def test_by_hand():
    x = np.array([[3.0, 4.0], [0.0, -2.0]]).reshape(1, 1, 2, 2)
    # Mean squares 12.5 and 2, plus 2.
    expected = np.array([[3.0, 4.0], [0.0, -2.0]]) / np.sqrt([[14.5], [4.0]])
    y = ops.convert_to_numpy(PixelNormalization(epsilon=2.0)(x))
    np.testing.assert_allclose(y[0, 0], expected, rtol=1e-5)


def test_vectors_get_unit_mean_square():
    z = np.random.default_rng(0).normal(size=(3, 16)).astype("float32")
    y = ops.convert_to_numpy(PixelNormalization()(5.0 * z))
    np.testing.assert_allclose(np.mean(y**2, -1), np.ones(3), rtol=1e-5)
    np.testing.assert_allclose(y[0] / y[0, 0], z[0] / z[0, 0], rtol=1e-4)


def test_zeros_in_half_precision_stay_finite():
    y = PixelNormalization(dtype="mixed_float16")(np.zeros((1, 4)))
    assert keras.backend.standardize_dtype(y.dtype) == "float16"
    np.testing.assert_array_equal(ops.convert_to_numpy(y), np.zeros((1, 4)))


def test_config_round_trip():
    layer = PixelNormalization(1e-4, name="p")
    again = PixelNormalization.from_config(layer.get_config())
    assert again.epsilon == 1e-4
