"""Schedules: numbers that change over training, as functions of the step.

The number of steps is saved with the model, so a resumed run continues its
schedules exactly.
"""

import math
from typing import Any

import keras
from keras import ops


def cosine(step: Any, start: float, end: float, over: int) -> Any:
    """Returns a value that goes from `start` to `end` along half a cosine.

    Args:
        step: Number of steps taken, a scalar.
        start: The value at step 0.
        end: The value from step `over` on.
        over: Number of steps from `start` to `end`.

    Returns:
        A float32 scalar.
    """
    part = ops.minimum(ops.cast(step, "float32") / over, 1.0)
    return end + (start - end) * 0.5 * (1.0 + ops.cos(math.pi * part))


@keras.saving.register_keras_serializable("keras_gans")
class LinearDecay(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that stays for some steps, and then falls to zero.

    It falls along a line, as in the second half of CycleGAN's trainings:

    ```python
    rate = keras_gans.schedules.LinearDecay(2e-4, 100_000, 200_000)
    gan.compile(generators_optimizer=keras.optimizers.Adam(rate, 0.5))
    ```

    Args:
        rate: The rate at first.
        start: Step from which it falls, from 0.
        end: Step from which it is zero, above `start`.

    Raises:
        ValueError: For an end that is not after the start.
    """

    def __init__(self, rate: float, start: int, end: int):
        if not 0 <= start < end:
            raise ValueError(
                "`start` must be at least 0, and `end` above it. "
                f"Received: start={start}, end={end}"
            )
        self.rate = rate
        self.start = start
        self.end = end

    def __call__(self, step: Any) -> Any:
        """Returns the rate of a step, counted from 0."""
        left = (self.end - ops.cast(step, "float32")) / (self.end - self.start)
        return self.rate * ops.clip(left, 0.0, 1.0)

    def get_config(self) -> dict[str, Any]:
        """Returns the schedule's arguments."""
        return {"rate": self.rate, "start": self.start, "end": self.end}


@keras.saving.register_keras_serializable("keras_gans")
class Delayed(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate of zero for some steps, and then another one.

    Given to the optimizer of a generator it lets the discriminator train
    alone at first, see `delayed`. It is a function of the optimizer's steps,
    so a resumed run goes on with it.

    Args:
        rate: The later rate, a number or a schedule of all steps.
        steps: Number of steps at rate zero.
    """

    def __init__(self, rate: Any, steps: int):
        if isinstance(rate, dict):  # as a saved file holds a schedule
            rate = keras.saving.deserialize_keras_object(rate)
        self.rate = rate
        self.steps = steps

    def __call__(self, step: Any) -> Any:
        """Returns the rate of a step, counted from 0."""
        rate = self.rate(step) if callable(self.rate) else self.rate
        rate = ops.convert_to_tensor(rate, "float32")
        return ops.where(step < self.steps, ops.zeros_like(rate), rate)

    def get_config(self) -> dict[str, Any]:
        """Returns the schedule's arguments."""
        rate = self.rate
        if callable(rate):
            rate = keras.saving.serialize_keras_object(rate)
        return {"rate": rate, "steps": self.steps}


def delayed(
    optimizer: keras.optimizers.Optimizer, steps: int
) -> keras.optimizers.Optimizer:
    """Returns an optimizer like another, whose first steps change nothing.

    This warms up the other players. After fine-tuning starts from a preset,
    the discriminator does not know the new images yet, and a generator that
    follows it at once forgets what it could do:

    ```python
    gan = keras_gans.DCGAN.from_preset("faces", fine_tune=True)
    optimizers = gan.default_optimizers()
    gan.compile(
        generator_optimizer=delayed(optimizers["generator"], steps=200)
    )
    ```

    The generator's layers still see each batch, so that the statistics of
    batch normalization follow.

    Args:
        optimizer: The optimizer, not used yet.
        steps: Number of steps at a learning rate of zero, at least 0.
    """
    config = optimizer.get_config()
    if isinstance(optimizer, CosineAdam):
        return CosineAdam.from_config({**config, "delay": steps})
    config["learning_rate"] = Delayed(config["learning_rate"], steps)
    return type(optimizer).from_config(config)


@keras.saving.register_keras_serializable("keras_gans")
class CosineAdam(keras.optimizers.Adam):
    """Adam with a schedule for the learning rate and one for beta2.

    Both go along half a cosine. As in PyTorch, the bias correction uses
    powers of the current betas. To schedule the learning rate alone, use
    `keras.optimizers.Adam` with `keras.optimizers.schedules`.

    Args:
        learning_rate: The rates (at step 0, from step `over` on).
        beta_1: Decay of the mean gradient.
        beta_2: Decay of the mean squared gradient, (at step 0, from step
            `over` on).
        over: Number of steps of the schedules.
        delay: Number of steps at a learning rate of zero, as in `Delayed`.
        **kwargs: As in `keras.optimizers.Adam`, except `amsgrad`.

    Raises:
        ValueError: For `amsgrad`.
    """

    def __init__(
        self,
        learning_rate: tuple[float, float],
        beta_1: float,
        beta_2: tuple[float, float],
        over: int,
        delay: int = 0,
        **kwargs: Any,
    ):
        if kwargs.get("amsgrad"):
            raise ValueError(
                "`amsgrad` is not supported. Received: amsgrad=True"
            )
        schedule = keras.optimizers.schedules.CosineDecay(
            learning_rate[0], over, alpha=learning_rate[1] / learning_rate[0]
        )
        if delay:
            schedule = Delayed(schedule, delay)
        super().__init__(schedule, beta_1, beta_2[0], **kwargs)
        self.rates = tuple(learning_rate)
        self.decays = tuple(beta_2)
        self.over = over
        self.delay = delay

    def update_step(
        self, gradient: Any, variable: Any, learning_rate: Any
    ) -> None:
        """Updates one variable, Kingma and Ba 2015, Algorithm 1."""
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
            "delay": self.delay,
        }

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Any = None
    ) -> Any:
        """Makes the optimizer from what `get_config` returned."""
        return cls(**config)
