"""Stages: parts of a training that are compiled one by one."""

from collections.abc import Hashable
from typing import Any

import keras


class StagedModel(keras.Model):
    """A model whose train step depends on the stage that training is in.

    A variant overrides `stage`, and reads `current_stage` in its
    `train_step`: the resolution and whether it fades in, a pretraining, a
    warm-up. Each stage is traced and compiled once.
    """

    current_stage: Hashable = None
    train_function: Any

    def stage(self, step: int) -> Hashable:
        """Returns the stage of a step: a pure function of `step`.

        Args:
            step: Steps taken before this one.

        Returns:
            Something hashable; None where there are no stages.
        """
        return None

    @property
    def has_stages(self) -> bool:
        """Whether the variant has stages."""
        return type(self).stage is not StagedModel.stage

    def compile_stages(self, compile_step: Any) -> None:
        """Sets a train function that runs the one of the present stage.

        Args:
            compile_step: Function that sets `self.train_function` to a newly
                compiled train function.

        Raises:
            ValueError: For several steps in one call, which could lie in two
                stages.
        """
        if self.steps_per_execution != 1:
            raise ValueError(
                "A variant with stages takes one step in a call. Received: "
                f"steps_per_execution={self.steps_per_execution}"
            )
        by_stage: dict[Hashable, Any] = {}

        def train_function(*arguments: Any) -> Any:
            if self._host_step is None:  # outside of `fit`
                step = int(self.steps.numpy())
            else:
                step = self._host_step
                self._host_step += 1
            self.current_stage = self.stage(step)
            if self.current_stage not in by_stage:
                compile_step()
                by_stage[self.current_stage] = self.train_function
                self.train_function = train_function
            return by_stage[self.current_stage](*arguments)

        self.train_function = train_function


class CountSteps(keras.callbacks.Callback):
    """Counts the steps of a `fit` on the host, after backups are restored.

    On JAX the model's own counter is on the device and out of reach between
    two steps.
    """

    def on_train_begin(self, logs: Any = None) -> None:
        """Starts from the model's counter."""
        self.model._host_step = int(self.model.steps.numpy())

    def on_train_end(self, logs: Any = None) -> None:
        """Leaves the counting to the model."""
        self.model._host_step = None
