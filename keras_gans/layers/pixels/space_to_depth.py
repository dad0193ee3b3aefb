from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class SpaceToDepth(keras.layers.Layer):
    """Makes channels of blocks of pixels: the inverse of `DepthToSpace`.

    Heights and widths that are no multiples of the factor are filled up below
    and on the right by repeating the last row and column.

    Args:
        factor: By which height and width shrink.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, factor: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x: Any) -> Any:
        """Maps (N, factor H, factor W, C) to (N, H, W, factor^2 C)."""
        k, (_, height, width, channels) = self.factor, ops.shape(x)
        x = _filled(_filled(x, 1, -height % k), 2, -width % k)
        rows, columns = (height + k - 1) // k, (width + k - 1) // k
        x = ops.reshape(x, (-1, rows, k, columns, k, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (-1, rows, columns, k * k * channels))

    def compute_output_shape(self, shape: Any) -> tuple[Any, ...]:
        """Returns the shape of the maps with more channels."""
        num, *sides, channels = shape
        k = self.factor
        smaller = (None if side is None else -(-side // k) for side in sides)
        return num, *smaller, channels * k**2

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "factor": self.factor}


def _filled(x: Any, axis: int, num: Any) -> Any:
    """Repeats the last row (axis 1) or column (axis 2)."""
    if isinstance(num, int) and num == 0:
        return x
    last = x[:, -1:] if axis == 1 else x[:, :, -1:]
    return ops.concatenate([x, ops.repeat(last, num, axis=axis)], axis=axis)
