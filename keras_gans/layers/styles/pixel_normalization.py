from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class PixelNormalization(keras.layers.Layer):
    """Normalises the vector of channels in each pixel to unit mean square.

    Karras et al. 2018, section 4.2: b = a / sqrt(mean_c(a_c^2) + epsilon).
    Latents (N, channels) are normalised likewise.

    Args:
        epsilon: A small number above zero.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, epsilon: float = 1e-8, **kwargs: Any):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x: Any) -> Any:
        """Maps (N, ..., channels) to the same shape."""
        # In float32, since float16 has no number as small as epsilon.
        wide = ops.cast(x, "float32")
        square = ops.mean(ops.square(wide), axis=-1, keepdims=True)
        return ops.cast(wide * ops.rsqrt(square + self.epsilon), x.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "epsilon": self.epsilon}
