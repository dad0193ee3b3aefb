"""Texts: sentences as the ids of their words."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.modalities.modality import Modality
from keras_gans.modalities.words import Understood, Vocabulary
from keras_gans.modalities.words.vocabulary import (
    FIRST,
    PADDING,
    UNKNOWN,
    checked_text,
)

SHOWN = 10
"""Most words that a message names."""

LONGEST = 60
"""Most characters of a text in a message."""


@keras.saving.register_keras_serializable("keras_gans")
class Text(Modality):
    """A sentence for each row, as the ids of its words.

    Ids are int32 (length,): 0 is padding, at the end, and 1 stands where no
    word is known, so that a sentence has one id at least.

    Args:
        vocabulary: A `keras_gans.modalities.Vocabulary`, or its configuration.
        length: The most words of a sentence.
        examples: The sentences that are drawn where none are given, in turn;
            None for the first of the vocabulary's whole words.

    Raises:
        ValueError: For less than one word, and for examples without a known
            word.

    Example:
    ```python
    words = keras_gans.modalities.Vocabulary.from_captions(captions)
    prompts = keras_gans.modalities.Text(words, length=12)
    prompts.check(["red hair", "blue eyes"])  # int32 (2, 12)
    ```
    """

    dtype = "int32"
    is_drawn = True
    is_worded = True
    suffix = ".txt"

    def __init__(
        self,
        vocabulary: Vocabulary | Mapping[str, Any],
        length: int = 16,
        examples: Sequence[str] | None = None,
    ):
        if length < 1:
            raise ValueError(
                "`length` must be a whole number, at least 1. "
                f"Received: length={length!r}"
            )
        if not isinstance(vocabulary, Vocabulary):
            vocabulary = Vocabulary(**vocabulary)
        self.vocabulary = vocabulary
        self.num_values = vocabulary.size
        self.length = int(length)
        self.shape = (self.length,)
        self.examples = list(examples or vocabulary.whole_words()[:1])
        self.check(self.examples, "examples")

    @property
    def vocabulary_size(self) -> int:
        """The number of ids: every id is in [0, vocabulary_size)."""
        return self.vocabulary.size

    def check(self, values: Any, name: str = "prompts") -> np.ndarray:
        """Checks sentences or ids, and returns ids int32 (N, length).

        Args:
            values: A sentence, a list or an array of sentences (N,); or ids
                (N, length).
            name: What to call the values in an error.

        Raises:
            ValueError: For what is neither, for sentences without a known
                word, and for ids outside of [0, vocabulary_size).
        """
        if isinstance(values, str):
            values = [values]
        given, values = values, np.asarray(values)
        if values.dtype.kind in "US" and isinstance(given, list | tuple):
            values = np.array(given, object)  # numbers stay numbers
        if values.dtype.kind not in "iu" or values.ndim == 0:
            return self._of_sentences(values, name)
        ids = super().check(values, name)
        if ids.size and not 0 <= ids.min() <= ids.max() < self.vocabulary_size:
            raise ValueError(
                f"`{name}` must be ids in [0, {self.vocabulary_size}). "
                f"Received: ids from {ids.min()} to {ids.max()}"
            )
        return ids

    def _of_sentences(self, values: np.ndarray, name: str) -> np.ndarray:
        texts = values.tolist() if values.ndim == 1 else [values.tolist()]
        if not texts:
            raise ValueError(f"`{name}` must not be empty. Received: []")
        unknown: dict[str, None] = {}
        beyond: dict[str, None] = {}
        for text in dict.fromkeys(map(checked_text, texts)):
            if self.vocabulary.ids(text) == [UNKNOWN]:
                raise ValueError(
                    f"`{name}` must have a word that is known"
                    f"{self._hint(text)}. Received: {shortened(text)!r}"
                )
            _, no_id, after = self._sorted_words(text)
            unknown.update(dict.fromkeys(no_id))
            beyond.update(dict.fromkeys(after))
        self._warn_of(name, unknown, beyond)
        return self.vocabulary.encode(texts, self.length)

    def _warn_of(
        self, name: str, unknown: Iterable[str], beyond: Iterable[str]
    ) -> None:
        """Names the words that are left out of sentences."""
        in_pieces = self.vocabulary.pairs is not None
        fits = f"{self.length} {'pieces of words' if in_pieces else 'words'}"
        said = {
            "words that are not known": [*unknown],
            f"words beyond the {fits} that fit": [*beyond],
        }
        left_out = [
            f"{what}: {', '.join(map(shortened, words[:SHOWN]))}"
            + ", ..." * bool(words[SHOWN:])
            for what, words in said.items()
            if words
        ]
        if left_out:
            warnings.warn(
                f"`{name}` are read without {'; and without '.join(left_out)}",
                stacklevel=6,
            )

    def _hint(self, text: str) -> str:
        near = [n for ns in self.understand(text).unknown.values() for n in ns]
        if near:
            return f"; the nearest: {', '.join(dict.fromkeys(near[:SHOWN]))}"
        return (
            f", for instance {', '.join(self.vocabulary.whole_words()[:SHOWN])}"
        )

    def _sorted_words(self, text: str) -> tuple[list[str], ...]:
        """Returns the words that are taken, that have no id, and do not fit."""
        taken: list[str] = []
        unknown: list[str] = []
        beyond: list[str] = []
        num = 0
        for word in self.vocabulary.split(text):
            if not self.vocabulary.knows(word):
                unknown.append(word)
                continue
            num += len(self.vocabulary.pieces(word))
            (taken if num <= self.length else beyond).append(word)
        return taken, unknown, beyond

    def understand(self, text: str) -> Understood:
        """Returns what is known of a sentence, and what is left out.

        The nearest words are looked up of the first ten unknown ones alone.
        """
        taken, unknown, beyond = self._sorted_words(text)
        near = {
            word: self.vocabulary.nearest(word) if i < SHOWN else []
            for i, word in enumerate(dict.fromkeys(unknown))
        }
        return Understood(taken, near, beyond)

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Returns the examples in turn, int32 (num, length)."""
        examples = self.vocabulary.encode(self.examples, self.length)
        return examples[np.arange(num) % len(examples)]

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws any words, int32 (num, length), of any number."""
        shape = (num, self.length)
        ids = rng.integers(FIRST, self.vocabulary_size, shape, "int32")
        lengths = rng.integers(1, self.length + 1, (num, 1))
        return np.where(np.arange(self.length) < lengths, ids, PADDING)

    def write(self, path: Path, value: np.ndarray) -> None:
        """Writes the words of one row to a text file."""
        path.write_text(self.name_of(value) + "\n", encoding="utf-8")

    def name_of(self, ids: Any) -> str:
        """Returns the words of a row of ids."""
        return self.vocabulary.decode(ids)

    def arguments(self, name: str) -> dict[str, Any]:
        """Returns the modality, under its own name."""
        return {name: self}

    def agrees_with(self, data: Modality) -> bool:
        """Returns whether data have the same words and length."""
        return (
            isinstance(data, Text)
            and data.shape == self.shape
            and data.vocabulary == self.vocabulary
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        vocabulary = self.vocabulary.get_config()
        return {**super().get_config(), "vocabulary": vocabulary}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Text":
        """Makes what `get_config` described."""
        return cls(**config)

    def describe(self) -> str:
        """Returns the number of words."""
        words = len(self.vocabulary.words)
        return f"sentences of {words:,} words, up to {self.length} each"

    def __repr__(self) -> str:
        return f"Text({self.vocabulary!r}, length={self.length})"


def shortened(text: str) -> str:
    """Returns a text, or the beginning of a long one, for a message."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
