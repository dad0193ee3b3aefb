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


def builders_named(networks: str, builders: dict[str, Any]) -> Any:
    """Returns the functions that build a variant's networks of a name.

    Raises:
        ValueError: For another name than those of `builders`.
    """
    if networks not in builders:
        raise ValueError(
            f"`networks` must be one of {list(builders)}. "
            f"Received: {networks!r}"
        )
    return builders[networks]


def start_size(image_shape: tuple[int, int, int]) -> int:
    """Returns the side of the maps from which images grow by doubling: 4 or 7.

    Raises:
        ValueError: For images that are neither 28x28 nor square with a side
            of 16, 32, 64, 128 or 256.
    """
    shape = tuple(image_shape)
    sides = (16, 28, 32, 64, 128, 256)
    if len(shape) != 3 or shape[0] != shape[1] or shape[0] not in sides:
        raise ValueError(
            "Networks that double their maps make square images, (side, side, "
            "channels), with a side of 16, 28, 32, 64, 128 or 256. "
            f"Received: image_shape={shape}"
        )
    return 7 if shape[0] == 28 else 4


def doublings(image_shape: tuple[int, int, int]) -> int:
    """Returns how often maps double from `start_size` to the images."""
    side = int(image_shape[0])
    return (side // start_size(image_shape)).bit_length() - 1


def check_attention_size(
    image_shape: tuple[int, int, int], attention_size: int
) -> None:
    """Refuses a side of maps that networks for such images do not have.

    Raises:
        ValueError: For a side that is neither half of the images', nor half
            of that, and so on, above `start_size`.
    """
    start = start_size(image_shape)
    sizes = [start * 2**i for i in range(1, doublings(image_shape))]
    if attention_size not in sizes:
        raise ValueError(
            f"Images of {tuple(image_shape)} can be given attention at maps "
            f"with a side of {sizes}. Received: attention_size="
            f"{attention_size!r}"
        )
