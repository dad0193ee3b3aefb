from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class DepthToSpace(keras.layers.Layer):
    """Enlarges maps by a factor, of whole groups of channels: pixel shuffle.

    Channel (i * factor + j) * C + c of a pixel becomes channel c of the pixel
    in row i and column j of its block, as in TensorFlow. (PyTorch's
    `PixelShuffle` takes channel (c * factor + i) * factor + j.) Heights and
    widths may be open. Shi et al. 2016, arXiv:1609.05158, equation 4.

    Args:
        factor: By which height and width grow.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, factor: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, factor^2 C) to (N, factor H, factor W, C)."""
        k, (_, height, width, channels) = self.factor, ops.shape(x)
        channels //= k * k
        x = ops.reshape(x, (-1, height, width, k, k, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, k * height, k * width, channels))

    def compute_output_shape(self, shape: Any) -> tuple[Any, ...]:
        """Returns the shape of the enlarged maps."""
        num, *sides, channels = shape
        k = self.factor
        larger = (None if side is None else k * side for side in sides)
        return num, *larger, channels // k**2

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "factor": self.factor}
