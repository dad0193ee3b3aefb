from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class ClipAtInference(keras.layers.Layer):
    """Bounds values to [-1, 1], but in training, where a bound has no slope.

    Networks that end without an activation make images with it.
    """

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Returns the values, bounded where `training` is false."""
        return x if training else ops.clip(x, -1.0, 1.0)
