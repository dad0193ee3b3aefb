"""What rules look at, and what they find."""

import dataclasses
import math
from collections.abc import Callable, Sequence

Row = dict[str, float]
"""What an epoch's log holds and what was measured after it, by name.

A name is missing, or its value is infinite, where nothing was measured.
"""


@dataclasses.dataclass(frozen=True)
class Game:
    """Who plays.

    Attributes:
        maker: The name of the player that makes.
        judge: The name of the player that judges.
        stabilizers: The names of the stabilizers' classes.
        refused: What the game cannot take of `remedies.TAKEN`.
        broken: The first layers whose weights were not finite, "player/layer".
        slower: Each player's optimizer with a quarter of its rate, as code
            without the closing bracket.
    """

    maker: str = "generator"
    judge: str = "discriminator"
    stabilizers: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    slower: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that goes wrong.

    Attributes:
        name: What it is called, for instance "collapse".
        epoch: The epoch, from 1, after which it was seen.
        words: What was seen, with numbers.
        remedy: What to try first, a line of code; "" where nothing is left.
        until: The last epoch after which it was seen, in `epoch` and after.
    """

    name: str
    epoch: int
    words: str
    remedy: str
    until: int

    def __str__(self) -> str:
        epochs = f"After epoch {self.epoch}"
        if self.until > self.epoch:
            epochs += f" to {self.until}"
        words = f"{epochs}: {self.name}. {self.words}"
        return f"{words}\n  Try first: {self.remedy}" if self.remedy else words


Rule = Callable[[Sequence[Row], Game], str | None]
"""Returns what is wrong in words, or None; the last row is the newest."""


def last(rows: Sequence[Row], name: str, num: int) -> list[float]:
    """Returns the last values of a name.

    Args:
        rows: The rows, the newest last.
        name: The name.
        num: How many values.

    Returns:
        The values, the newest last; none where there are fewer, or where the
        newest row has none.
    """
    values = series(rows, name)
    measured = rows and math.isfinite(rows[-1].get(name, math.inf))
    return values[-num:] if measured and len(values) >= num else []


def series(rows: Sequence[Row], name: str) -> list[float]:
    """Returns all finite values of a name, the newest last."""
    values = (row.get(name, math.inf) for row in rows)
    return [value for value in values if math.isfinite(value)]
