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
@pytest.mark.parametrize(
    ("use_bias", "side"), [(True, 4), (False, 4), (True, 3)]
)
def test_both_ways_are_one_function(use_bias, side, activation):
    subpixel, native = both_ways(
        kernel_size=side, use_bias=use_bias, activation=activation
    )
    assert native.kernel.shape == (side, side, 5, 3)
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


def test_a_kernel_of_three_is_pytorchs():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(1).normal(size=(2, 4, 6, 3)).astype("float32")
    native = both_ways(kernel_size=3, use_bias=False)[1]
    kernel = ops.convert_to_numpy(native.kernel).transpose(3, 2, 0, 1)
    expected = torch.nn.functional.conv_transpose2d(
        torch.from_numpy(x.transpose(0, 3, 1, 2)),
        torch.from_numpy(kernel.copy()),
        stride=2,
        padding=1,
        output_padding=1,
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(native(x)),
        expected.numpy().transpose(0, 2, 3, 1),
        atol=2e-5,
    )
