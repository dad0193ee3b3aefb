from typing import Any

import keras

from keras_gans.layers.styles.equalized_learning_rate import (
    EqualizedLearningRate,
)


@keras.saving.register_keras_serializable("keras_gans")
class EqualizedConv2D(EqualizedLearningRate, keras.layers.Conv2D):
    """`keras.layers.Conv2D` with an equalised learning rate.

    Karras et al. 2018, section 4.1: the kernel is drawn from N(0, 1), and
    multiplied by gain / sqrt(fan-in) when it is used, where the fan-in is
    height * width * channels of the kernel. Maps are padded with zeros and
    keep their size, unless `padding` says otherwise.

    Args:
        filters: Number of output channels.
        kernel_size: Side of the kernel.
        gain: The gain of the initialisation: sqrt(2), the default, before a
            leaky ReLU (Karras et al. 2018 and 2019), 1 for a linear layer
            (and for all layers of Karras et al. 2020).
        lr_multiplier: The layer's learning rate as a multiple of the
            optimizer's, above zero: kernel and bias are multiplied by it when
            they are used, and the kernel is drawn from
            N(0, 1 / lr_multiplier^2).
        **kwargs: As in `keras.layers.Conv2D`, except `kernel_initializer`.

    Raises:
        ValueError: For a gain or a multiplier that is not above zero.
    """

    def __init__(self, filters: int, kernel_size: Any, **kwargs: Any):
        super().__init__(filters, kernel_size, **{"padding": "same", **kwargs})

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, channels) to (N, H, W, filters)."""
        return self.finished(self.convolution_op(x, self.scaled_kernel()))
