"""The gradients of a train step that changes nothing."""

from typing import Any

import keras
import numpy as np
from keras import ops


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


def gradient_norms(gan: Any, rows: dict[str, Any]) -> dict[str, np.ndarray]:
    """Returns the norms of the gradients of a step that is not taken.

    The step runs in a scope that is thrown away: weights, moving averages,
    random state and means stay as they are.

    Args:
        gan: The GAN, compiled, on one device.
        rows: Carried values by name, a batch of the training data.

    Returns:
        For each player the norm of the gradient of each of its variables.
    """
    recorders = {
        player: Recorder(variables)
        for player in gan.players
        if (variables := gan.variables_of(player))
    }
    data = {name: ops.convert_to_tensor(v) for name, v in rows.items()}
    gan.begin_step(int(gan.steps.numpy()))
    try:
        with (
            gan.optimizer.replaced_by(recorders),
            keras.StatelessScope() as scope,
        ):
            type(gan).train_step(gan, (data,))
            norms = {
                player: scope.get_current_value(recorder.norms)
                for player, recorder in recorders.items()
            }
    finally:
        gan.begin_step(None)
    return {
        player: np.asarray(ops.convert_to_numpy(values), "float64")
        for player, values in norms.items()
    }
