import numpy as np
import pytest
from keras import ops

from keras_gans import backend
from keras_gans.layers import SpectralConv2D, SpectralDense, SpectralEmbedding


def largest(kernel):
    matrix = ops.convert_to_numpy(kernel)
    matrix = matrix.reshape(-1, matrix.shape[-1])
    return np.linalg.svd(matrix, compute_uv=False)[0]


@pytest.mark.parametrize(
    ("layer", "inputs"),
    [
        (SpectralDense(5), np.ones((2, 7), "float32")),
        (SpectralDense(7), np.ones((2, 5), "float32")),  # more outputs
        (SpectralConv2D(5, 3), np.ones((2, 8, 8, 3), "float32")),
        (SpectralEmbedding(6, 5), np.array([0, 5])),
    ],
)
def test_the_first_pass_is_divided_by_the_largest_singular_value(layer, inputs):
    divided = ops.convert_to_numpy(layer(inputs))
    bias = getattr(layer, "bias", None)
    weights = layer.get_weights()
    sigma = largest(weights[0])
    layer.set_weights([weights[0] * 3.0, *weights[1:]])
    again = ops.convert_to_numpy(layer(inputs))
    np.testing.assert_allclose(divided, again, rtol=1e-5, atol=1e-6)
    assert bias is None or not ops.convert_to_numpy(bias).any()
    table = layer.normalised(weights[0], training=False)
    np.testing.assert_allclose(
        ops.convert_to_numpy(table), weights[0] / sigma, rtol=1e-5, atol=1e-6
    )


def test_by_hand():
    kernel, u = np.diag([3.0, 1.0]), np.array([1.0, 0.0])
    for bias in ([], [np.array([0.5, -1.0])]):
        layer = SpectralDense(2, use_bias=bool(bias))
        layer.build((None, 2))
        layer.set_weights([kernel, *bias, u])
        y = ops.convert_to_numpy(layer(np.array([[6.0, 6.0]], "float32")))
        np.testing.assert_allclose(
            y, [sum(bias, np.array([6.0, 2.0]))], rtol=1e-6
        )


def test_the_power_method_runs_in_training_only():
    layer = SpectralDense(2)
    layer.build((None, 2))
    start = np.array([0.6, 0.8])
    layer.set_weights([np.diag([3.0, 1.0]), np.zeros(2), start])
    layer(np.ones((1, 2), "float32"))
    np.testing.assert_allclose(layer.get_weights()[2], start, rtol=1e-6)
    layer(np.ones((1, 2), "float32"), training=True)
    # W^T W u = (9 * 0.6, 0.8), brought to length one.
    step = np.array([5.4, 0.8]) / np.hypot(5.4, 0.8)
    np.testing.assert_allclose(layer.get_weights()[2], step, rtol=1e-5)


@pytest.mark.parametrize("new", [SpectralDense, SpectralEmbedding])
def test_saves_u_too(new):
    layers = [new(4, 3) if new is SpectralEmbedding else new(3) for _ in "ab"]
    store = {}
    for layer in layers:
        layer.build((None, 4))
    layers[0].u.assign([1.0, 2.0, 3.0])
    layers[0].save_own_variables(store)
    layers[1].load_own_variables(store)
    for a, b in zip(*(n.get_weights() for n in layers), strict=True):
        np.testing.assert_array_equal(a, b)
    assert layers[1].get_weights()[-1].tolist() == [1.0, 2.0, 3.0]


def test_several_steps_of_the_power_method():
    layer = SpectralDense(2, power_iterations=3)
    layer.build((None, 2))
    layer.set_weights([np.diag([3.0, 2.0]), np.zeros(2), np.array([0.6, 0.8])])
    y = layer(np.array([[1.0, 0.0]], "float32"), training=True)
    # Three times by W^T W = diag(9, 4), and W u once more for sigma.
    step = np.array([0.6 * 9**3, 0.8 * 4**3])
    step = step / np.linalg.norm(step)
    np.testing.assert_allclose(layer.get_weights()[2], step, rtol=1e-5)
    sigma = np.linalg.norm(step * [3.0, 2.0])
    y = ops.convert_to_numpy(y)
    np.testing.assert_allclose(y, [[3.0 / sigma, 0.0]], rtol=1e-5)


def test_refuses_less_than_one_step():
    with pytest.raises(ValueError, match="Received: power_iterations=0"):
        SpectralDense(2, power_iterations=0)


def test_sigma_has_a_gradient():
    layer = SpectralDense(2, use_bias=False)
    layer.build((None, 2))
    kernel = np.diag([3.0, 1.0]).astype("float32")
    layer.set_weights([kernel, np.array([1.0, 0.0])])
    gradient = backend.input_gradient(
        lambda kernel: layer.normalised(kernel, training=False),
        ops.convert_to_tensor(kernel),
    )
    # sigma is the first element w: d/dw (sum W / w) = 1/3 - 4/9, and 1/3 else.
    np.testing.assert_allclose(
        ops.convert_to_numpy(gradient),
        [[-1 / 9, 1 / 3], [1 / 3, 1 / 3]],
        rtol=1e-5,
    )
