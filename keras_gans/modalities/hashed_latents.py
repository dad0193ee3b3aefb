"""Latents that follow from a seed in the same way everywhere."""

from typing import Any

import numpy as np

from keras_gans.modalities.latents import Latents

STEPS = ((16, 0x21F0AAAD), (15, 0x735A2D97))
"""Shifts and factors of a hash of 32 bits, lowbias32 of Chris Wellons."""

APART = 0x5851F42D
"""What sets the hashes of seeds apart from those of places."""

SEEDS = 2**31
"""How many seeds there are."""


class HashedLatents(Latents):
    """Vectors of N(0, 1), each number a hash of the seed and its place.

    Row i of a seed is the same however many rows are drawn, and the same in
    NumPy, in a graph of TensorFlow and in a browser: what an export draws of
    a seed is what `generate` draws. Training draws as `Latents` does.

    Args:
        dim: Number of dimensions.
    """

    options = ()

    def draw(
        self,
        num: int,
        rng: np.random.Generator,
        truncation: float | None = None,
        **options: Any,
    ) -> np.ndarray:
        """Draws float32 latents (num, dim) of the seed that `rng` was made of.

        A seed counts as its remainder by `SEEDS`. There is no truncation.
        """
        seeds: Any = rng.bit_generator.seed_seq  # type: ignore[attr-defined]
        seed = seeds.entropy
        seed = seed if isinstance(seed, int) else int(rng.integers(SEEDS))
        place = np.arange(num * self.dim)
        u, v = uniform(np.array([seed % SEEDS]), place)
        numbers = np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)
        return numbers.reshape(num, self.dim).astype("float32")


def uniform(seed: Any, place: Any) -> tuple[Any, Any]:
    """Returns two numbers of (0, 1] and [0, 1) for every place.

    A latent is sqrt(-2 ln u) cos(2 pi v) of them (Box and Muller 1958).

    Args:
        seed: int64 (1,), in [0, SEEDS): an array or a tensor.
        place: int64 (N,), in [0, 2^31): row times dimensions plus dimension.

    Returns:
        float64 (N,) twice.
    """
    # Hashed twice: once, 2 * place of as much would always hash to zero.
    start = hashed(hashed(seed + 1) ^ APART)
    u = hashed(hashed(2 * place) ^ start) + 1
    v = hashed(hashed(2 * place + 1) ^ start)
    return u / 2**32, v / 2**32


def hashed(x: Any) -> Any:
    """Returns a hash in [0, 2^32) of whole numbers in it, int64."""
    for shift, factor in STEPS:
        x = (x ^ (x // 2**shift)) * factor % 2**32
    return x ^ (x // 2**15)
