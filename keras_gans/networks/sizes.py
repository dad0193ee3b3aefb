"""Sizes of maps that double up to images, and halve down from them."""

from typing import Any

SMALLEST, LARGEST = 3, 8
"""Sides of the maps from which images grow."""

MOST = 1024
"""Pixels of an image's longest side."""


def check_size(image_shape: Any) -> tuple[tuple[int, int], int]:
    """Finds the maps from which images grow by doubling.

    Args:
        image_shape: (height, width, channels): height and width are a side of
            3 to 8 each, doubled as often.

    Returns:
        The height and width of the first maps, the smallest that will do, and
        how often they double.

    Raises:
        ValueError: For other sizes, with the nearest that will do.
    """
    shape = tuple(image_shape)
    if len(shape) == 3 and min(shape) >= 1 and max(shape[:2]) <= MOST:
        height, width = int(shape[0]), int(shape[1])
        for times in range(8, 0, -1):
            start = height / 2**times, width / 2**times
            if (
                min(start) >= SMALLEST
                and max(start) <= LARGEST
                and all(side.is_integer() for side in start)
            ):
                return (int(start[0]), int(start[1])), times
    raise ValueError(
        "Networks that double their maps make images (height, width, "
        "channels) whose height and width are 3 to 8 times the same power of "
        f"two, up to {MOST}{_nearest(shape)}. Received: image_shape={shape}"
    )


def _nearest(shape: tuple[Any, ...]) -> str:
    if len(shape) != 3 or min(shape) < 1:
        return ""
    sizes = [
        (h * 2**times, w * 2**times)
        for times in range(1, 9)
        for h in range(SMALLEST, LARGEST + 1)
        for w in range(SMALLEST, LARGEST + 1)
        if max(h, w) * 2**times <= MOST
    ]
    near = sorted(
        set(sizes), key=lambda s: abs(s[0] - shape[0]) + abs(s[1] - shape[1])
    )
    return f", such as {near[0]} or {near[1]}"


def start_size(image_shape: Any) -> tuple[int, int]:
    """Returns height and width of the maps from which images grow."""
    return check_size(image_shape)[0]


def doublings(image_shape: Any) -> int:
    """Returns how often maps double from `start_size` to the images."""
    return check_size(image_shape)[1]


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


def check_attention_size(image_shape: Any, attention_size: int) -> None:
    """Refuses a height of maps that networks for such images do not have.

    Raises:
        ValueError: For a height that is neither half of the images', nor half
            of that, and so on, above `start_size`.
    """
    (height, _), times = check_size(image_shape)
    sizes = [height * 2**i for i in range(1, times)]
    if attention_size not in sizes:
        raise ValueError(
            f"Images of {tuple(image_shape)} can be given attention at maps "
            f"with a height of {sizes}. Received: attention_size="
            f"{attention_size!r}"
        )
