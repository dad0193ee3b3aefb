"""A vocabulary: the rules that make words of a text, and their numbers."""

import collections
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from keras_gans.modalities.words.byte_pairs import (
    END,
    characters,
    learn_pairs,
    pieces,
)
from keras_gans.modalities.words.folding import ALONE, folding

PADDING, UNKNOWN, FIRST = 0, 1, 2
"""The ids of padding, of a text without a known word, of the first word."""


class Vocabulary:
    """Words, and the rules that find them in a text.

    A text becomes words in four steps, which are the same in Python, in
    TensorFlow's graphs and in JavaScript: every character is replaced by what
    `fold` has for it (lower case, no accents, a space for punctuation);
    characters in `alone` (emoji, Chinese) get a space on either side; what
    stands between spaces is a word; words that are not known are left out.
    Ids are 0 for padding, 1 where no word is known, and then the words in
    their order, from 2.

    With `pairs` a word is cut into pieces, and the pieces have the ids, so
    that words are known that no caption had. A word with a piece that is not
    known is left out whole.

    Args:
        words: The words, each once; with `pairs` the pieces, of which the last
            of a word ends in a space.
        fold: The text that stands for a character; None for the table of
            `keras_gans.modalities.words.folding`.
        alone: The first and last code points of characters that are a word
            each; None for those of `folding`.
        pairs: The pairs of pieces that are joined, the first ones first, as in
            `keras_gans.modalities.words.byte_pairs`; None for whole words.

    Raises:
        ValueError: Where there is no word, or one twice or not as the rules
            make it, and where a pair joins what has no id.

    Example:
    ```python
    words = keras_gans.modalities.Vocabulary.from_captions(captions)
    words.encode(["Red hair!"], length=4)  # int32 (1, 4)
    ```
    """

    def __init__(
        self,
        words: Sequence[str],
        fold: Mapping[str, str] | None = None,
        alone: Sequence[Sequence[int]] | None = None,
        pairs: Sequence[Sequence[str]] | None = None,
    ):
        self.fold = dict(folding() if fold is None else fold)
        alone = ALONE if alone is None else alone
        self.alone = [[int(code) for code in codes] for codes in alone]
        self._alone = re.compile(alone_pattern(self.alone, r"\U{:08x}"))
        self.pairs = None if pairs is None else [[a, b] for a, b in pairs]
        self._ranks = {(a, b): i for i, (a, b) in enumerate(self.pairs or [])}
        self.words = list(words)
        self._ids = {word: FIRST + i for i, word in enumerate(self.words)}
        wrong = [w for w in self.words if self.split(w) != [w.rstrip(END)]]
        joined = [p for a, b in self._ranks for p in (a, b, a + b)]
        wrong += [piece for piece in joined if piece not in self._ids]
        if not self.words or wrong or len(self._ids) < len(self.words):
            raise ValueError(
                "A vocabulary must have words, each once and as its rules "
                "make it, and what its pairs join: "
                "`Vocabulary.from_captions` does. "
                f"Received: {len(self.words)} words, wrong: {wrong[:3]}"
            )

    @classmethod
    def from_captions(
        cls,
        captions: Iterable[str],
        max_words: int = 10_000,
        num_pairs: int = 0,
        **rules: Any,
    ) -> "Vocabulary":
        """Takes the words of captions, the most frequent first.

        Args:
            captions: Sentences.
            max_words: The most words to keep. Rarer ones are left out of
                every text.
            num_pairs: The most byte pairs to learn; 0 for whole words.
            **rules: `fold` and `alone`.

        Raises:
            ValueError: For captions without a word.
        """
        rule = cls(["a"], **rules)
        counts = collections.Counter(
            word for caption in captions for word in rule.split(caption)
        )
        if not counts:
            raise ValueError("Captions must have words. Received: none")
        if num_pairs:
            pairs = learn_pairs(counts, num_pairs)
            single = sorted({c for word in counts for c in characters(word)})
            joined = [a + b for a, b in pairs]
            words = list(dict.fromkeys([*single, *joined]))
            return cls(words, pairs=pairs, **rules)
        ordered = sorted(counts, key=lambda word: (-counts[word], word))
        return cls(ordered[:max_words], **rules)

    @property
    def size(self) -> int:
        """The number of ids: every id is in [0, size)."""
        return FIRST + len(self.words)

    def split(self, text: str) -> list[str]:
        """Returns the words of a text, known or not."""
        # Half characters, which UTF-8 does not have, become "?".
        text = checked_text(text).encode("utf-8", "replace").decode()
        text = "".join(self.fold.get(char, char) for char in text)
        return [w for w in self._alone.sub(r" \1 ", text).split(" ") if w]

    def pieces(self, word: str) -> list[str]:
        """Returns what of a word has an id: itself, or its pieces."""
        return [word] if self.pairs is None else pieces(word, self._ranks)

    def knows(self, word: str) -> bool:
        """Returns whether a word, as `split` returns it, has ids."""
        return all(piece in self._ids for piece in self.pieces(word))

    def ids(self, text: str) -> list[int]:
        """Returns the ids of a text's known words; [1] where none is known."""
        known = [word for word in self.split(text) if self.knows(word)]
        found = [piece for word in known for piece in self.pieces(word)]
        return [self._ids[piece] for piece in found] or [UNKNOWN]

    def encode(self, texts: Iterable[str], length: int) -> np.ndarray:
        """Returns the ids of texts, cut or padded to one length.

        Args:
            texts: N texts.
            length: Ids of each.

        Returns:
            int32 (N, length).
        """
        rows = [self.ids(text)[:length] for text in texts]
        padded = np.full((len(rows), length), PADDING, "int32")
        for row, ids in zip(padded, rows, strict=True):
            row[: len(ids)] = ids
        return padded

    def decode(self, ids: Iterable[int]) -> str:
        """Returns the words of ids."""
        words = [self.words[i - FIRST] for i in map(int, ids) if i >= FIRST]
        return (" " if self.pairs is None else "").join(words).strip()

    def whole_words(self) -> list[str]:
        """Returns the words of one id; with `pairs` the longest come first."""
        if self.pairs is None:
            return self.words
        whole = [word[:-1] for word in self.words if word.endswith(END)]
        return sorted(whole, key=len, reverse=True)

    def nearest(self, word: str, num: int = 3) -> list[str]:
        """Returns the known words that are written most like a word."""
        return difflib.get_close_matches(word, self.whole_words(), num)

    def get_config(self) -> dict[str, Any]:
        """Returns the content of `vocabulary.json`."""
        return {
            "words": self.words,
            "fold": self.fold,
            "alone": self.alone,
            "pairs": self.pairs,
        }

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Vocabulary)
            and self.get_config() == other.get_config()
        )

    def __hash__(self) -> int:
        return hash(tuple(self.words))

    def __repr__(self) -> str:
        kind = "words" if self.pairs is None else "pieces of words"
        return f"Vocabulary({len(self.words):,} {kind})"


def checked_text(text: Any) -> str:
    """Returns a text.

    Raises:
        ValueError: For anything else.
    """
    if not isinstance(text, str):
        raise ValueError(
            "Sentences must be strings, not bytes, numbers or None. "
            f"Received: {text!r}"
        )
    return text


def alone_pattern(alone: Iterable[Sequence[int]], code: str) -> str:
    """Returns a regular expression of a character that is a word by itself.

    Args:
        alone: The first and last code points of such characters.
        code: A format of a code point, as the language has it in expressions.
    """
    ends = [f"{code.format(a)}-{code.format(b)}" for a, b in alone]
    # A class must not be empty; no text has its largest character here.
    return f"([{''.join(ends) or code.format(0x10FFFF)}])"
