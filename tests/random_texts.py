"""Random texts of words, marks, and any characters that Unicode has."""

import numpy as np

CAPTIONS = [
    "a man skiing with a yellow dog",
    "A red-haired girl, with blue eyes!",
    "skateboarding boys; two of them",
    "ÉTÉ straße ﬁn naïve",
    "黒い髪 and 青い目",
    "a dog's life 🐶🐶",
]
MARKS = (
    " \n\t\r'.,-_\u0300\u0301\u00a0\u2028ßéÉİıſ\ufb01\u200d\ufe0f\ufeff\0\x85"
)


def random_texts(num, seed=0):
    """Returns `num` texts of up to 12 parts each."""
    rng = np.random.default_rng(seed)

    def part():
        kind = rng.integers(7)
        if kind < 2:
            caption = CAPTIONS[rng.integers(len(CAPTIONS))]
            start = rng.integers(len(caption))
            return caption[start : start + rng.integers(1, 30)]
        if kind == 2:
            return MARKS[rng.integers(len(MARKS))]
        low, high = [
            (0, 0x590),
            (0x1E00, 0x3100),
            (0xD700, 0x10000),  # half characters too
            (0, 0x110000),
        ][kind - 3]
        return chr(rng.integers(low, high))

    lengths = rng.integers(0, 12, num)
    texts = ["".join(part() for _ in range(length)) for length in lengths]
    # Two halves side by side are one character, as they are in JavaScript.
    halves = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    return [half.decode("utf-16-le", "surrogatepass") for half in halves]
