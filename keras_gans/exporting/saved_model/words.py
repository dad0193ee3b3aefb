"""The rules of a vocabulary as operations of a TensorFlow graph."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gans.modalities import Modality, Text, Vocabulary
from keras_gans.modalities.words.byte_pairs import END
from keras_gans.modalities.words.vocabulary import (
    FIRST,
    UNKNOWN,
    alone_pattern,
)

LAST = 2**62
"""The rank of a pair that is not joined."""


def tokenizers_of(takes: Mapping[str, Modality]) -> dict[str, "Tokenizer"]:
    """Returns a tokenizer for everything that is told in words, by name."""
    return {
        name: Tokenizer(modality.vocabulary, modality.length)
        for name, modality in takes.items()
        if isinstance(modality, Text)
    }


class Tokenizer(tf.Module):
    """Ids of texts, as `Vocabulary.encode` makes them.

    A module that is saved must hold it: its table is a resource.

    Args:
        vocabulary: The vocabulary.
        length: Ids of each text.
    """

    def __init__(self, vocabulary: Vocabulary, length: int):
        super().__init__()
        self.length = length
        self.size = vocabulary.size
        rows = sorted((ord(c), text) for c, text in vocabulary.fold.items())
        self._fold = tuple(zip(*rows, strict=True)) or ((-1,), ("",))
        self._alone = alone_pattern(vocabulary.alone, r"\x{{{:x}}}")
        self._in_pieces = vocabulary.pairs is not None
        self._pairs = self._numbered(vocabulary)
        self.table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(
                vocabulary.words, np.arange(FIRST, vocabulary.size)
            ),
            UNKNOWN,
        )

    @staticmethod
    def _numbered(vocabulary: Vocabulary) -> tuple[Any, Any, Any]:
        """Returns the pairs as numbers, sorted; their ranks and products."""
        ids = {word: FIRST + i for i, word in enumerate(vocabulary.words)}
        rows = sorted(
            (ids[a] * vocabulary.size + ids[b], rank, ids[a + b])
            for rank, (a, b) in enumerate(vocabulary.pairs or [])
        )
        rows = rows or [(-1, LAST, -1)]
        pairs, ranks, products = np.array(rows, "int64").T
        return pairs, ranks, products

    def __call__(self, texts: Any) -> Any:
        """Returns the ids int32 (N, length) of texts (N,), in UTF-8."""
        ids = self.ids(texts).to_tensor(shape=(None, self.length))
        ids = tf.cast(ids, tf.int32)
        nothing = tf.one_hot(0, self.length, UNKNOWN, 0, dtype=tf.int32)
        return tf.where(tf.reduce_any(ids > 0, 1, keepdims=True), ids, nothing)

    def ids(self, texts: Any) -> Any:
        """Returns the ids of the known words of texts, a ragged tensor."""
        words = self.split(texts)
        ids = self.of_pieces(words) if self._in_pieces else words
        if not self._in_pieces:
            ids = words.with_flat_values(self.table.lookup(words.flat_values))
        return tf.ragged.boolean_mask(ids, ids >= FIRST)

    def split(self, texts: Any) -> Any:
        """Returns the words of texts, known or not, a ragged tensor."""
        codes = tf.strings.unicode_decode(texts, "UTF-8")
        chars = tf.strings.unicode_encode(codes.flat_values[:, None], "UTF-8")
        known, folded = map(tf.constant, self._fold)
        place = tf.searchsorted(known, codes.flat_values)
        place = tf.minimum(place, len(self._fold[0]) - 1)
        is_known = tf.gather(known, place) == codes.flat_values
        chars = tf.where(is_known, tf.gather(folded, place), chars)
        text = tf.strings.reduce_join(codes.with_flat_values(chars), axis=-1)
        text = tf.strings.regex_replace(text, self._alone, r" \1 ")
        words = tf.strings.split(text, " ")
        return tf.ragged.boolean_mask(words, words != "")

    def of_pieces(self, words: Any) -> Any:
        """Returns the ids of the pieces of words, joined pair by pair."""
        symbols = tf.strings.unicode_split(words.flat_values, "UTF-8")
        lengths = tf.cast(symbols.row_lengths(), tf.int32)[:, None]
        symbols = symbols.to_tensor()
        places = tf.range(tf.shape(symbols)[1])[None]
        symbols = tf.where(places == lengths - 1, symbols + END, symbols)
        ids = tf.where(places < lengths, self.table.lookup(symbols), 0)
        (ids,) = tf.while_loop(
            lambda ids: tf.reduce_any(self._ranks(ids)[0] < LAST),
            lambda ids: (self._joined(ids),),
            (ids,),
            shape_invariants=(tf.TensorShape((None, None)),),
        )
        unknown = tf.reduce_any(ids == UNKNOWN, axis=1, keepdims=True)
        pieces = tf.RaggedTensor.from_tensor(
            tf.where(unknown, tf.zeros_like(ids), ids)
        )
        return words.with_flat_values(pieces).merge_dims(1, 2)

    def _ranks(self, ids: Any) -> tuple[Any, Any]:
        """Returns the rank of each id and its neighbour, and their product."""
        pairs, ranks, products = map(tf.constant, self._pairs)
        after = tf.pad(ids[:, 1:], ((0, 0), (0, 1)))
        asked = ids * self.size + after
        place = tf.minimum(
            tf.searchsorted(pairs, tf.reshape(asked, (-1,))),
            len(self._pairs[0]) - 1,
        )
        place = tf.reshape(place, tf.shape(ids))
        is_pair = tf.gather(pairs, place) == asked
        rank = tf.where(is_pair, tf.gather(ranks, place), LAST)
        return rank, tf.gather(products, place)

    def _joined(self, ids: Any) -> Any:
        """Joins the first pair of the lowest rank in each word (N, L)."""
        ranks, products = self._ranks(ids)
        best = tf.argmin(ranks, axis=1)[:, None]
        some = tf.gather(ranks, best, batch_dims=1) < LAST
        best = tf.where(some, best, LAST)
        places = tf.range(tf.shape(ids)[1], dtype=tf.int64)[None]
        after = tf.pad(ids[:, 1:], ((0, 0), (0, 1)))
        moved = tf.where(places > best, after, ids)
        return tf.where(places == best, products, moved)
