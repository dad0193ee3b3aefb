from typing import Any

import keras
from keras import ops

from keras_gans.layers.styles.equalized_learning_rate import (
    EqualizedLearningRate,
)


@keras.saving.register_keras_serializable("keras_gans")
class EqualizedDense(EqualizedLearningRate, keras.layers.Dense):
    """`keras.layers.Dense` with an equalised learning rate.

    Karras et al. 2018, section 4.1: the kernel is drawn from N(0, 1), and
    multiplied by gain / sqrt(features) when it is used.

    Args:
        units: Number of outputs.
        gain: As in `EqualizedConv2D`.
        lr_multiplier: As in `EqualizedConv2D`.
        **kwargs: As in `keras.layers.Dense`, except `kernel_initializer`.

    Raises:
        ValueError: For a gain or a multiplier that is not above zero.
    """

    def call(self, x: Any, training: bool = False) -> Any:
        """Maps (..., features) to (..., units)."""
        return self.finished(ops.matmul(x, self.scaled_kernel()))
