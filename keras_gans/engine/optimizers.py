"""One optimizer for each player, under the one name that Keras knows."""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras


class PlayerOptimizers(keras.optimizers.Optimizer):
    """Holds the optimizers of all players; each is stepped by itself.

    Keras asks `model.optimizer` for variables to save and restore, and for
    `optimizers` whose learning rates its callbacks set and log.
    `keras.optimizers.MultiOptimizer` steps all at once, which a GAN cannot.

    Args:
        optimizers: An optimizer for each player's name.
        variables: The trainable variables of each player.
    """

    def __init__(
        self,
        optimizers: dict[str, keras.optimizers.Optimizer],
        variables: dict[str, list[Any]],
    ):
        super().__init__(learning_rate=0.0, name="player_optimizers")
        self.optimizers = list(optimizers.values())
        self._players = dict(zip(optimizers, self.optimizers, strict=True))
        for name, optimizer in optimizers.items():
            optimizer.build(variables[name])
        self._trained = [variables[name] for name in optimizers]
        self.built = True

    def __getitem__(self, player: str) -> keras.optimizers.Optimizer:
        return self._players[player]

    def variables_of(self, player: str) -> list[Any]:
        """Returns the trainable variables that a player's optimizer moves."""
        return self._trained[list(self._players).index(player)]

    @contextlib.contextmanager
    def replaced_by(self, others: dict[str, Any]) -> Iterator[None]:
        """Hands players other optimizers in this context.

        Args:
            others: The optimizers, by the player's name.
        """
        own, self._players = self._players, {**self._players, **others}
        try:
            yield
        finally:
            self._players = own

    @property
    def learning_rate(self) -> Any:
        """The rate of all players; setting it sets theirs.

        Raises:
            AttributeError: On reading, where the players' rates differ.
        """
        rates = {n: float(o.learning_rate) for n, o in self._players.items()}
        if len(set(rates.values())) > 1:
            raise AttributeError(
                "Each player has a learning rate of its own: read and set "
                '`gan.optimizer["generator"].learning_rate` and so on. '
                f"Received: rates {rates}"
            )
        return SharedRate(self)

    @learning_rate.setter
    def learning_rate(self, rate: Any) -> None:
        schedules = keras.optimizers.schedules.LearningRateSchedule
        scheduled = [
            name
            for name, optimizer in self._players.items()
            if isinstance(optimizer._learning_rate, schedules)
        ]
        if scheduled and not isinstance(rate, schedules):
            raise TypeError(
                "The learning rate of a player with a schedule cannot be set: "
                "compile it with a number, or set `gan.optimizer[player]"
                f".learning_rate` of the others. Received: {scheduled} with a "
                "schedule"
            )
        for optimizer in self.optimizers:
            optimizer.learning_rate = rate

    @property
    def variables(self) -> list[Any]:
        """The state of every player's optimizer."""
        return [v for o in self.optimizers for v in o.variables]

    @property
    def iterations(self) -> Any:
        """Steps that the first player has taken."""
        return self.optimizers[0].iterations

    def finalize_variable_values(self, var_list: Any) -> None:
        """Lets each optimizer set its own player's final weights."""
        for optimizer, variables in zip(
            self.optimizers, self._trained, strict=True
        ):
            optimizer.finalize_variable_values(variables)


class SharedRate(float):
    """The learning rate that all players have, with `assign` for all.

    Args:
        optimizers: The optimizers of the players.
    """

    def __new__(cls, optimizers: PlayerOptimizers) -> "SharedRate":
        """Reads the rate of the first player."""
        rate = super().__new__(cls, optimizers.optimizers[0].learning_rate)
        rate._optimizers = optimizers
        return rate

    _optimizers: PlayerOptimizers

    def assign(self, rate: Any) -> None:
        """Sets the rate of every player."""
        self._optimizers.learning_rate = float(rate)
