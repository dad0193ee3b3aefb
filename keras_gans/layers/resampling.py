from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class Resampling(keras.layers.Layer):
    """Doubles or halves maps with the filter (1, 3, 3, 1) along both axes.

    Doubling is linear interpolation; halving is its transpose divided by
    four. Maps are padded with zeros. Karras et al. 2019 and Huang et al. 2024
    use this filter against aliasing and checkerboard patterns.

    Args:
        up: True to double height and width, False to halve them; then both
            must be even.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, up: bool, **kwargs: Any):
        super().__init__(**kwargs)
        self.up = up

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, C) to (N, 2H, 2W, C) or (N, H / 2, W / 2, C)."""
        along = _double if self.up else _halve
        x = ops.transpose(along(x), (0, 2, 1, 3))
        return ops.transpose(along(x), (0, 2, 1, 3))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the resampled maps."""
        n, height, width, channels = input_shape
        if self.up:
            return n, 2 * height, 2 * width, channels
        return n, height // 2, width // 2, channels

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "up": self.up}


def _double(x: Any) -> Any:
    _, height, width, channels = x.shape
    padded = ops.pad(x, [(0, 0), (1, 1), (0, 0), (0, 0)])
    even = 0.75 * x + 0.25 * padded[:, :-2]
    odd = 0.75 * x + 0.25 * padded[:, 2:]
    y = ops.stack([even, odd], axis=2)
    return ops.reshape(y, (-1, 2 * height, width, channels))


def _halve(x: Any) -> Any:
    _, height, width, channels = x.shape
    padded = ops.pad(x, [(0, 0), (1, 1), (0, 0), (0, 0)])
    # Each output reads four rows: the pair (before, even), then (odd, after).
    pairs = ops.reshape(padded, (-1, height // 2 + 1, 2, width, channels))
    outer = pairs[:, :-1, 0] + pairs[:, 1:, 1]
    return 0.375 * (pairs[:, :-1, 1] + pairs[:, 1:, 0]) + 0.125 * outer
