"""Sizes of maps that double up to images, and halve down from them."""

from typing import Any


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
