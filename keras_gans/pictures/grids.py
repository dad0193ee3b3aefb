"""Many images in one picture."""

import os
from typing import Any

import numpy as np

from keras_gans.files import atomic_path
from keras_gans.modalities.image import to_uint8


def make_grid(
    images: Any,
    columns: int | None = None,
    padding: int = 2,
    scale: int = 1,
    background: int = 255,
) -> np.ndarray:
    """Lays images out in rows and columns.

    Args:
        images: Array (N, H, W, C), uint8 or float in [-1, 1].
        columns: Images in a row; None makes the grid as square as it can be.
        padding: Pixels around each image.
        scale: Every pixel of an image becomes `scale` by `scale` pixels.
        background: Grey level, 0 to 255, of the padding and of empty cells.

    Returns:
        One uint8 picture (height, width, C).

    Raises:
        ValueError: Where the images are not of rank 4, or there are none.
    """
    images = to_uint8(images)
    if images.ndim != 4 or not len(images):
        raise ValueError(
            "A grid needs images of shape (N, H, W, C). "
            f"Received: shape {images.shape}"
        )
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    rows = -(-len(images) // columns)
    images = images.repeat(scale, axis=1).repeat(scale, axis=2)
    _, height, width, channels = images.shape
    cells = np.full(
        (rows * columns, height + padding, width + padding, channels),
        background,
        "uint8",
    )
    cells[: len(images), :height, :width] = images
    grid = (
        cells.reshape(rows, columns, *cells.shape[1:])
        .swapaxes(1, 2)
        .reshape(rows * cells.shape[1], columns * cells.shape[2], channels)
    )
    edges = ((padding, 0), (padding, 0), (0, 0))
    return np.pad(grid, edges, constant_values=background)


def save_grid(path: str | os.PathLike, images: Any, **layout: Any) -> None:
    """Writes a grid of images to a file, whole or not at all.

    Args:
        path: The file; its ending says the format, for instance `.png`.
        images: Array (N, H, W, C), uint8 or float in [-1, 1], with one
            channel (grey), three (RGB) or four (RGBA).
        **layout: As `make_grid` takes it.

    Raises:
        ValueError: For another number of channels.
    """
    save_picture(path, make_grid(images, **layout))


def save_picture(path: str | os.PathLike, pixels: np.ndarray) -> None:
    """Writes one picture to a file, whole or not at all.

    Args:
        path: The file; its ending says the format, for instance `.png`.
        pixels: uint8 (height, width, C) with one channel (grey), three (RGB)
            or four (RGBA).

    Raises:
        ValueError: For another number of channels.
    """
    from PIL import Image

    if pixels.shape[-1] not in (1, 3, 4):
        raise ValueError(
            "A picture needs 1, 3 or 4 channels. "
            f"Received: {pixels.shape[-1]} channels"
        )
    picture = Image.fromarray(
        pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    )
    with atomic_path(path) as draft:
        picture.save(draft)
