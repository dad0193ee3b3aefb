from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class Bias(keras.layers.Layer):
    """Adds a learned number to each channel, zero at first.

    It is for biases that come after something else than a convolution: a
    filter, noise, a change of shape.
    """

    def build(self, input_shape: Any) -> None:
        """Creates the weights, (channels,)."""
        self.bias = self.add_weight(
            name="bias", shape=(input_shape[-1],), initializer="zeros"
        )

    def call(self, x: Any) -> Any:
        """Maps (N, ..., channels) to the same shape."""
        return x + ops.cast(self.bias, x.dtype)
