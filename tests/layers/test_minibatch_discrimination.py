import keras
import numpy as np
import pytest

from keras_gans.layers import MinibatchDiscrimination


def sums(kernels, dims, kernel, x):
    layer = MinibatchDiscrimination(kernels, dims)
    layer.build((None, len(kernel)))
    layer.set_weights([np.array(kernel)])
    return keras.ops.convert_to_numpy(layer(np.array(x, "float32")))


def test_by_hand():
    x = [[0.0, 1.0], [1.0, 3.0], [0.0, 1.0]]
    # One kernel of two numbers: rows 0 and 2 are 3 apart from row 1.
    y = sums(1, 2, [[1.0, 0.0], [0.0, 1.0]], x)
    np.testing.assert_array_equal(y[:, :2], x)
    near, far = 2 + np.exp(-3.0), 1 + 2 * np.exp(-3.0)
    np.testing.assert_allclose(y[:, 2], [near, far, near], rtol=1e-6)
    # Two kernels of one number, the second of it doubled: 1 and 4 apart.
    y = sums(2, 1, [[1.0, 0.0], [0.0, 2.0]], x)
    for b, apart in ((2, 1.0), (3, 4.0)):
        near, far = 2 + np.exp(-apart), 1 + 2 * np.exp(-apart)
        np.testing.assert_allclose(y[:, b], [near, far, near], rtol=1e-6)


def test_has_a_gradient_and_an_open_batch():
    inputs = keras.Input((3,))
    found = MinibatchDiscrimination(4, 2)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(found))
    assert found.shape == (None, 7)
    model.compile(keras.optimizers.SGD(1.0), "mse")
    before = model.get_weights()[0]
    rng = np.random.default_rng(0)
    model.fit(rng.normal(size=(5, 3)), np.ones((5, 1)), verbose=0)
    assert np.abs(model.get_weights()[0] - before).max() > 0
    assert model.predict(rng.normal(size=(2, 3)), verbose=0).shape == (2, 1)


def test_config_round_trip_and_precision():
    layer = MinibatchDiscrimination(
        3, 2, "he_normal", name="m", dtype="mixed_bfloat16"
    )
    again = MinibatchDiscrimination.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    y = again(np.ones((2, 4)))
    assert y.shape == (2, 7)
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"


def test_refuses_what_does_not_fit():
    for number in (0, 2.5, "a"):
        with pytest.raises(ValueError, match=f"Received: kernels={number!r}$"):
            MinibatchDiscrimination(number)
        with pytest.raises(ValueError, match=f"Received: dims={number!r}$"):
            MinibatchDiscrimination(dims=number)
    with pytest.raises(ValueError, match=r"Received: \(2, 4, 4, 3\)"):
        MinibatchDiscrimination()(np.ones((2, 4, 4, 3)))
