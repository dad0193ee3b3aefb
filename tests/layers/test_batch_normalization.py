import keras
import numpy as np
import pytest
from gradients import assert_close, gradients, on_tensorflow, random
from keras import ops

from keras_gans.layers import BatchNormalization


@on_tensorflow
def test_fused_batch_norm_gives_the_numbers_of_keras():
    x, weight = random(3, 4, 4, 5), random(3, 4, 4, 5, seed=1)
    layers = [
        cls(momentum=0.9, epsilon=1e-4)
        for cls in (BatchNormalization, keras.layers.BatchNormalization)
    ]
    for layer in layers:
        layer.build(x.shape)
        layer.gamma.assign(np.linspace(0.5, 2, 5))
    assert_close(*(gradients(layer, x, weight) for layer in layers))
    assert_close(*(layer.get_weights() for layer in layers))


@pytest.mark.parametrize("synchronized", [False, True])
@pytest.mark.parametrize("shape", [(3, 4, 2, 5), (6, 5)])
@pytest.mark.parametrize("left_out", ["none", "scale", "center"])
def test_training_gives_the_numbers_of_keras(shape, synchronized, left_out):
    x = random(*shape)
    kwargs = {"momentum": 0.7, "epsilon": 0.1, left_out: False}
    kwargs.pop("none", None)
    made = []
    for layer in (
        BatchNormalization(synchronized, **kwargs),
        keras.layers.BatchNormalization(**kwargs),
    ):
        layer.build(x.shape)
        layer.set_weights(
            [np.linspace(0.5, 2.0 + i, 5) for i in range(len(layer.weights))]
        )
        y = layer(x, training=True)
        made.append([ops.convert_to_numpy(y), *layer.get_weights()])
    for ours, theirs in zip(*made, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_frozen_norm_is_keras_own():
    x = random(3, 4, 4, 5)
    layer = BatchNormalization()
    layer.build(x.shape)
    layer.trainable = False
    before = layer.get_weights()
    y = ops.convert_to_numpy(layer(x, training=True))
    np.testing.assert_allclose(y, x / np.sqrt(1 + 1e-3), rtol=1e-5)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
