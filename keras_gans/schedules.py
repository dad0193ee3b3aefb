"""What changes over a run, as functions of the steps taken.

The steps are saved with the model, so a resumed run goes on exactly.
"""

import math
from typing import Any

import keras
from keras import ops


def cosine(step: Any, start: float, end: float, over: int) -> Any:
    """Goes from `start` to `end` on half a cosine, and stays there.

    Args:
        step: Steps taken, a scalar.
        start: The value at step 0.
        end: The value from step `over` on.
        over: Steps from one to the other.

    Returns:
        A float32 scalar.
    """
    part = ops.minimum(ops.cast(step, "float32") / over, 1.0)
    return end + (start - end) * 0.5 * (1.0 + ops.cos(math.pi * part))


@keras.saving.register_keras_serializable("keras_gans")
class CosineAdam(keras.optimizers.Adam):
    """Adam whose learning rate and beta2 go their ways on half a cosine.

    As in PyTorch the means are corrected by powers of the present betas. For
    a learning rate alone `keras.optimizers.schedules` do.

    Args:
        learning_rate: (at step 0, in the end).
        beta_1: Decay of the mean gradient.
        beta_2: Decay of the mean squared gradient: (at step 0, in the end).
        over: Steps from one to the other.
        **kwargs: As in `keras.optimizers.Adam`, but `amsgrad`.

    Raises:
        ValueError: For `amsgrad`.
    """

    def __init__(
        self,
        learning_rate: tuple[float, float],
        beta_1: float,
        beta_2: tuple[float, float],
        over: int,
        **kwargs: Any,
    ):
        if kwargs.get("amsgrad"):
            raise ValueError(
                "CosineAdam has no AMSGrad. Received: amsgrad=True"
            )
        schedule = keras.optimizers.schedules.CosineDecay(
            learning_rate[0], over, alpha=learning_rate[1] / learning_rate[0]
        )
        super().__init__(schedule, beta_1, beta_2[0], **kwargs)
        self.rates = tuple(learning_rate)
        self.decays = tuple(beta_2)
        self.over = over

    def update_step(
        self, gradient: Any, variable: Any, learning_rate: Any
    ) -> None:
        """Kingma and Ba 2015, Algorithm 1, of one variable."""
        index = self._get_variable_index(variable)
        mean, square = self._momentums[index], self._velocities[index]
        start, end = self.decays
        beta_2 = cosine(self.iterations, start, end, self.over)
        steps = ops.cast(self.iterations + 1, "float32")
        rate = ops.cast(learning_rate, "float32")
        rate = rate * ops.sqrt(1.0 - ops.power(beta_2, steps))
        rate = rate / (1.0 - ops.power(self.beta_1, steps))
        gradient = ops.cast(gradient, variable.dtype)
        beta_2 = ops.cast(beta_2, variable.dtype)
        self.assign_add(mean, (gradient - mean) * (1.0 - self.beta_1))
        self.assign_add(
            square, (ops.square(gradient) - square) * (1.0 - beta_2)
        )
        step = mean / (ops.sqrt(square) + self.epsilon)
        self.assign_sub(variable, ops.cast(rate, variable.dtype) * step)

    def get_config(self) -> dict[str, Any]:
        """Returns the optimizer's arguments."""
        return {
            **super().get_config(),
            "learning_rate": self.rates,
            "beta_2": self.decays,
            "over": self.over,
        }

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Any = None
    ) -> Any:
        """Makes the optimizer that `get_config` tells of."""
        return cls(**config)
