"""Adam for networks whose layers begin to be trained one after the other."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class GrowingAdam(keras.optimizers.Adam):
    """Adam that counts the steps of each weight by itself.

    A weight without any gradient in a step, such as one of a layer that is not
    used yet, stays as it is, and its moments too. The bias correction counts
    the steps that a weight was trained in. With a common count the first steps
    of a new layer would be 1 / sqrt(1 - beta2) times as long as at the start
    of training. The authors of ProGAN begin the optimizer anew with each size
    in its place.

    Args:
        learning_rate: The rate, or a Keras schedule of all steps.
        beta_1: Decay of the mean gradient.
        beta_2: Decay of the mean squared gradient.
        epsilon: The small number beside the root of the squared gradient.
        **kwargs: As in `keras.optimizers.Adam`, except `amsgrad`.

    Raises:
        ValueError: For `amsgrad`.
    """

    def __init__(
        self,
        learning_rate: Any = 1e-3,
        beta_1: float = 0.0,
        beta_2: float = 0.99,
        epsilon: float = 1e-8,
        **kwargs: Any,
    ):
        if kwargs.get("amsgrad"):
            raise ValueError(
                "`amsgrad` is not supported. Received: amsgrad=True"
            )
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **kwargs)

    def build(self, variables: Any) -> None:
        """Creates the moments, and a count for each weight."""
        if not self.built:
            super().build(variables)
            self._counts = [
                self.add_variable((), dtype="float32", name=f"count_{i}")
                for i in range(len(variables))
            ]

    def update_step(
        self, gradient: Any, variable: Any, learning_rate: Any
    ) -> None:
        """Updates one variable, Kingma and Ba 2015, Algorithm 1."""
        index = self._get_variable_index(variable)
        mean, square = self._momentums[index], self._velocities[index]
        count = self._counts[index]
        gradient = ops.cast(gradient, variable.dtype)
        used = ops.any(ops.not_equal(gradient, 0.0))
        steps = count + ops.cast(used, "float32")
        self.assign(count, steps)

        def moved(old: Any, new: Any, beta: float) -> Any:
            old = ops.convert_to_tensor(old)
            return ops.where(used, beta * old + (1.0 - beta) * new, old)

        self.assign(mean, moved(mean, gradient, self.beta_1))
        self.assign(square, moved(square, ops.square(gradient), self.beta_2))
        rate = ops.cast(learning_rate, "float32")
        rate = rate * ops.sqrt(1.0 - ops.power(self.beta_2, steps))
        # Before its first step a weight has no mean to correct.
        correction = 1.0 - ops.power(self.beta_1, ops.maximum(steps, 1.0))
        rate = ops.where(used, rate / correction, 0.0)
        step = mean / (ops.sqrt(square) + self.epsilon)
        self.assign_sub(variable, ops.cast(rate, variable.dtype) * step)
