import keras
import numpy as np
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
