"""What is understood of a sentence."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Understood:
    """What a generator understands of a sentence; `print` shows it.

    Attributes:
        known: The words that it takes, in their order.
        unknown: The words that it leaves out, each with the nearest ones that
            it knows.
        beyond: Known words that it leaves out too, since fewer fit. Of the
            first one the pieces that fit are taken, where words are in pieces.
    """

    known: list[str]
    unknown: dict[str, list[str]]
    beyond: list[str]

    def __str__(self) -> str:
        lines = [f"known    {' '.join(self.known) or 'no word'}"]
        for word, near in self.unknown.items():
            hint = f", the nearest: {', '.join(near)}" if near else ""
            lines.append(f"unknown  {word}{hint}")
        if self.beyond:
            lines.append(f"too long, left out: {' '.join(self.beyond)}")
        return "\n".join(lines)
