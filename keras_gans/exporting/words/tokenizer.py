"""Makes the ids of a sentence, by the rules in vocabulary.json beside it."""

import itertools
import json
import re
from pathlib import Path

path = Path(__file__).with_name("vocabulary.json")
rules = json.loads(path.read_text("utf-8"))
ids = {word: i + 2 for i, word in enumerate(rules["words"])}
ranks = {(a, b): i for i, (a, b) in enumerate(rules["pairs"] or [])}
ends = [f"\\U{a:08x}-\\U{b:08x}" for a, b in rules["alone"]]
alone = re.compile("([" + ("".join(ends) or "\U0010ffff") + "])")


def pieces(word):
    """Returns a word, or the pieces that its characters are joined to."""
    if rules["pairs"] is None:
        return [word]
    parts = [*word[:-1], word[-1] + " "]
    while True:
        pairs = itertools.pairwise(parts)
        found = [ranks.get(pair, len(ranks)) for pair in pairs]
        best = min(found, default=len(ranks))
        if best == len(ranks):
            return parts
        i = found.index(best)
        parts[i : i + 2] = [parts[i] + parts[i + 1]]


def tokenize(text, length=rules["length"]):
    """Returns `length` ids: of the words that are known, then 0."""
    text = text.encode("utf-8", "replace").decode()
    text = "".join(rules["fold"].get(char, char) for char in text)
    words = [w for w in alone.sub(r" \1 ", text).split(" ") if w]
    cut = [parts for parts in map(pieces, words) if ids.keys() >= set(parts)]
    known = [ids[part] for parts in cut for part in parts] or [1]
    return (known + [0] * length)[:length]
