"""Texts: sentences as the ids of their words."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.modalities.modality import Modality
from keras_gans.modalities.words import Vocabulary
from keras_gans.modalities.words.vocabulary import FIRST, PADDING

SHOWN = 10
"""Most words that a message names."""


@keras.saving.register_keras_serializable("keras_gans")
class Text(Modality):
    """A sentence for each row, as the ids of its words.

    Ids are int32 (length,): 0 is padding, at the end, and 1 stands where no
    word is known, so that a sentence has one id at least.

    Args:
        vocabulary: A `keras_gans.modalities.Vocabulary`, or its configuration.
        length: The most words of a sentence.
        examples: The sentences that are drawn where none are given, in turn;
            None for the first word of the vocabulary.

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
        self.length = int(length)
        self.shape = (self.length,)
        self.examples = list(examples or self.vocabulary.words[:1])
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
        values = np.asarray(values)
        if values.dtype.kind not in "iu":
            return self._of_sentences(values, name)
        ids = super().check(values, name)
        if ids.size and not 0 <= ids.min() <= ids.max() < self.vocabulary_size:
            raise ValueError(
                f"`{name}` must be ids in [0, {self.vocabulary_size}). "
                f"Received: ids from {ids.min()} to {ids.max()}"
            )
        return ids

    def _of_sentences(self, values: np.ndarray, name: str) -> np.ndarray:
        texts = values.tolist() if values.ndim == 1 else [values]
        dropped: list[str] = []
        for text in texts:
            if not isinstance(text, str):
                raise ValueError(
                    f"`{name}` must be sentences, each a string. Received: "
                    f"{text!r}"
                )
            dropped += self._dropped(text, name)
        if dropped:
            shown = ", ".join(dict.fromkeys(dropped[:SHOWN]))
            warnings.warn(
                f"`{name}` have words that are not known, or beyond the "
                f"{self.length} that fit, and are left out: {shown}",
                stacklevel=4,
            )
        return self.vocabulary.encode(texts, self.length)

    def _dropped(self, text: str, name: str) -> list[str]:
        words = self.vocabulary.split(text)
        known = [word for word in words if self.vocabulary.knows(word)]
        if not known:
            near = [n for w in words for n in self.vocabulary.nearest(w)]
            hint = f"; the nearest: {', '.join(near[:SHOWN])}" if near else ""
            raise ValueError(
                f"`{name}` must have a word that is known{hint}. "
                f"Received: {text!r}"
            )
        unknown = [word for word in words if not self.vocabulary.knows(word)]
        return unknown + known[self.length :]

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
