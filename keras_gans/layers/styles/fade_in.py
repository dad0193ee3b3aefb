from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class FadeIn(keras.layers.Layer):
    """Blends two tensors by a share that training moves.

    Karras et al. 2018, figure 2: (1 - share) * old + share * new. The share
    is a weight without a gradient, in [0, 1], which is saved with the network;
    it starts at 0.

    Args:
        **kwargs: As in `keras.layers.Layer`.
    """

    def build(self, input_shape: Any) -> None:
        """Creates the share."""
        self.share = self.add_weight(
            name="share",
            shape=(),
            initializer="zeros",
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
        )

    def call(self, inputs: Any) -> Any:
        """Maps [old, new], of one shape, to a tensor of this shape."""
        old, new = inputs
        share = ops.cast(self.share, old.dtype)
        return (1.0 - share) * old + share * new

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of either input."""
        return input_shape[0]
