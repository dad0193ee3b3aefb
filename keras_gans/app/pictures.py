"""Pictures that the app shows and is given, and numbers of its controls."""

from typing import Any

import numpy as np

from keras_gans.data.images.decoding import fit_array
from keras_gans.pictures import make_grid


def shown(images: np.ndarray, columns: int | None = None) -> np.ndarray:
    """Returns images (N, H, W, C) as a picture large enough to look at."""
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    padding = 0 if len(images) == 1 else 2
    grid = make_grid(images, columns, padding, scale_of(images, columns))
    return grid[..., 0] if grid.shape[-1] == 1 else grid


def scale_of(images: np.ndarray, columns: int = 1) -> int:
    """Returns how large a pixel is shown."""
    return max(1, 512 // (columns * images.shape[2]))


def fitted(pixels: np.ndarray, shape: Any) -> np.ndarray:
    """Cuts and resizes pixels, as `keras_gans.data.load` does."""
    return fit_array(pixels[None], shape)[0]


def whole(value: Any) -> int:
    """Reads a number of a control, where it may be empty."""
    if value is None or int(value) != value:
        raise ValueError(f"It must be a whole number. Received: {value}")
    return int(value)


def checked(pixels: Any, most: int) -> np.ndarray:
    """Returns a photograph (H, W, 3), if there is one and not too large."""
    if pixels is None:
        raise ValueError("Choose a picture. Received: none")
    height, width = pixels.shape[:2]
    if height * width > most:
        raise ValueError(
            f"Pictures may have {most:,} pixels here. "
            f"Received: {width}x{height}"
        )
    return pixels
