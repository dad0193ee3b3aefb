from typing import Any

import keras
from keras import ops

from keras_gans.layers.spectral_normalization import SpectralConv2D


@keras.saving.register_keras_serializable("keras_gans")
class SelfAttention(keras.layers.Layer):
    """Self-attention over all places of the maps: y = x + gamma o.

    Zhang et al. 2019, equations 1 to 3. As in the authors' code, keys and
    values are max-pooled by two, which makes the attention four times
    cheaper. gamma is a learned number that starts at 0, so that the network
    learns local features first.

    Args:
        kernel_initializer: Initializer of the four 1x1 convolutions.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(
        self, kernel_initializer: Any = "glorot_uniform", **kwargs: Any
    ):
        super().__init__(**kwargs)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.pool = keras.layers.MaxPooling2D(2, dtype=self.dtype_policy)

    def build(self, input_shape: Any) -> None:
        """Creates the weights, for maps (N, H, W, C) with even H and W.

        Raises:
            ValueError: For maps with an odd height or width.
        """
        if any(side is None or side % 2 for side in input_shape[1:3]):
            raise ValueError(
                "Self-attention pools maps by two: height and width must be "
                f"even. Received: {tuple(input_shape)}"
            )
        channels = input_shape[-1]
        narrow, half = max(1, channels // 8), max(1, channels // 2)
        for name, filters, inputs in (
            ("query", narrow, channels),
            ("key", narrow, channels),
            ("value", half, channels),
            ("output_map", channels, half),
        ):
            conv = SpectralConv2D(
                filters,
                1,
                use_bias=False,
                kernel_initializer=self.kernel_initializer.clone(),
                dtype=self.dtype_policy,
                name=name,
            )
            conv.build((*input_shape[:-1], inputs))
            setattr(self, name, conv)
        self.gamma = self.add_weight(
            name="gamma", shape=(), initializer="zeros"
        )

    def attention(self, x: Any, training: bool = False) -> Any:
        """Returns the attention weights, (N, H W, H W / 4); rows sum to 1."""
        query = _flat(self.query(x, training=training))
        key = _flat(self.pool(self.key(x, training=training)))
        scores = ops.matmul(query, ops.transpose(key, (0, 2, 1)))
        return ops.softmax(scores, axis=-1)

    def call(self, x: Any, training: bool = False) -> Any:
        """Maps (N, H, W, C) to (N, H, W, C)."""
        value = _flat(self.pool(self.value(x, training=training)))
        seen = ops.matmul(self.attention(x, training), value)
        height, width = x.shape[1:3]
        seen = ops.reshape(seen, (-1, height, width, value.shape[-1]))
        seen = self.output_map(seen, training=training)
        return x + ops.cast(self.gamma, x.dtype) * seen

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {
            **super().get_config(),
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }


def _flat(maps: Any) -> Any:
    _, height, width, channels = maps.shape
    return ops.reshape(maps, (-1, height * width, channels))
