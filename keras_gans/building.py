"""Where the networks of a variant are built."""

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import keras


@contextlib.contextmanager
def building(
    seed: int | None = None, dtype: Any = None, **unused: Any
) -> Iterator[None]:
    """Builds layers that start alike for a seed and follow a dtype policy.

    Args:
        seed: Seed of the weights and of the layers' own random state; None
            for new ones. Nothing outside the layers is seeded.
        dtype: A Keras dtype policy; None for the global one.
        **unused: Other arguments of the variant.
    """
    policy, state = keras.config.dtype_policy(), random.getstate()
    keras.config.set_dtype_policy(dtype or policy)
    if seed is not None:
        # Keras draws the seed of each initializer and of each dropout layer
        # from Python's generator.
        random.seed(seed)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
        random.setstate(state)
