"""Truncation: how far styles may lie from their mean."""

import warnings
from typing import Any

import numpy as np
from keras import ops

from keras_gans.modalities.latents import Latents
from keras_gans.modalities.modality import Modality


class Truncation(Modality):
    """The psi of truncation in W, a number for each row; 1 unless it is given.

    A generator with a mapping network moves w towards its mean by it, w' =
    mean + psi (w - mean): images of psi below 1 vary less and look more usual
    (Karras et al. 2019, appendix B). It is an input of the generator, so that
    `generate(truncation=0.7)` and exports have it.
    """

    shape = ()
    is_drawn = True
    is_data = False

    def check(self, values: Any, name: str = "truncation") -> np.ndarray:
        """Checks numbers (N,), and warns of those outside of [0, 1].

        Raises:
            ValueError: For other shapes, and for what is not finite.
        """
        values = super().check(values, name)
        if len(values) and not (values.min() >= 0 and values.max() <= 1):
            warnings.warn(
                f"`{name}` is usually in [0, 1]: beyond it styles lie further "
                "from their mean than in training. "
                f"Received: {values.min():g} to {values.max():g}",
                stacklevel=2,
            )
        return values

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Returns ones (num,): nothing is truncated."""
        return np.ones(num, "float32")

    def sample(self, draw: Any, num: Any) -> Any:
        """Returns ones (num,)."""
        return ops.ones((num,), "float32")

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws numbers (num,) from U(0, 1)."""
        return rng.uniform(0.0, 1.0, num).astype("float32")

    def arguments(self, name: str) -> dict[str, Any]:
        """Returns nothing: no constructor has an argument for it."""
        return {}

    def describe(self) -> str:
        """Returns the range in words."""
        return "a number in [0, 1]"


class WholeLatents(Latents):
    """Vectors of N(0, 1) that are never truncated themselves.

    They are what a mapping network takes; `Truncation` acts on what it makes.

    Args:
        dim: Number of dimensions.
    """

    options = ()
