import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import BatchNormalization

on_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="the other backends take Keras's own kernels",
)


def gradients(layer, x, weight):
    import tensorflow as tf

    x = tf.constant(x)
    values = [v.value for v in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
        loss = tf.reduce_sum(y * weight)
    return [y, *tape.gradient(loss, [x, *values])]


def random(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype("float32")


def assert_close(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        a, b = ops.convert_to_numpy(a), ops.convert_to_numpy(b)
        assert np.linalg.norm(a - b) <= 1e-4 * np.linalg.norm(b)


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
