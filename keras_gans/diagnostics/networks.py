"""Rules on networks: values that are not finite, dead units."""

import math
from collections.abc import Sequence

from keras_gans.diagnostics.finding import Game, Row, last

DEAD = 0.5
"""Share of rectified units that are zero for all rows."""

NAMED = 3
"""Layers that are named."""


def not_finite(rows: Sequence[Row], game: Game) -> str | None:
    """Finds losses that are NaN or infinite, and names the layers."""
    losses = [
        name
        for name, value in rows[-1].items()
        if name.endswith("_loss") and not math.isfinite(value)
    ]
    if not losses:
        return None
    words = f"{', '.join(losses)}: NaN or infinite."
    if not game.broken:
        return f"{words} The weights are finite."
    more = len(game.broken) - NAMED
    layers = ", ".join(game.broken[:NAMED])
    if more > 0:
        return (
            f"{words} When it was seen, so were the weights of {layers} and "
            f"{more} more layers."
        )
    return f"{words} The first such weights were those of {layers}."


def dead_units(rows: Sequence[Row], game: Game) -> str | None:
    """Finds rectified units of the maker that are always zero."""
    return _dead(last(rows, "dead_units", 2), game.maker)


def dead_units_of_judge(rows: Sequence[Row], game: Game) -> str | None:
    """Finds rectified units of the judge that are always zero."""
    return _dead(last(rows, f"{game.judge}_dead_units", 2), game.judge)


def _dead(dead: list[float], player: str) -> str | None:
    if not dead or min(dead) < DEAD:
        return None
    return (
        f"{dead[-1]:.0%} of the rectified units of the {player} are zero "
        "for all rows: no gradient reaches what is before them."
    )
