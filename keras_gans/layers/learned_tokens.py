from typing import Any

import keras
from keras import layers, ops

from keras_gans.layers.grid_attention import INIT


@keras.saving.register_keras_serializable("keras_gans")
class LearnedTokens(layers.Layer):
    """Adds learned position embeddings to tokens, or one learned token.

    Args:
        prepend: False to add a position embedding to every token; True to
            put one learned token, the class token, before the others.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, prepend: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.prepend = prepend

    def build(self, input_shape: Any) -> None:
        """Creates the weights, for tokens (N, T, C)."""
        num = 1 if self.prepend else input_shape[1]
        self.tokens = self.add_weight(
            name="tokens",
            shape=(1, num, input_shape[-1]),
            initializer=keras.initializers.get(INIT),
        )

    def call(self, x: Any) -> Any:
        """Maps tokens (N, T, C) to (N, T, C), or to (N, T + 1, C)."""
        tokens = ops.cast(self.tokens, x.dtype)
        if not self.prepend:
            return x + tokens
        return ops.concatenate([0 * x[:, :1] + tokens, x], axis=1)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "prepend": self.prepend}
