import keras
import pytest
from gradients import assert_close, gradients, on_tensorflow, random
from keras import ops

from keras_gans.layers import DownsamplingConv2D, UpsamplingConv2D, products


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
