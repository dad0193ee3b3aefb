import math
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class LearnedConstant(keras.layers.Layer):
    """Learned maps that are the same for every row.

    They are the input of a style-based generator's synthesis, Karras et al.
    2019, section 2.

    Args:
        shape: (height, width, channels).
        initializer: Initializer of the maps, "ones" in Karras et al. 2019 and
            N(0, 1) in Karras et al. 2020.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        initializer: Any = "ones",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.shape = tuple(shape)
        self.initializer = keras.initializers.get(initializer)

    def build(self, input_shape: Any) -> None:
        """Creates the maps."""
        self.constant = self.add_weight(
            name="constant", shape=self.shape, initializer=self.initializer
        )

    def call(self, x: Any) -> Any:
        """Maps (N, ...), of which only N matters, to (N, H, W, channels)."""
        x = ops.reshape(x, (-1, 1, 1, math.prod(x.shape[1:])))
        return ops.ones_like(x[..., :1]) * ops.cast(self.constant, x.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, H, W, channels)."""
        return (input_shape[0], *self.shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        own = {
            "shape": self.shape,
            "initializer": keras.initializers.serialize(self.initializer),
        }
        return {**super().get_config(), **own}
