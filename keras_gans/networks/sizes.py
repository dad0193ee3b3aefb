"""Sizes of the maps in networks that double or halve them."""

from typing import Any

SMALLEST, LARGEST = 3, 8
"""Smallest and largest height or width of a generator's first maps."""

MOST = 1024
"""Largest height or width of an image, in pixels."""


def check_size(image_shape: Any) -> tuple[tuple[int, int], int]:
    """Finds the size of a generator's first maps, and how often they double.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024.

    Returns:
        The height and width of the first maps, as small as possible, and the
        number of doublings from them to the images.

    Raises:
        ValueError: For other sizes; the message names two that are near.
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
        "`image_shape` must be (height, width, channels), with a height and "
        "a width of 3 to 8 times the same power of two, up to "
        f"{MOST}{_nearest(shape)}. Received: image_shape={shape}"
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
    """Returns height and width of a generator's first maps."""
    return check_size(image_shape)[0]


def doublings(image_shape: Any) -> int:
    """Returns the number of doublings from `start_size` to the images."""
    return check_size(image_shape)[1]


def builders_named(networks: str, builders: dict[str, Any]) -> Any:
    """Returns the builders of a variant's networks by their name.

    Args:
        networks: The name.
        builders: The builders by name.

    Raises:
        ValueError: For a name that is not in `builders`.
    """
    if networks not in builders:
        raise ValueError(
            f"`networks` must be one of {list(builders)}. "
            f"Received: {networks!r}"
        )
    return builders[networks]


def chosen_attention_size(image_shape: Any, attention_size: int | None) -> int:
    """Returns the height of the maps that get attention.

    Args:
        image_shape: (height, width, channels).
        attention_size: Height of the maps; None for the largest that are
            smaller than the images and at most 32 high.

    Raises:
        ValueError: For a height that is not half of the images', half of
            that, and so on, above that of the first maps.
    """
    (height, _), times = check_size(image_shape)
    sizes = [height * 2**i for i in range(1, times)]
    if attention_size is None:
        attention_size = max((s for s in sizes if s <= 32), default=0)
    if attention_size not in sizes:
        raise ValueError(
            f"For images of {tuple(image_shape)} `attention_size` must be the "
            f"height of a network's maps, one of {sizes}. "
            f"Received: attention_size={attention_size!r}"
        )
    return attention_size
