"""Phases: the players' steps in turn, and the means of their losses."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.engine.compiling import CompiledModel
from keras_gans.engine.door import Door
from keras_gans.engine.ema import update_average
from keras_gans.engine.training.joining import joined
from keras_gans.stabilizers import Stabilizer


class PhasedModel(CompiledModel):
    """A model whose train step is made of phases, a step of a player each."""

    judges: tuple[str, ...] = ("discriminator",)
    """The players that judge; the others make."""

    averaged: tuple[str, ...]
    ema_decay: Any
    stabilizers: list[Stabilizer]
    together: int
    steps: Any
    _door: Door
    _means: dict[str, keras.metrics.Mean]

    def look(
        self,
        real: Any = None,
        fake: Any = None,
        *,
        by: keras.Model | None = None,
        **given: Any,
    ) -> tuple[Any, Any]:
        """Shows real and generated values to the discriminator.

        This is the one place where a discriminator is called in training, and
        where stabilizers act on what it sees and learn what it says.

        Args:
            real: Real values, a tensor or a dictionary by name; None for none.
            fake: Generated values, likewise.
            by: The network that judges; None for the first judge's.
            **given: The conditions that go with both.

        Returns:
            What it says of the real and of the generated ones; None for none.
        """
        network = by or self.networks_of(self.judges[0])[0]
        return self._door.look(network, real, fake, given)

    def joined(self, values: dict[str, Any]) -> dict[str, Any]:
        """Joins rows that a discriminator judges together, as it takes them.

        Args:
            values: By name, tensors (N, ..., C).

        Returns:
            By name, tensors (N / `together`, ..., `together` C).
        """
        return joined(values, self.together)

    def minimize(self, loss_fn: Callable, player: Any, *args: Any) -> Any:
        """Takes one step of a player's optimizer: a phase of the game.

        Args:
            loss_fn: Function of `args` that returns a scalar. Stabilizers add
                their terms to it.
            player: The network, or the list of networks, to train.
            *args: What to call `loss_fn` with.

        Returns:
            The loss before the step, of the whole batch where replicas share
            it (but on TensorFlow this replica's own).
        """
        name = next(p for p in self.players if getattr(self, p) is player)

        def loss() -> Any:
            return self.total_loss(name, loss_fn, *args)

        variables = self.variables_of(name)
        if variables:
            value = backend.minimize(loss, self.optimizer[name], variables)
        else:  # A frozen player looks on.
            value = loss()
        for stabilizer in self.stabilizers:
            stabilizer.after_step(self, name)
        self._means[f"{name}_loss"].update_state(value)
        self._means["loss"].update_state(value)
        if name in self.averaged and self.ema_decay is not None:
            averages = keras.tree.flatten(getattr(self, f"ema_{name}"))
            networks = self.networks_of(name)
            for average, network in zip(averages, networks, strict=True):
                update_average(average, network, self.ema_decay, self.steps)
        return value

    def total_loss(self, player: str, loss_fn: Callable, *args: Any) -> Any:
        """Returns a player's loss with what the stabilizers add to it.

        Args:
            player: The player's name.
            loss_fn: Function of `args` that returns a scalar.
            *args: What to call `loss_fn` with.
        """
        with self._door.phase(player) as phase:
            return loss_fn(*args) + self._door.terms(phase)

    def minimize_on_shared_fakes(
        self,
        make: Callable[[], Any],
        train_judge: Callable[[Any], Any],
        loss_fn: Callable[[Any], Any],
        player: Any,
    ) -> Any:
        """Takes a judge's step and a maker's step on the same fakes.

        The generator runs once for both, which saves a twelfth of a step: the
        judge learns from the fakes first, then judges them for the maker.

        Args:
            make: Function that makes the fakes.
            train_judge: Function that takes the judge's step on them.
            loss_fn: Function from them to the maker's loss.
            player: The maker to train.

        Returns:
            The maker's loss.
        """

        def loss() -> Any:
            fake = make()
            train_judge(keras.tree.map_structure(ops.stop_gradient, fake))
            return loss_fn(fake)

        return self.minimize(loss, player)

    def means_so_far(self) -> list[float]:
        """Returns the state of the epoch's means: totals and counts."""
        state = [v for mean in self._means.values() for v in mean.variables]
        return [float(keras.ops.convert_to_numpy(v)) for v in state]

    def set_means(self, state: list[float]) -> None:
        """Sets what `means_so_far` returned."""
        variables = [v for m in self._means.values() for v in m.variables]
        for variable, value in zip(variables, state, strict=True):
            variable.assign(value)

    def log(self, name: str, values: Any) -> None:
        """Adds to the epoch's mean of `name`, one of `logged`."""
        self._means[name].update_state(backend.mean_in_logs(values))

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The means of all losses and of what is `logged`."""
        return list(self._means.values())
