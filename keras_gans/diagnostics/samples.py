"""Rules on what is made: collapse, memorised images."""

from collections.abc import Sequence

from keras_gans.diagnostics.finding import Game, Row, last, series

ALIKE = 0.1
"""Diversity below which samples are nearly the same."""

FALLEN = 0.4
"""Share of its largest value to which diversity falls in a collapse."""

KNOWN = 0.62
"""Share of pairs in which training rows score above held-out ones."""


def collapse(rows: Sequence[Row], game: Game) -> str | None:
    """Finds samples that are nearly the same, or become so."""
    now = last(rows, "diversity", 3)
    if not now:
        return None
    most = max(series(rows, "diversity"))
    is_alike = max(now) < ALIKE
    has_fallen = max(now) < FALLEN * min(most, 1.0)
    if not is_alike and not has_fallen:
        return None
    words = (
        "The nearest samples are "
        f"{now[-1]:.2g} times as far apart as the nearest real rows"
    )
    return f"{words}, and were {most:.2g}." if has_fallen else f"{words}."


def memorised_images(rows: Sequence[Row], game: Game) -> str | None:
    """Finds a discriminator that knows its training rows by heart."""
    known = last(rows, "memorised", 3)
    if not known or min(known) < KNOWN:
        return None
    return (
        f"The {game.judge} gives training rows a higher score than held-out "
        f"ones in {known[-1]:.1%} of the pairs, where 50% is even."
    )
