"""Picture files of requests and answers, by Pillow on every backend."""

import io
from typing import Any

import numpy as np
from PIL import Image as Picture

from keras_gans.data.images.decoding import MODES, fit_image, open_image
from keras_gans.exporting.limits import MOST_PIXELS, MOST_PIXELS_WHOLE
from keras_gans.modalities import Image, Mask, Modality

FORMATS = ("PNG", "JPEG", "WEBP")
"""Formats that are read: Pillow's other readers never see a request."""


def is_picture(modality: Modality) -> bool:
    """Returns whether values can be read from and written to picture files."""
    return isinstance(modality, Image | Mask) and modality.shape[-1] in MODES


def decode(files: list[bytes], modality: Any, name: str) -> np.ndarray:
    """Reads files as a generator takes them.

    A generator of one size gets what `keras_gans.data.load` makes of a file:
    it covers that size, its edges are cut off evenly, and what is transparent
    lies on white. A generator of any size gets the whole picture.

    Args:
        files: The contents of the files, at least one.
        modality: An `Image` or a `Mask`.
        name: The name of the values, for errors.

    Returns:
        Carried values (N, H, W, C), uint8.

    Raises:
        ValueError: For what is no whole picture, for more pixels in all than
            allowed (before they are decoded), and for whole pictures of
            several sizes.
    """
    whole = getattr(modality, "any_size", False)
    most = MOST_PIXELS_WHOLE if whole else MOST_PIXELS
    sizes = [_size(file, name) for file in files]
    if sum(width * height for width, height in sizes) > most:
        raise ValueError(
            f"`{name}` may have {most:,} pixels in all. Received: "
            f"{', '.join(f'{w}x{h}' for w, h in sizes[:5])}"
        )
    if whole and len(set(sizes)) > 1:
        raise ValueError(
            f"`{name}` must be pictures of one size. Received: {set(sizes)}"
        )
    return np.stack([_pixels(file, modality, name) for file in files])


def _size(file: bytes, name: str) -> tuple[int, int]:
    """Returns the width and height that a file's header says."""
    try:
        with Picture.open(io.BytesIO(file), formats=FORMATS) as opened:
            return opened.size
    except Picture.DecompressionBombError as error:
        raise ValueError(
            f"`{name}` has too many pixels. Received: {error}"
        ) from error
    except Exception as error:  # a damaged header can raise nearly any
        raise ValueError(
            f"`{name}` must be files of {', '.join(FORMATS)}. "
            f"Received: {len(file)} bytes that begin with {file[:8]!r}"
        ) from error


def _pixels(file: bytes, modality: Any, name: str) -> np.ndarray:
    height, width, channels = modality.shape
    try:
        image = open_image(io.BytesIO(file))
        if getattr(modality, "any_size", False):
            width, height = image.size
        pixels = fit_image(image, (height, width, channels))
    except Exception as error:  # a damaged file can raise nearly any
        raise ValueError(
            f"`{name}` must be whole picture files. "
            f"Received: {len(file)} bytes, {error}"
        ) from error
    if isinstance(modality, Mask):
        return (pixels > 127).astype("uint8") * np.uint8(255)
    return pixels


def encode(values: np.ndarray, modality: Modality) -> np.ndarray:
    """Returns carried values (N, ...) as PNG files, objects (N,)."""
    files = np.empty(len(values), object)
    for i, value in enumerate(values):
        buffer: Any = io.BytesIO()
        modality.write(buffer, value)
        files[i] = buffer.getvalue()
    return files
