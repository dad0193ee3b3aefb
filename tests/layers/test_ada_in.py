import keras
import numpy as np
from keras import ops

from keras_gans.layers import AdaIN


def reference(x, styles, epsilon=1e-8):
    """Equation 1 of Karras et al. 2019, with s + 1, in float64."""
    x = np.asarray(x, "float64")
    mean = x.mean((1, 2), keepdims=True)
    sigma = np.sqrt(x.var((1, 2), keepdims=True) + epsilon)
    scale, offset = np.split(styles[:, None, None], 2, -1)
    return (scale + 1) * (x - mean) / sigma + offset


def test_by_hand():
    x = np.zeros((1, 2, 2, 2), "float32")
    x[0, :, :, 0] = [[1.0, 3.0], [1.0, 3.0]]  # mean 2, deviation 1
    x[0, :, :, 1] = [[0.0, 0.0], [8.0, 8.0]]  # mean 4, deviation 4
    styles = np.array([[2.0, -1.5, 10.0, 20.0]], "float32")
    y = ops.convert_to_numpy(AdaIN()([x, styles]))
    np.testing.assert_allclose(y[0, :, :, 0], [[7, 13], [7, 13]], rtol=1e-5)
    np.testing.assert_allclose(
        y[0, :, :, 1], [[20.5, 20.5], [19.5, 19.5]], rtol=1e-5
    )


def test_each_image_has_a_style_and_moments_of_its_own():
    rng = np.random.default_rng(0)
    x = rng.normal(3.0, 2.0, (3, 4, 5, 2)).astype("float32")
    styles = rng.normal(size=(3, 4)).astype("float32")
    y = ops.convert_to_numpy(AdaIN(0.1)([x, styles]))
    expected = reference(x, styles, 0.1)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)


def test_maps_close_to_a_constant_keep_their_digits():
    # As the learned constant after a few steps. A mean in float32 is exact to
    # 6e-8, which is divided by a deviation of 1e-4.
    rng = np.random.default_rng(0)
    x = (1.0 + 1e-4 * rng.normal(size=(2, 8, 8, 3))).astype("float32")
    y = ops.convert_to_numpy(AdaIN(1e-12)([x, np.zeros((2, 6), "float32")]))
    expected = reference(x, np.zeros((2, 6)), 1e-12)
    np.testing.assert_allclose(y, expected, atol=2e-5)


def test_config_round_trip_and_precision():
    layer = AdaIN(0.5, name="a", dtype="mixed_bfloat16")
    again = AdaIN.from_config(layer.get_config())
    assert again.get_config() == layer.get_config() and again.epsilon == 0.5
    y = again([np.ones((1, 2, 2, 1)), np.zeros((1, 2))])
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
