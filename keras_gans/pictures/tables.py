"""Tables of pictures, with names for rows and columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans.modalities.image import to_uint8
from keras_gans.pictures.grids import make_grid
from keras_gans.pictures.names import WHITE, like, name_strip

FRAME = 3
"""Pixels of a frame, and of the space around every picture."""


def make_table(
    images: Any,
    rows: Sequence[str],
    columns: Sequence[str],
    framed: Any = None,
    scale: int | None = 1,
) -> np.ndarray:
    """Draws images in a table, with the names of its rows and columns.

    Args:
        images: Array (R, C, H, W, channels), uint8 or float in [-1, 1].
        rows: Names of the R rows, at their left.
        columns: Names of the C columns, above them.
        framed: bool (R, C): the images that get a black frame; None for none.
        scale: Every pixel becomes `scale` by `scale` pixels; None makes small
            images large enough to look at.

    Returns:
        One uint8 picture (height, width, channels).

    Raises:
        ValueError: Where there are not as many names as rows and columns.
    """
    images = to_uint8(images)
    if images.ndim != 5 or images.shape[:2] != (len(rows), len(columns)):
        raise ValueError(
            "A table needs images (R, C, H, W, channels), R names of rows and "
            f"C of columns. Received: shape {images.shape}, {len(rows)} and "
            f"{len(columns)} names"
        )
    height, width = images.shape[2:4]
    scale = scale or max(1, 64 // height)
    height, width = height * scale, width * scale
    flat = images.reshape(-1, *images.shape[2:])
    grid = make_grid(flat, len(columns), FRAME, scale)
    for row, column in np.argwhere(framed) if framed is not None else ():
        top, left = row * (height + FRAME), column * (width + FRAME)
        cell = grid[top : top + height + 2 * FRAME]
        cell = cell[:, left : left + width + 2 * FRAME]
        inside = cell[FRAME:-FRAME, FRAME:-FRAME].copy()
        cell[..., :3] = 0
        cell[FRAME:-FRAME, FRAME:-FRAME] = inside
    left = name_strip(rows, height, FRAME)
    above = name_strip(columns, width, FRAME, across=True)
    corner = np.full((len(above), left.shape[1]), WHITE, "uint8")
    top = np.concatenate([corner, above], axis=1)
    whole = np.concatenate([like(left, grid), grid], axis=1)
    return np.concatenate([like(top, grid), whole])
