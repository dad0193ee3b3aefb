"""Orthogonal regularisation, Brock et al. 2019."""

from typing import Any

import keras
from keras import ops

from keras_gans.penalties import orthogonal_penalty
from keras_gans.stabilizers.weighted import WeightedStabilizer

TRANSPOSED = (
    keras.layers.Conv1DTranspose,
    keras.layers.Conv2DTranspose,
    keras.layers.Conv3DTranspose,
)
"""Layers whose kernels are (..., outputs, inputs)."""


@keras.saving.register_keras_serializable("keras_gans")
class OrthogonalRegularisation(WeightedStabilizer):
    """Adds weight |W^T W * (1 - I)|^2 of the generator's kernels W to its loss.

    Brock et al. 2019, equation 3, arXiv:1809.11096: the columns of a kernel,
    one for each output, are to be orthogonal; their lengths are free.
    Embeddings are left out: they do not map outputs to outputs.

    Args:
        weight: The paper's beta, at least 0, or a Keras schedule.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.
    """

    logged = ("orthogonal_penalty",)

    def __init__(self, weight: Any = 1e-4, every: int = 1, **kwargs: Any):
        super().__init__(weight, every, **kwargs)

    def add_to_player(self, gan: Any, player: str) -> Any:
        """Returns the term of the generator's loss."""
        if player in gan.judges:
            return 0.0

        def penalty() -> Any:
            transposed = {
                id(layer.kernel)
                for network in gan.networks_of(player)
                for layer in network._flatten_layers()
                if isinstance(layer, TRANSPOSED)
            }
            kernels = (
                (ops.convert_to_tensor(v), id(v) in transposed)
                for v in gan.variables_of(player)
                if v.name == "kernel"
            )
            return orthogonal_penalty(
                ops.swapaxes(kernel, -1, -2) if outputs_first else kernel
                for kernel, outputs_first in kernels
            )

        return self.term(gan, penalty)
