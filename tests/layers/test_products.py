import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import DownsamplingConv2D, UpsamplingConv2D, products

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
@pytest.mark.parametrize("narrowest", [1, 256])  # which gradients are products
@pytest.mark.parametrize(
    ("layer", "plain", "side"),
    [
        (DownsamplingConv2D, keras.layers.Conv2D, 2),
        (UpsamplingConv2D, keras.layers.Conv2DTranspose, 8),
    ],
)
def test_products_give_the_native_numbers(
    layer, plain, side, narrowest, monkeypatch
):
    def pay(large, kernel, channels=128):
        return narrowest == 1 or channels == 128

    monkeypatch.setattr(products, "pay", pay)
    x, weight = random(3, 4, 4, 5), random(3, side, side, 6, seed=1)
    ours, theirs = layer(6), plain(6, 4, strides=2, padding="same")
    ours.build(x.shape)
    theirs.build(x.shape)
    theirs.set_weights(ours.get_weights())
    assert_close(gradients(ours, x, weight), gradients(theirs, x, weight))


@on_tensorflow
def test_wide_bfloat16_layers_take_the_products():
    kernel = ops.zeros((4, 4, 128, 256), "bfloat16")
    assert products.pay((None, 8, 8), kernel)
    assert not products.pay((None, 8, 8), ops.cast(kernel, "float32"))
    assert not products.pay((None, 7, 7), kernel)
    assert not products.pay((None, None, None), kernel)
