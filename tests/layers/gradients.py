"""Gradients on TensorFlow, to hold one layer against another."""

import keras
import numpy as np
import pytest
from keras import ops

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
