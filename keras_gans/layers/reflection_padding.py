"""Padding that mirrors the maps at their edges."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class ReflectionPadding2D(keras.layers.Layer):
    """Pads maps (N, H, W, C) with their own mirror image.

    The edge itself is not repeated: a row a, b, c becomes b, a, b, c, b.

    Args:
        padding: Rows to add above and below and columns to add left and
            right, ((top, bottom), (left, right)), each less than the side; one
            number for all.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, padding: Any = 1, **kwargs: Any):
        super().__init__(**kwargs)
        if isinstance(padding, int):
            padding = ((padding, padding), (padding, padding))
        self.padding = tuple(tuple(pair) for pair in padding)

    def call(self, x: Any) -> Any:
        """Returns the padded maps."""
        return ops.pad(x, ((0, 0), *self.padding, (0, 0)), mode="reflect")

    def compute_output_shape(self, shape: Any) -> tuple[Any, ...]:
        """Returns the padded shape."""
        num, height, width, channels = shape
        rows, columns = map(sum, self.padding)
        return (
            num,
            None if height is None else height + rows,
            None if width is None else width + columns,
            channels,
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "padding": self.padding}
