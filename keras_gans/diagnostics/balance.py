"""Rules on who wins: the discriminator, the generator, or by turns."""

import math
from collections.abc import Sequence

from keras_gans.diagnostics.finding import Game, Row, last, series

APART = 30.0
"""Learning rates that are further apart than this."""

CERTAIN = 0.9
"""Separation from which a discriminator can tell."""

NO_LOSS = 0.02
"""A discriminator's loss below which it has nothing left to learn."""

VANISHED = 1e-3
"""Share of a gradient's largest norm, below which it counts as vanished."""

FOOLED = 0.25
"""Separation below which a discriminator takes generated rows for real."""

SWING = 0.3
"""Mean change of a loss between parts of an epoch, over the loss: the
geometric mean of both players'."""


def rates_far_apart(rows: Sequence[Row], game: Game) -> str | None:
    """Finds learning rates of players that differ by more than `APART`."""
    rates = {
        name.removesuffix("_rate"): rate
        for name, rate in rows[-1].items()
        if name.endswith("_rate") and rate > 0
    }
    if len(rates) < 2:
        return None
    low, high = min(rates, key=rates.get), max(rates, key=rates.get)  # type: ignore[arg-type]
    ratio = rates[high] / rates[low]
    if ratio < APART:
        return None
    return (
        f"The {high} learns at a rate of {rates[high]:.2g}, which is "
        f"{ratio:,.0f} times that of the {low}, {rates[low]:.2g}."
    )


def discriminator_wins(rows: Sequence[Row], game: Game) -> str | None:
    """Finds a discriminator that can tell, and has nothing to learn."""
    separation = last(rows, "separation", 2)
    if not separation or min(separation) < CERTAIN:
        return None
    told = (
        f"The {game.judge} told real from generated rows in "
        f"{separation[-1]:.1%} of the pairs"
    )
    losses = last(rows, f"{game.judge}_loss", 2)
    if losses and all(0 <= loss < NO_LOSS for loss in losses):
        return f"{told}, and its loss is down to {losses[-1]:.2g}."
    norms = series(rows, f"{game.maker}_gradient")
    now = last(rows, f"{game.maker}_gradient", 2)
    if now and max(now) < VANISHED * max(norms):
        return (
            f"{told}, and the gradient of the {game.maker} fell from "
            f"{max(norms):.2g} to {now[-1]:.2g}."
        )
    return None


def generator_wins(rows: Sequence[Row], game: Game) -> str | None:
    """Finds a discriminator that takes what is generated for real."""
    separation = last(rows, "separation", 3)
    if not separation or max(separation) > FOOLED:
        return None
    return (
        f"The {game.judge} holds generated rows for real: a real row had the "
        f"higher score in {separation[-1]:.1%} of the pairs, where guessing "
        "gives 50%."
    )


def oscillation(rows: Sequence[Row], game: Game) -> str | None:
    """Finds losses of both players that swing to and fro within epochs."""
    players = (game.maker, game.judge)
    swings = [last(rows, f"{player}_swing", 3) for player in players]
    if not all(swings):
        return None
    both = [math.sqrt(one * other) for one, other in zip(*swings, strict=True)]
    if min(both) < SWING:
        return None
    return (
        "From one sixteenth of an epoch to the next the losses of "
        f"{game.maker} and {game.judge} change by {swings[0][-1]:.0%} and "
        f"{swings[1][-1]:.0%} of their size."
    )
