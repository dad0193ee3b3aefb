from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class UnrolledGRU(keras.layers.Layer):
    """A GRU whose steps are written out, over words that a mask counts.

    Cho et al. 2014, with the reset gate after the matrix product, as cuDNN,
    PyTorch and `keras.layers.GRU` have it. Where the mask is 0 the state
    stays. (Keras 3.15's own, unrolled and with a mask, fails on PyTorch.)

    Args:
        units: Dimensions of the state.
        backwards: Whether to go from the last word to the first.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, units: int, backwards: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.units, self.backwards = units, backwards

    def build(self, input_shapes: Any) -> None:
        """Creates the weights: of the update, the reset and the new state."""
        sequence_shape, _ = input_shapes
        wide = 3 * self.units
        self.kernel = self.add_weight(
            name="kernel",
            shape=(sequence_shape[-1], wide),
            initializer="glorot_uniform",
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units, wide),
            initializer="orthogonal",
        )
        self.bias = self.add_weight(
            name="bias", shape=(2, wide), initializer="zeros"
        )

    def call(self, inputs: Any) -> Any:
        """Maps embeddings (N, L, C) and a mask (N, L) to states (N, L, units).

        The state at a place is the one after its word.
        """
        sequence, is_word = inputs
        inputs = ops.matmul(sequence, self.kernel) + self.bias[0]
        counted = ops.expand_dims(ops.cast(is_word, inputs.dtype), -1)
        state = ops.zeros_like(inputs[:, 0, : self.units])
        states = {}
        places = range(sequence.shape[1])
        for i in reversed(places) if self.backwards else places:
            new = self.step(inputs[:, i], state)
            state = state + counted[:, i] * (new - state)
            states[i] = state
        return ops.stack([states[i] for i in places], axis=1)

    def step(self, inputs: Any, state: Any) -> Any:
        """Returns the state after a word."""
        update, reset, new = ops.split(inputs, 3, axis=-1)
        kept = ops.matmul(state, self.recurrent_kernel) + self.bias[1]
        kept_update, kept_reset, kept_new = ops.split(kept, 3, axis=-1)
        update = ops.sigmoid(update + kept_update)
        reset = ops.sigmoid(reset + kept_reset)
        new = ops.tanh(new + reset * kept_new)
        return update * state + (1.0 - update) * new

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        own = {"units": self.units, "backwards": self.backwards}
        return {**super().get_config(), **own}
