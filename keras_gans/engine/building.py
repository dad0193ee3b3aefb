"""What the networks of all variants are built with."""

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import keras


def check_players(players: dict[str, Any]) -> None:
    """Refuses what is no player: an argument that no one would heed.

    Raises:
        TypeError: For anything but networks, nested as they may be.
    """
    for player, networks in players.items():
        if not all(
            isinstance(n, keras.Model) for n in keras.tree.flatten(networks)
        ):
            raise TypeError(
                f"The variant has no argument {player!r}, nor is it a "
                f"player's network. Received: {player}={networks!r}"
            )


@contextlib.contextmanager
def building(
    seed: int | None = None,
    dtype: Any = None,
    name: str | None = None,
    ema_decay: float | None = None,
    **others: Any,
) -> Iterator[None]:
    """Builds layers that start alike for a seed and follow a dtype policy.

    Args:
        seed: Seed of the weights and of the layers' own random state; None
            for new ones. Nothing outside the layers is seeded.
        dtype: A Keras dtype policy; None for the global one.
        name: Of the GAN; it has no part in building.
        ema_decay: Of the GAN too.
        **others: Further players' networks.

    Raises:
        TypeError: For arguments that the variant would not heed.
    """
    check_players(others)
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
