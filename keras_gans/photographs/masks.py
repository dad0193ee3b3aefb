"""Masks from files: white where a photograph is to be filled in."""

import os

import numpy as np

from keras_gans.photographs.reading import read_photograph


def read_mask(
    path: str | os.PathLike, size: tuple[int, int], dilate: int = 0
) -> np.ndarray:
    """Reads the mask of a photograph.

    Args:
        path: An image file of black (keep) and white (fill in).
        size: Height and width of the photograph.
        dilate: Pixels by which what is filled in grows on all sides.

    Returns:
        uint8 (H, W, 1) of 0 and 1.

    Raises:
        ValueError: For a mask of another size, or of other values.
        Exception: Where the file is damaged.
    """
    pixels = read_photograph(path).pixels
    if pixels.shape[:2] != tuple(size):
        raise ValueError(
            f"a mask must be of the size of its photograph, {size[1]}x"
            f"{size[0]}. Received: {path} of {pixels.shape[1]}x"
            f"{pixels.shape[0]}"
        )
    white = 255 if pixels.dtype == np.uint8 else pixels.max()
    is_white = (pixels == white).all(-1, keepdims=True)
    is_black = (pixels == 0).all(-1, keepdims=True)
    if not (is_white | is_black).all():
        raise ValueError(
            "a mask must be black (keep) and white (fill in), and nothing "
            "between; JPEG blurs edges, PNG keeps them. Received: "
            f"{path} with {np.unique(pixels).size} values"
        )
    return dilated(is_white.astype("uint8"), dilate)


def dilated(mask: np.ndarray, pixels: int) -> np.ndarray:
    """Lets a mask (H, W, 1) grow by some pixels, in squares."""
    for axis in (0, 1):
        grown = mask
        for step in range(1, pixels + 1):
            for shift in (step, -step):
                grown = np.maximum(grown, _moved(mask, shift, axis))
        mask = grown
    return mask


def _moved(mask: np.ndarray, shift: int, axis: int) -> np.ndarray:
    moved = np.roll(mask, shift, axis)
    outside = slice(0, shift) if shift > 0 else slice(shift, None)
    moved[(slice(None),) * axis + (outside,)] = 0
    return moved
