"""Latents: the random numbers that a generator turns into its output."""

from typing import Any

import keras
import numpy as np

from keras_gans.modalities.modality import Modality


class Latents(Modality):
    """Vectors of N(0, 1).

    Args:
        dim: Number of dimensions.

    Raises:
        ValueError: For less than one dimension.
    """

    is_drawn = True
    is_data = False
    options: tuple[str, ...] = ("truncation",)

    def __init__(self, dim: int):
        if dim < 1:
            raise ValueError(
                f"`latent_dim` must be at least 1. Received: latent_dim={dim}"
            )
        self.shape = (int(dim),)

    @property
    def dim(self) -> int:
        """Number of dimensions."""
        return self.shape[0]

    def draw(
        self,
        num: int,
        rng: np.random.Generator,
        truncation: float | None = None,
        **options: Any,
    ) -> np.ndarray:
        """Draws float32 latents (num, dim).

        Args:
            num: Number of latents.
            rng: The generator of random numbers.
            truncation: At least 0.01: numbers further from zero are drawn
                again (Brock et al. 2019, section 3.1), the others are those
                of the same seed without it. None for N(0, 1) as in training.
            **options: There are no others.

        Raises:
            ValueError: For a truncation below 0.01.
        """
        latents = rng.standard_normal((num, self.dim), dtype="float32")
        if truncation is None:
            return latents
        if not truncation >= 0.01:
            raise ValueError(
                "`truncation` must be at least 0.01, or None. "
                f"Received: truncation={truncation}"
            )
        while (outside := np.abs(latents) > truncation).any():
            latents[outside] = rng.standard_normal(
                outside.sum(), dtype="float32"
            )
        return latents

    def sample(self, draw: Any, num: Any) -> Any:
        """Draws latents (num, dim) in a training step."""
        return draw(keras.random.normal, num, self.dim)

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws latents (num, dim) of N(0, 1)."""
        return rng.standard_normal((num, self.dim)).astype("float32")

    def arguments(self, name: str) -> dict[str, Any]:
        """Returns `latent_dim`."""
        return {"latent_dim": self.dim}
