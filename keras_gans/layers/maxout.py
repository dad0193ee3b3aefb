from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class Maxout(keras.layers.Layer):
    """Maxout units: each returns the largest of several linear functions.

    Goodfellow et al. 2013, "Maxout Networks", equation 1. The discriminator
    of the first GAN is made of them.

    Args:
        units: Number of outputs.
        pieces: Number of linear functions for each output.
        kernel_initializer: Initializer of their kernels.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(
        self,
        units: int,
        pieces: int = 5,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.pieces = pieces
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.linear = keras.layers.Dense(
            units * pieces,
            kernel_initializer=kernel_initializer,
            dtype=self.dtype_policy,
        )

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Creates the weights, (features, units * pieces)."""
        self.linear.build(input_shape)

    def call(self, x: Any) -> Any:
        """Maps (N, features) to (N, units)."""
        y = ops.reshape(self.linear(x), (-1, self.units, self.pieces))
        return ops.max(y, axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, units)."""
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
