"""Sentence features: what a text encoder makes of a sentence."""

import numpy as np

from keras_gans.modalities.modality import Modality


class Sentences(Modality):
    """A vector for each sentence, which networks take in place of its words.

    Args:
        dim: Dimensions of the vectors.
    """

    is_data = False

    def __init__(self, dim: int):
        self.shape = (int(dim),)

    @property
    def dim(self) -> int:
        """Dimensions of the vectors."""
        return self.shape[0]

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws vectors (num, dim) of N(0, 1)."""
        return rng.standard_normal((num, self.dim)).astype("float32")
