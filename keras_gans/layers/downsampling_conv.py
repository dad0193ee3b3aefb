from typing import Any

import keras
from keras import ops

from keras_gans.layers import products


@keras.saving.register_keras_serializable("keras_gans")
class DownsamplingConv2D(keras.layers.Conv2D):
    """A convolution with a 4x4 kernel and a stride of 2: it halves maps.

    It is `keras.layers.Conv2D`, but for the gradients of wide layers in
    bfloat16 on a CPU. Those are computed as matrix products, which is faster;
    see `keras_gans.layers.products`.

    Args:
        filters: Number of output channels.
        **kwargs: As in `keras.layers.Conv2D`.
    """

    def __init__(self, filters: int, **kwargs: Any):
        fixed = {
            "kernel_size": 4,
            "strides": 2,
            "padding": "same",
            "data_format": "channels_last",
        }
        super().__init__(filters, **{**kwargs, **fixed})

    def convolution_op(self, x: Any, kernel: Any) -> Any:
        """Maps (N, H, W, channels) to (N, H/2, W/2, filters)."""
        kernel = ops.cast(kernel, x.dtype)
        if products.pay(x.shape, kernel):
            return _conv(x, kernel)
        return super().convolution_op(x, kernel)


def _conv(x: Any, kernel: Any) -> Any:
    import tensorflow as tf

    @tf.custom_gradient
    def conv(x, kernel):
        def gradient(dy):
            if products.pay(x.shape, kernel, channels=256):
                dx = products.transposed(dy, kernel)
            else:
                dx = tf.nn.conv2d_transpose(dy, kernel, tf.shape(x), 2)
            return dx, products.kernel_gradient(x, dy)

        return tf.nn.conv2d(x, kernel, 2, "SAME"), gradient

    return conv(x, kernel)
