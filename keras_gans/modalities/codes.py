"""Codes: latents whose parts mean something."""

import functools
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.modalities.latents import Latents


class Codes(Latents):
    """InfoGAN's latents: noise, a one-hot category, and continuous codes.

    Noise is drawn from N(0, 1), continuous codes from U(-1, 1).

    Args:
        noise_dim: Dimensions of the noise.
        num_categories: Number of values of the categorical code.
        num_continuous: Number of continuous codes.
    """

    options = ()

    def __init__(
        self, noise_dim: int, num_categories: int, num_continuous: int
    ):
        super().__init__(noise_dim + num_categories + num_continuous)
        self.noise_dim = noise_dim
        self.num_categories = num_categories
        self.num_continuous = num_continuous

    def draw(  # type: ignore[override]  # nothing is truncated
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Draws noise and codes (num, dim) on the host."""
        noise = rng.standard_normal((num, self.noise_dim), dtype="float32")
        drawn = rng.integers(0, self.num_categories, num)
        codes = rng.uniform(-1.0, 1.0, (num, self.num_continuous))
        return self.join(noise, drawn, codes)

    def join(self, noise: Any, categories: Any, codes: Any) -> np.ndarray:
        """Joins the parts of latents; see `InfoGAN.make_latents`."""
        categories = np.asarray(categories)
        if ((categories < 0) | (categories >= self.num_categories)).any():
            raise ValueError(
                f"Categories must be in [0, {self.num_categories}). "
                f"Received: {categories.min()} to {categories.max()}"
            )
        one_hot = np.eye(self.num_categories)[categories]
        return np.concatenate([noise, one_hot, codes], -1).astype("float32")

    def sample(self, draw: Any, num: Any) -> Any:
        """Draws noise and codes (num, dim) in a training step."""
        noise = draw(keras.random.normal, num, self.noise_dim)
        category = functools.partial(
            keras.random.randint, minval=0, maxval=self.num_categories
        )
        code = functools.partial(keras.random.uniform, minval=-1.0, maxval=1.0)
        one_hot = ops.one_hot(draw(category, num), self.num_categories)
        codes = draw(code, num, self.num_continuous)
        return ops.concatenate([noise, one_hot, codes], -1)
