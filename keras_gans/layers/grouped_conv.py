from typing import Any

import keras
from keras import ops

from keras_gans.backend.precision import accelerated


@keras.saving.register_keras_serializable("keras_gans")
class GroupedConv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D` whose groups are convolutions of their own.

    On a CPU XLA's grouped convolutions, which TensorFlow takes too, are 20 to
    200 times slower than that where they are differentiated twice. On
    accelerators and PyTorch the native ones run.

    Args:
        filters: Output channels, a multiple of `groups`.
        kernel_size: Side of the kernel.
        groups: Into how many parts the channels are split.
        **kwargs: As in `keras.layers.Conv2D`.
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Maps (N, H, W, channels) to (N, H', W', filters), without bias."""
        native = keras.backend.backend() == "torch" or accelerated()
        if self.groups == 1 or native:
            return super().convolution_op(inputs, kernel)
        kernel = ops.convert_to_tensor(kernel)
        parts = [
            super(GroupedConv2D, self).convolution_op(x, k)
            for x, k in zip(
                ops.split(inputs, self.groups, axis=-1),
                ops.split(kernel, self.groups, axis=-1),
                strict=True,
            )
        ]
        return ops.concatenate(parts, axis=-1)
