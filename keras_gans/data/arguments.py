"""Checks of arguments that several sources take."""

import numpy as np

CHANGES = ("flip", "jitter", "turn", "seed")
"""Arguments of readers that change rows at random, in training alone."""


def check_image_size(
    image_size: int | tuple[int, int] | None,
) -> tuple[int, int] | None:
    """Reads an `image_size` argument.

    Args:
        image_size: One side in pixels, (height, width), or None.

    Returns:
        (height, width), or None for None.

    Raises:
        ValueError: For anything else.
    """
    if image_size is None:
        return None
    size = np.asarray(image_size)
    if size.shape not in ((), (2,)) or size.dtype.kind != "i" or size.min() < 1:
        raise ValueError(
            "`image_size` must be a whole number of pixels or (height, "
            f"width). Received: {image_size!r}"
        )
    height, width = np.broadcast_to(size, 2).tolist()
    return height, width


def check_channels(channels: int | None, own: int | None = None) -> None:
    """Refuses numbers of channels that images cannot be converted to.

    Args:
        channels: 1 (grey), 3 (RGB), 4 (RGBA), the images' own number, or
            None.
        own: The images' own number, where it is known.

    Raises:
        ValueError: For anything else; for any other than their own, where
            that is not 1, 3 or 4.
    """
    if channels in (None, own):
        return
    if channels not in (1, 3, 4) or own not in (None, 1, 3, 4):
        images = "" if own is None else f" for images of {own} channels"
        raise ValueError(
            "`channels` must be 1 (grey), 3 (RGB) or 4 (RGBA); images of other "
            "numbers of channels keep theirs. "
            f"Received: {channels!r}{images}"
        )
