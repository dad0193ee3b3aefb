"""Who plays in a run, for the rules of `keras_gans.diagnostics`."""

import inspect
from collections.abc import Sequence
from typing import Any

import keras

from keras_gans import losses
from keras_gans.diagnostics import Game
from keras_gans.diagnostics.remedies import TAKEN
from keras_gans.stabilizers import (
    STABILIZERS,
    GradientPenalty,
    WeightClipping,
)


def game_of(gan: Any, broken: Sequence[str] = ()) -> Game:
    """Returns who plays, for the rules.

    Args:
        gan: The GAN.
        broken: The first layers whose weights were not finite.
    """
    return Game(
        gan.maker,
        gan.judges[0] if gan.judges else "",
        tuple(type(stabilizer).__name__ for stabilizer in gan.stabilizers),
        tuple(name for name in TAKEN if not takes(gan, name)),
        tuple(broken),
        tuple((player, slower(gan, player)) for player in gan.players),
    )


def slower(gan: Any, player: str) -> str:
    """Returns a player's optimizer with a quarter of its rate, as code."""
    places = gan.optimizer.optimizers
    optimizer = dict(zip(gan.players, places, strict=True))[player]
    rate = keras.ops.convert_to_numpy(optimizer.learning_rate)
    arguments = [f"{float(rate) / 4:.2g}"]
    if isinstance(optimizer, keras.optimizers.Adam):
        arguments += [f"{b:g}" for b in (optimizer.beta_1, optimizer.beta_2)]
        return f"keras.optimizers.Adam({', '.join(arguments)}"
    return f"keras.optimizers.{type(optimizer).__name__}({arguments[0]}"


BOUNDS = {GradientPenalty, WeightClipping}
"""What pulls the norm of D's gradient elsewhere than to 0, where R1 does."""


def takes(gan: Any, name: str) -> bool:
    """Returns whether a GAN of this kind can be made with a remedy.

    Args:
        gan: The GAN.
        name: The name of a stabilizer, or "loss".
    """
    present: Any = getattr(gan, "of_discriminator", None)  # not every GAN's
    kinds = [type(stabilizer) for stabilizer in gan.stabilizers]
    if name == "R1" and BOUNDS.intersection(kinds):
        return False
    if name == "ADA" and present not in losses.BOUNDARIES:
        return False
    if name == "loss":
        own = inspect.signature(type(gan).__init__).parameters.get("loss")
        # A variant of least squares is one, and takes no other loss.
        is_free = own and not str(own.default).startswith("least_squares")
        return bool(
            is_free and present is not losses.relativistic_discriminator
        )
    try:
        STABILIZERS[name](name="tried").check(gan)
    except ValueError:
        return False
    return True


def players_without_a_step(gan: Any) -> set[str]:
    """Returns the players that took no step in the epoch that ends."""
    counts = {p: gan._means[f"{p}_loss"].count for p in gan.players}
    return {
        player
        for player, count in counts.items()
        if not keras.ops.convert_to_numpy(count)
    }


STEPS_OF_THE_RATE = (
    keras.optimizers.Adam,
    keras.optimizers.Adamax,
    keras.optimizers.Nadam,
    keras.optimizers.RMSprop,
    keras.optimizers.Lion,
)
"""Optimizers whose steps are about as long as their rate, for any gradient.

The rates of these can be compared with each other; an SGD's rate only with
another SGD's, for its steps are as long as the rate times the gradient.
"""


def rates_of(gan: Any) -> dict[str, float]:
    """Returns the players' learning rates, where they can be compared."""
    optimizers = gan.optimizer.optimizers
    alike = all(isinstance(one, STEPS_OF_THE_RATE) for one in optimizers)
    if not alike and len({type(optimizer) for optimizer in optimizers}) > 1:
        return {}
    return {
        f"{player}_rate": float(
            keras.ops.convert_to_numpy(optimizer.learning_rate)
        )
        for player, optimizer in zip(gan.players, optimizers, strict=True)
    }
