from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class LearnedBasis(keras.layers.Layer):
    """Learned maps, one for each channel, that are scaled by the input.

    The first maps of R3GAN's generator (Huang et al. 2024): channel c of the
    output is the learned map c times the input's number c.

    Args:
        size: Height and width of the maps.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, size: tuple[int, int], **kwargs: Any):
        super().__init__(**kwargs)
        self.size = tuple(size)

    def build(self, input_shape: Any) -> None:
        """Creates the maps, drawn from N(0, 1)."""
        self.basis = self.add_weight(
            name="basis",
            shape=(*self.size, input_shape[-1]),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
        )

    def call(self, x: Any) -> Any:
        """Maps (N, channels) to (N, H, W, channels)."""
        return x[:, None, None] * ops.cast(self.basis, x.dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "size": self.size}
