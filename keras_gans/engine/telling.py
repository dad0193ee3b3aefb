"""What a generator is told in words."""

import dataclasses
from typing import Any

import numpy as np

from keras_gans.engine.inputs import DeclaredModel, in_words
from keras_gans.modalities import Text


@dataclasses.dataclass(frozen=True)
class Understood:
    """What a generator understands of a sentence; `print` shows it.

    Attributes:
        known: The words that it takes, in their order.
        unknown: The words that it leaves out, each with the nearest ones that
            it knows.
        beyond: Known words that it leaves out too, since fewer fit.
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


class ToldModel(DeclaredModel):
    """A model that may be told in words what to make."""

    @property
    def told_by(self) -> str | None:
        """The name of what the generator is told in words, or None."""
        worded = (n for n, m in self.takes.items() if m.is_worded)
        return next(worded, None)

    def describe(self, prompt: str) -> Understood:
        """Says what the generator understands of a sentence.

        Args:
            prompt: The sentence.

        Raises:
            ValueError: For a variant that takes no words, and for what is no
                string.

        Example:
        ```python
        print(gan.describe("crimson hair and blue eyes"))
        ```
        """
        text = self._taken(self._told(prompt))
        if not isinstance(prompt, str):
            raise ValueError(
                f"`describe` takes one sentence. Received: {prompt!r}"
            )
        known, unknown = text.known_words(prompt)
        beyond = text.beyond(prompt)
        return Understood(
            known[: len(known) - len(beyond)],
            {word: text.vocabulary.nearest(word) for word in unknown},
            beyond,
        )

    def sentences(self, num: int) -> list[str]:
        """Returns example sentences, at most `num`; none without words."""
        text = self.takes.get(self.told_by or "")
        return text.examples[:num] if isinstance(text, Text) else []

    def _told(self, asked: Any) -> str:
        """Returns `told_by`, where sentences are asked for and it takes any."""
        if self.told_by is None or not in_words(asked) or not np.size(asked):
            told = f"{self.told_by} in words" if self.told_by else "no words"
            also = ", or sentences, each a string" if self.told_by else ""
            raise ValueError(
                f"{type(self).__name__} takes {told}: `generate` first takes "
                f"how many to make, a whole number{also}. Received: {asked!r}"
            )
        return self.told_by
