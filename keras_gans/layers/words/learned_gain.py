from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class LearnedGain(keras.layers.Layer):
    """Multiplies by one learned number, which starts at 0."""

    def build(self, input_shape: Any) -> None:
        """Creates the number."""
        self.gain = self.add_weight(name="gain", shape=(), initializer="zeros")

    def call(self, x: Any) -> Any:
        """Maps values of any shape to others of that shape."""
        return ops.cast(self.gain, x.dtype) * x
