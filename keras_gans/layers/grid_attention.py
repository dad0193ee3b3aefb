import math
from typing import Any

import keras
import numpy as np
from keras import layers, ops

# N(0, 0.02), truncated at two standard deviations, as in the authors' code. A
# configuration, from which each weight makes an initializer of its own.
INIT: Any = {"class_name": "TruncatedNormal", "config": {"stddev": 0.02}}


@keras.saving.register_keras_serializable("keras_gans")
class GridAttention(layers.Layer):
    """Self-attention of the tokens of a grid, with relative position bias.

    It computes softmax(Q K^T / sqrt(d) + E) V (Vaswani et al. 2017, equation
    1; Jiang et al. 2021, section 3.4). E holds a learned number for each head
    and each offset between two places of the grid. The layer uses plain
    matrix products, which every backend can differentiate twice.

    Args:
        heads: Number of attention heads; it must divide the number of
            channels.
        side: Side of the grid, whose tokens come row by row; 0 for tokens
            that form no grid, which get no bias.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, heads: int, side: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.heads = heads
        self.side = side

    def build(self, input_shape: Any) -> None:
        """Creates the weights, for tokens (N, T, C)."""
        channels = input_shape[-1]
        arguments = {"kernel_initializer": INIT, "dtype": self.dtype_policy}
        self.qkv = layers.Dense(3 * channels, use_bias=False, **arguments)
        self.qkv.build(input_shape)
        self.project = layers.Dense(channels, **arguments)
        self.project.build(input_shape)
        if self.side:
            self.bias = self.add_weight(
                name="relative_position_bias",
                shape=((2 * self.side - 1) ** 2, self.heads),
                initializer=keras.initializers.get(INIT),
            )

    def offsets(self) -> np.ndarray:
        """Returns the row of the bias for each pair of tokens, (T, T)."""
        rows, columns = np.divmod(np.arange(self.side**2), self.side)
        down = rows[:, None] - rows + self.side - 1
        along = columns[:, None] - columns + self.side - 1
        return down * (2 * self.side - 1) + along

    def call(self, x: Any) -> Any:
        """Maps tokens (N, T, C) to (N, T, C)."""
        _, tokens, channels = x.shape
        size = channels // self.heads
        qkv = ops.reshape(self.qkv(x), (-1, tokens, 3, self.heads, size))
        qkv = ops.transpose(qkv, (2, 0, 3, 1, 4))
        query, key, value = qkv[0], qkv[1], qkv[2]  # (N, heads, T, size)
        scores = ops.matmul(query, ops.transpose(key, (0, 1, 3, 2)))
        scores = scores / math.sqrt(size)
        if self.side:
            bias = ops.take(self.bias, self.offsets().ravel(), axis=0)
            bias = ops.reshape(bias, (tokens, tokens, self.heads))
            bias = ops.transpose(bias, (2, 0, 1))
            scores = scores + ops.cast(bias, scores.dtype)
        seen = ops.matmul(ops.softmax(scores, axis=-1), value)
        seen = ops.transpose(seen, (0, 2, 1, 3))
        return self.project(ops.reshape(seen, (-1, tokens, channels)))

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {
            **super().get_config(),
            "heads": self.heads,
            "side": self.side,
        }
