"""Batch norms in the weights before them: the same function, fewer layers."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.exporting.folding import folded
from keras_gans.layers import (
    BatchNormalization,
    DownsamplingConv2D,
    UpsamplingConv2D,
)
from keras_gans.networks.copying import float32_copy


def varied(model):
    rng = np.random.default_rng(0)
    for weight in model.weights:
        # Variances are positive.
        weight.assign(0.2 + rng.uniform(0.0, 0.8, weight.shape))
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            shape = layer.kernel.shape
            layer.kernel.assign(0.3 * rng.standard_normal(shape))
    return model


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


def assert_same(model, copy, size=3):
    shape = (size, *model.inputs[0].shape[1:])
    x = np.random.default_rng(1).standard_normal(shape).astype("float32")
    wanted, made = (ops.convert_to_numpy(m(x)) for m in (model, copy))
    assert np.ptp(wanted) > 0.1
    np.testing.assert_allclose(made, wanted, atol=1e-5)


def test_two_numbers_by_hand():
    # y = 3 (2 x + 1 - 4) / 2 + 5 = 3 x + 0.5, where variance + epsilon is 4.
    x = keras.Input((1,))
    norm = layers.BatchNormalization(epsilon=1.0)
    model = keras.Model(x, norm(layers.Dense(1)(x)))
    model.layers[1].set_weights([np.array([[2.0]]), np.array([1.0])])
    norm.set_weights([np.array([x]) for x in (3.0, 5.0, 4.0, 3.0)])
    kernel, bias = folded(model).get_weights()
    np.testing.assert_allclose([*kernel[0], *bias], [3.0, 0.5])


LINEAR = {
    "dense": lambda **o: layers.Dense(5, **o),
    "convolution": lambda **o: layers.Conv2D(5, 3, **o),
    "halving": lambda **o: DownsamplingConv2D(5, **o),
    "transposed": lambda **o: layers.Conv2DTranspose(5, 3, 2, **o),
    "native": lambda **o: UpsamplingConv2D(5, subpixel=False, **o),
    "subpixel": lambda **o: UpsamplingConv2D(5, subpixel=True, **o),
}


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("kind", LINEAR)
def test_every_linear_layer(kind, use_bias):
    x = keras.Input((4, 6, 3))
    y = LINEAR[kind](use_bias=use_bias)(x)
    y = layers.ReLU()(BatchNormalization(epsilon=1e-5)(y))
    model = varied(keras.Model(x, y))
    copy = folded(model)
    assert kinds(copy)[2:] == ["Folded", "Folded"]
    assert_same(model, copy)


def test_vectors_that_become_maps():
    x = keras.Input((4,))
    y = layers.Reshape((2, 3, 5))(layers.Dense(30)(x))
    norm = layers.BatchNormalization(center=False, scale=False)
    model = varied(keras.Model(x, layers.Activation("relu")(norm(y))))
    copy = folded(float32_copy(model, subpixel=True))
    assert "BatchNormalization" not in kinds(copy)
    assert_same(model, copy)


def other_use(x):
    y = layers.Dense(4)(x)
    return [layers.BatchNormalization()(y), y]


def activated(x):
    return layers.BatchNormalization()(layers.Dense(4, "tanh")(x))


def called_twice(x):
    dense = layers.Dense(4)
    return layers.BatchNormalization()(dense(dense(x)))


def of_rows(x):
    return layers.BatchNormalization(axis=1)(layers.Dense(4)(x))


@pytest.mark.parametrize(
    "network, shape",
    [
        (other_use, (4,)),
        (activated, (4,)),
        (called_twice, (4,)),
        (of_rows, (3, 4)),
    ],
)
def test_what_is_left_as_it_is(network, shape):
    x = keras.Input(shape)
    model = varied(keras.Model(x, network(x)))
    copy = folded(model)
    assert kinds(copy) == kinds(model)
    values = np.ones((2, *shape), "float32")
    for wanted, made in zip(
        keras.tree.flatten(model(values)),
        keras.tree.flatten(copy(values)),
        strict=True,
    ):
        np.testing.assert_allclose(
            *map(ops.convert_to_numpy, (made, wanted)), atol=1e-6
        )


def test_a_leak_stays_behind_the_layer():
    x = keras.Input((4,))
    y = layers.BatchNormalization()(layers.Dense(4)(x))
    model = varied(keras.Model(x, layers.ReLU(negative_slope=0.2)(y)))
    copy = folded(model)
    assert kinds(copy)[1:] == ["Dense", "Folded", "ReLU"]
    assert_same(model, copy)


def test_networks_inside_of_a_network():
    x = keras.Input((4,))
    inner = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3), layers.BatchNormalization()]
    )
    model = keras.Model(x, layers.Dense(2)(inner(x)))
    varied(model.layers[1])
    copy = folded(model)
    assert kinds(copy.layers[1]) == ["Dense", "Folded"]
    assert_same(model, copy)
