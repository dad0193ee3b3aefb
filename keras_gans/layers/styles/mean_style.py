from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class MeanStyle(keras.layers.Layer):
    """Keeps the running mean of w, and moves w towards it: truncation in W.

    Karras et al. 2019, appendix B: w' = mean + psi (w - mean). In training w
    stays as it is, and the mean follows that of each batch.

    Args:
        decay: Share that the old mean keeps in each batch, in [0, 1).
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, decay: float = 0.995, **kwargs: Any):
        super().__init__(**kwargs)
        self.decay = decay

    def build(self, input_shape: Any) -> None:
        """Creates the mean, zero at first."""
        self.mean = self.add_weight(
            name="mean",
            shape=(input_shape[0][-1],),
            initializer="zeros",
            trainable=False,
            autocast=False,
            aggregation="mean",
        )

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Truncates.

        Args:
            inputs: w (N, channels), and psi (N,): 1 leaves w as it is, and 0
                gives the mean.
            training: Whether to update the mean, and to leave w.

        Returns:
            w' (N, channels).
        """
        w, psi = inputs
        if training:
            now = ops.mean(ops.stop_gradient(ops.cast(w, "float32")), axis=0)
            self.mean.assign(now + self.decay * (self.mean - now))
            return w
        psi = ops.reshape(ops.cast(psi, w.dtype), (-1, 1))
        # In this form psi = 1 gives w to the last bit.
        return psi * w + (1.0 - psi) * ops.cast(self.mean, w.dtype)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, channels)."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "decay": self.decay}
