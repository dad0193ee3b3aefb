"""Byte pairs: words in pieces that are frequent, Sennrich et al. 2016."""

import collections
import itertools
from collections.abc import Mapping, Sequence

END = " "
"""What follows the last character of a word, whose pieces thus end in it."""

Pair = tuple[str, str]


def characters(word: str) -> list[str]:
    """Returns the characters of a word, the last one with `END`."""
    return [*word[:-1], word[-1] + END]


def pieces(word: str, ranks: Mapping[Pair, int]) -> list[str]:
    """Returns the pieces of a word (section 3.2).

    Of all neighbours the pair of the lowest rank is joined first, the
    leftmost of several, until no pair is left that has a rank.

    Args:
        word: The word.
        ranks: The rank of every pair.
    """
    symbols = characters(word)
    while True:
        found = [
            ranks.get(pair, len(ranks)) for pair in itertools.pairwise(symbols)
        ]
        best = min(found, default=len(ranks))
        if best == len(ranks):
            return symbols
        i = found.index(best)
        symbols[i : i + 2] = [symbols[i] + symbols[i + 1]]


def learn_pairs(counts: Mapping[str, int], num: int) -> list[Pair]:
    """Learns pairs from words: algorithm 1.

    Args:
        counts: How often each word occurs.
        num: The most pairs to learn. A pair that occurs once is not learnt.

    Returns:
        The pairs in the order of their ranks.
    """
    words = {word: characters(word) for word in counts}
    pairs: list[Pair] = []
    while len(pairs) < num:
        found: collections.Counter[Pair] = collections.Counter()
        for word, symbols in words.items():
            for pair in itertools.pairwise(symbols):
                found[pair] += counts[word]
        if not found or max(found.values()) < 2:
            break
        pair = min(found, key=lambda pair: (-found[pair], pair))
        pairs.append(pair)
        for word, symbols in words.items():
            words[word] = _joined(symbols, pair)
    return pairs


def _joined(symbols: Sequence[str], pair: Pair) -> list[str]:
    joined: list[str] = []
    i = 0
    while i < len(symbols):
        step = 2 if tuple(symbols[i : i + 2]) == pair else 1
        joined.append("".join(symbols[i : i + step]))
        i += step
    return joined
