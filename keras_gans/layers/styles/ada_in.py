from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class AdaIN(keras.layers.Layer):
    """Adaptive instance normalisation: a style scales and shifts each channel.

    Karras et al. 2019, equation 1: (s + 1) (x - mean(x)) / sigma(x) + b, with
    the mean and the standard deviation of each channel of each image. The
    authors' code has s + 1 for the paper's scale, so that styles near zero
    change nothing.

    Args:
        epsilon: A small number that is added to the variance, above zero.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, epsilon: float = 1e-8, **kwargs: Any):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs: Any) -> Any:
        """Normalises.

        Args:
            inputs: Maps (N, H, W, C), and styles (N, 2C): s, and then b.

        Returns:
            Maps (N, H, W, C).
        """
        maps, styles = inputs
        # In float32: an epsilon as small is nothing to float16.
        x = ops.cast(maps, "float32")
        # Of maps close to a constant, as the learned one is at first, a mean
        # is exact to fewer digits than they differ by; from one pixel it is.
        x = x - ops.stop_gradient(x[:, :1, :1])
        x = x - ops.mean(x, axis=(1, 2), keepdims=True)
        variance = ops.mean(ops.square(x), axis=(1, 2), keepdims=True)
        x = x * ops.rsqrt(variance + self.epsilon)
        styles = ops.cast(styles, "float32")[:, None, None]
        scale, offset = ops.split(styles, 2, axis=-1)
        return ops.cast((scale + 1.0) * x + offset, maps.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the maps."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "epsilon": self.epsilon}
