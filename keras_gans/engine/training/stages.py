"""Stages and lazy terms: steps that differ are compiled one by one."""

from collections.abc import Hashable
from typing import Any

import keras


class StagedModel(keras.Model):
    """A model whose steps are not all of one kind.

    A variant overrides `stage`, and reads `current_stage` in its
    `train_step`: the resolution and whether it fades in, a pretraining, a
    warm-up. A stabilizer with `every=k` has its term in every k-th step. Each
    kind of step is traced and compiled once. (One compiled step with a branch
    would do, but XLA on a CPU runs a convolution's gradient inside a branch
    on one thread and without its fast kernels.)
    """

    current_stage: Hashable = None
    train_function: Any
    _due: frozenset[int] | None = None

    def stage(self, step: int) -> Hashable:
        """Returns the stage of a step: a pure function of `step`.

        Args:
            step: Steps taken before this one.

        Returns:
            Something hashable; None where there are no stages.
        """
        return None

    @property
    def steps_differ(self) -> bool:
        """Whether there are stages or lazy terms."""
        has_stages = type(self).stage is not StagedModel.stage
        return has_stages or bool(self._periods())

    def is_due(self, every: int) -> bool:
        """Returns whether what comes every `every` steps comes in this one.

        Args:
            every: A number of steps; step 0 is the first that it comes in.
        """
        if every == 1:
            return True
        if self._due is None:  # outside of `fit`
            return int(self.steps.numpy()) % every == 0
        return every in self._due

    def begin_stages(self, batch_size: int) -> None:
        """Is called when a `fit` begins, after a backup was restored.

        `train_on_batch` calls it for each batch.

        A variant whose stages depend on more than the step, such as the number
        of rows seen, reads here what its variables hold of that: during `fit`
        they are on the device, and on JAX out of reach.

        Args:
            batch_size: Rows in a batch, of all devices together.
        """

    def begin_step(self, step: int | None, lazy: bool = True) -> Hashable:
        """Sets what `current_stage` and `is_due` say.

        Args:
            step: Steps taken before this one; None after a step's end.
            lazy: Whether what comes every few steps may come in this one.

        Returns:
            The kind of the step: what it is compiled for.
        """
        if step is None:
            self._due = None
            return None
        self.current_stage = self.stage(step)
        periods = self._periods() if lazy else set()
        self._due = frozenset(k for k in periods if step % k == 0)
        return self.current_stage, self._due

    def _periods(self) -> set[int]:
        return {s.every for s in self.stabilizers if s.every > 1}

    def compile_kinds(self, compile_step: Any) -> None:
        """Sets a train function that runs the one of the present step's kind.

        Args:
            compile_step: Function that sets `self.train_function` to a newly
                compiled train function.

        Raises:
            ValueError: For several steps in one call, which could be of two
                kinds.
        """
        if self.steps_per_execution != 1:
            raise ValueError(
                "A GAN with stages or with lazy stabilizers takes one step in "
                "a call. Received: "
                f"steps_per_execution={self.steps_per_execution}"
            )
        by_kind: dict[Hashable, Any] = {}

        def train_function(*arguments: Any) -> Any:
            if self._host_step is None:  # outside of `fit`
                step = int(self.steps.numpy())
            else:
                step = self._host_step
                self._host_step += 1
            kind = self.begin_step(step)
            if kind not in by_kind:
                compile_step()
                by_kind[kind] = self.train_function
                self.train_function = train_function
            try:
                return by_kind[kind](*arguments)
            finally:
                self.begin_step(None)

        self.train_function = train_function


class CountSteps(keras.callbacks.Callback):
    """Counts the steps of a `fit` on the host, after backups are restored.

    On JAX the model's own counter is on the device and out of reach between
    two steps.

    Args:
        batch_size: Rows in a batch, of all devices together.
    """

    def __init__(self, batch_size: int):
        super().__init__()
        self.batch_size = batch_size

    def on_train_begin(self, logs: Any = None) -> None:
        """Starts from the model's counter."""
        self.model._host_step = int(self.model.steps.numpy())
        self.model._batch_size = self.batch_size  # for callbacks
        self.model.begin_stages(self.batch_size)

    def on_train_end(self, logs: Any = None) -> None:
        """Leaves the counting to the model."""
        self.model._host_step = None
