"""Anime faces and the sentences of their colours, split before any training.

Every image has one hair and one eye colour; its sentence is "red hair blue
eyes". Fifteen pairs of colours with at least 20 images each are held out whole.
Of every other pair 10 % of the images are for tests and 25 % for the judges;
the GANs learn from the rest. The images of the held-out pairs are shared
between tests and judges.
"""

import collections
import csv
import dataclasses

import numpy as np
from PIL import Image

from keras_gans.modalities import Text, Vocabulary

HELD_OUT_PAIRS, LEAST = 15, 20
TEST, JUDGE = 0.1, 0.25


@dataclasses.dataclass
class Part:
    """Images, and the number of hair and eye colour of each."""

    images: np.ndarray
    hair: np.ndarray
    eyes: np.ndarray

    @property
    def pairs(self):
        """The colours of each image, (N, 2)."""
        return np.stack([self.hair, self.eyes], 1)


class Anime:
    """The split data.

    Attributes:
        hair: The names of the hair colours; `eyes` those of the eyes'.
        train: What GANs learn from; `judge` what the judges do.
        test: Images of seen pairs; `test_held_out` of the held-out ones.
        unseen: All images that no GAN learns from.
        pairs: Pairs of colours (M, 2) by group: "seen", "held out", "never".
        text: The modality of the sentences.
    """

    def __init__(self, folder, size):
        with (folder / "tags.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.hair = sorted({row["hair_color"] for row in rows})
        self.eyes = sorted({row["eye_color"] for row in rows})
        hair = np.array([self.hair.index(row["hair_color"]) for row in rows])
        eyes = np.array([self.eyes.index(row["eye_color"]) for row in rows])
        images = np.stack([read(folder / row["file"], size) for row in rows])
        parts = split(hair, eyes, np.random.default_rng(0))

        def part(*numbers):
            chosen = np.isin(parts, numbers)
            return Part(images[chosen], hair[chosen], eyes[chosen])

        self.train, self.judge = part(0), part(2, 4)
        self.test, self.test_held_out = part(1), part(3)
        self.unseen = part(1, 2, 3, 4)
        every = [
            (h, e) for h in range(len(self.hair)) for e in range(len(self.eyes))
        ]
        held_out = set(map(tuple, self.test_held_out.pairs.tolist()))
        seen = set(map(tuple, self.train.pairs.tolist()))
        self.pairs = {
            "seen": np.array([p for p in every if p in seen]),
            "held out": np.array(sorted(held_out)),
            "never": np.array(
                [p for p in every if p not in seen and p not in held_out]
            ),
        }
        words = Vocabulary.from_captions([self.caption(h, e) for h, e in every])
        seen = self.pairs["seen"]  # in the order of hair
        examples = [self.caption(*p) for p in seen[5 :: len(seen) // 8][:8]]
        self.text = Text(words, length=4, examples=examples)

    def caption(self, hair, eyes):
        """Returns the sentence of two colours, by their numbers."""
        return f"{self.hair[hair]} hair {self.eyes[eyes]} eyes"

    def prompts(self, pairs):
        """Returns the ids of the sentences of pairs (N, 2)."""
        return self.text.check([self.caption(*pair) for pair in pairs])

    def vectors(self, pairs):
        """Returns pairs as vectors of 1 for each of their two colours."""
        pairs = np.asarray(pairs)
        hair, eyes = np.eye(len(self.hair)), np.eye(len(self.eyes))
        both = np.concatenate([hair[pairs[:, 0]], eyes[pairs[:, 1]]], 1)
        return both.astype("uint8")


def read(path, size):
    """Returns an image as uint8 (size, size, 3)."""
    with Image.open(path) as image:
        if image.size != (size, size):
            image = image.resize((size, size), Image.Resampling.BOX)
        return np.asarray(image.convert("RGB"))


def split(hair, eyes, rng):
    """Returns the part of each image.

    0: training, 1: tests, 2: judges, 3 and 4: tests and judges of held-out
    pairs.
    """
    pairs = list(zip(hair.tolist(), eyes.tolist(), strict=True))
    counts = collections.Counter(pairs)
    many = sorted(pair for pair, count in counts.items() if count >= LEAST)
    chosen = rng.choice(len(many), HELD_OUT_PAIRS, replace=False)
    held_out = {many[i] for i in chosen}
    parts = np.zeros(len(pairs), int)
    for pair in sorted(counts):
        rows = rng.permutation(
            [i for i, other in enumerate(pairs) if other == pair]
        )
        if pair in held_out:
            parts[rows] = 3 + np.arange(len(rows)) % 2
            continue
        # A share of a few images is rounded at random.
        tests = int(TEST * len(rows) + rng.uniform())
        judges = int(JUDGE * len(rows) + rng.uniform())
        parts[rows[:tests]] = 1
        parts[rows[tests : tests + judges]] = 2
    return parts
