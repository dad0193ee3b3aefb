"""Styles: what a mapping network makes, and a synthesis network takes."""

import numpy as np

from keras_gans.modalities.modality import Modality


class Styles(Modality):
    """A vector w for each layer of a synthesis network.

    Args:
        layers: Number of layers that take a w.
        dim: Dimensions of w.
    """

    is_data = False

    def __init__(self, layers: int, dim: int):
        self.shape = (int(layers), int(dim))

    @property
    def layers(self) -> int:
        """Number of layers that take a w."""
        return self.shape[0]

    @property
    def dim(self) -> int:
        """Dimensions of w."""
        return self.shape[1]

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws styles (num, layers, dim) of N(0, 1)."""
        return rng.standard_normal((num, *self.shape)).astype("float32")
