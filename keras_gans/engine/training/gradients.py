"""The gradients of a train step that is not taken."""

from collections.abc import Callable, Hashable
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import backend


class Recorder(keras.optimizers.Optimizer):
    """Takes no step, and notes the norms of the gradients that it is given.

    Args:
        variables: The variables whose gradients come.
    """

    def __init__(self, variables: list[Any]):
        super().__init__(learning_rate=0.0, name="recorder")
        super().build(variables)
        self.norms = self.add_variable((len(variables),), name="norms")

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """Notes the norm of each gradient."""
        squares = [ops.sum(ops.square(ops.cast(g, "float32"))) for g in grads]
        self.norms.assign(ops.sqrt(ops.stack(squares)))


class GradientNorms:
    """Norms of the gradients of steps that leave a GAN as it is.

    Weights, moving averages, random state and means do not change. Lazy terms
    of stabilizers are left out.

    Args:
        gan: The GAN, compiled, on one device.
    """

    def __init__(self, gan: Any):
        self.gan = gan
        self.recorders = {
            player: Recorder(variables)
            for player in gan.players
            if (variables := gan.variables_of(player))
        }
        self._by_stage: dict[Hashable, Callable] = {}

    def __call__(self, rows: dict[str, Any]) -> dict[str, np.ndarray]:
        """Returns each player's norms, one for each of its variables.

        Args:
            rows: Carried values by name, a batch of the training data.
        """
        gan = self.gan
        data = {name: ops.convert_to_tensor(v) for name, v in rows.items()}
        stage = gan.begin_step(int(gan.steps.numpy()), lazy=False)
        if stage not in self._by_stage:
            self._by_stage[stage] = backend.untaken(gan, self._step)
        try:
            with gan.optimizer.replaced_by(self.recorders):
                norms = self._by_stage[stage]((data,))
        finally:
            gan.begin_step(None)
        return {
            player: np.asarray(ops.convert_to_numpy(values), "float64")
            for player, values in norms.items()
        }

    def _step(self, data: Any) -> dict[str, Any]:
        type(self.gan).train_step(self.gan, data)
        return {p: r.norms.value for p, r in self.recorders.items()}
