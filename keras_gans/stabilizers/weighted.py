"""Stabilizers that add a weighted penalty to a loss."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans.arguments import number
from keras_gans.stabilizers.stabilizer import LazyStabilizer


class WeightedStabilizer(LazyStabilizer):
    """A stabilizer whose term is a penalty times a weight.

    Args:
        weight: A finite number of at least 0, or a Keras schedule of the
            GAN's steps (`keras.optimizers.schedules`).
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For another weight, and for `every` below 1.
    """

    def __init__(self, weight: Any, every: int = 1, **kwargs: Any):
        super().__init__(every, **kwargs)
        self.weight = check_weight(weight, "weight")

    def term(
        self,
        gan: Any,
        penalty: Callable[[], Any],
        name: str | None = None,
        weight: Any = None,
    ) -> Any:
        """Takes a penalty every `every` steps, logs it and weights it.

        Args:
            gan: The GAN.
            penalty: Function that computes it. It must not draw random
                numbers, for the steps that skip it would draw none.
            name: The name to log it under; None for the first of `logged`.
            weight: Its weight, a number or a schedule; None for `weight`.

        Returns:
            The term, zero in the steps that skip it.
        """
        if gan.is_due(self.every):
            value = self.every * penalty()
        else:
            value = ops.zeros((), "float32")
        gan.log(name or self.logged[0], value)
        weight = self.weight if weight is None else weight
        return (weight(gan.steps) if callable(weight) else weight) * value

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "weight": as_config(self.weight)}


def as_config(weight: Any) -> Any:
    """Returns a weight as a configuration holds it."""
    if callable(weight):
        return keras.saving.serialize_keras_object(weight)
    return weight


def check_weight(weight: Any, name: str) -> Any:
    """Returns a weight: a number of at least 0, or a schedule.

    Raises:
        ValueError: For anything else.
    """
    if isinstance(weight, dict):  # a serialized schedule
        weight = keras.saving.deserialize_keras_object(weight)
    if isinstance(weight, keras.optimizers.schedules.LearningRateSchedule):
        return weight
    value = number(name, weight)
    if value < 0:
        raise ValueError(
            f"`{name}` must be at least 0. Received: {name}={weight!r}"
        )
    return value
