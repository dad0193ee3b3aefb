"""Photographs from files: all of their bits, and all that goes with them."""

import contextlib
import dataclasses
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ARRAY = ".npy"
"""The ending of files of arrays, for any number of channels."""

MOST_PIXELS = 2**30
"""Larger pictures are refused: their files may be made to fill the memory."""

GREY_AND_ALPHA = "LA;16B"
"""Pillow's name of the rows of 16-bit PNG files with grey and alpha."""

ORIENTATION, EXIF_IFD = 0x0112, 0x8769

# What a TIFF file says of its own layout, which a new file has anew.
_LAYOUT = (
    *(254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277),
    *(278, 279, 284, 317, 318, 319, 320, 322, 323, 324, 325, 330, 338, 339),
    *(347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532),
    *(34675, 700),
)


@dataclasses.dataclass
class Kept:
    """What goes with the pixels of a photograph, and is kept.

    Attributes:
        exif: EXIF without orientation (the pixels are upright) and without
            the thumbnail, as bytes.
        profile: The ICC colour profile.
        xmp: XMP.
        text: A PNG file's text, by keyword.
        info: Resolution, and what a PNG or JPEG file says besides.
    """

    exif: bytes = b""
    profile: bytes | None = None
    xmp: bytes | None = None
    text: dict[str, str] = dataclasses.field(default_factory=dict)
    info: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Photograph:
    """A photograph, upright.

    Attributes:
        pixels: (H, W, C), uint8 or uint16; float32 in [-1, 1] of an array.
            C is 1 or 3, of an array any number.
        alpha: Its transparency (H, W, 1) of the same type, or None.
        kept: What goes with it.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    kept: Kept = dataclasses.field(default_factory=Kept)


def read_photograph(path: str | os.PathLike) -> Photograph:
    """Reads an image file, or an array (H, W, C) from a `.npy` file.

    16 bits are kept of grey, RGB and RGBA images, and of grey PNG files with
    transparency. Palettes become colours, and CMYK becomes RGB, without its
    profile. Of an animation it is the first frame.

    Args:
        path: The file.

    Raises:
        ValueError: For values that have no stated range, and for a picture of
            more than `MOST_PIXELS` pixels.
        Exception: Where the file is damaged, an error of nearly any type.
    """
    if Path(path).suffix.lower() == ARRAY:
        return _read_array(path)
    with _of_any_size(), Image.open(path) as image:
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(
                f"Pictures may have {MOST_PIXELS:,} pixels at most. Received: "
                f"{image.width}x{image.height}"
            )
        wide = _in_16_bits(path, image)
        kept, orientation = _kept(image)
        pixels = _in_8_bits(image) if wide is None else wide
    pixels = _upright(pixels, orientation)
    if pixels.shape[-1] in (1, 3):
        return Photograph(pixels, None, kept)
    alpha = np.ascontiguousarray(pixels[..., -1:])
    return Photograph(np.ascontiguousarray(pixels[..., :-1]), alpha, kept)


def _read_array(path: str | os.PathLike) -> Photograph:
    pixels = np.load(path, mmap_mode="r", allow_pickle=False)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    if pixels.ndim != 3 or 0 in pixels.shape:
        raise ValueError(
            "An array must have the shape (H, W, C). "
            f"Received: shape {pixels.shape}"
        )
    if pixels.dtype not in (np.uint8, np.uint16):
        if pixels.dtype.kind != "f" or not np.abs(pixels).max() <= 1:
            raise ValueError(
                "An array must be uint8, uint16 or float in [-1, 1]. "
                f"Received: {pixels.dtype} from {pixels.min()} to "
                f"{pixels.max()}"
            )
        pixels = np.asarray(pixels, "float32")
    return Photograph(pixels)


@contextlib.contextmanager
def _of_any_size() -> Iterator[None]:
    """Lifts Pillow's limit, which is lower than photographs are large."""
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _in_16_bits(path: Any, image: Any) -> np.ndarray | None:
    """Returns the pixels of a 16-bit image, (H, W, C), else None."""
    if image.mode.startswith("I"):
        values = np.asarray(image)
        if values.min() < 0 or values.max() > 65535:
            raise ValueError(
                "grey values must lie in [0, 65535]. "
                f"Received: {values.min()} to {values.max()}"
            )
        return values.astype("uint16")[..., None]
    if image.mode not in ("LA", "RGB", "RGBA") or not image.tile:
        return None
    names = [word for tile in image.tile for word in _words(tile[3])]
    if GREY_AND_ALPHA in names:
        return _grey_and_alpha(path)
    raw = f"{image.mode};16"
    names = [word for word in names if word.startswith(raw)]
    if len(names) < len(image.tile):
        return None
    # Pillow has no mode for it, and takes the upper byte of each value. Read
    # in the other byte order, that is the lower one.
    order = names[0].removeprefix(raw)
    little = order == "L" or (order == "N" and sys.byteorder == "little")
    again: Any
    with Image.open(path) as again:
        swapped = raw + ("B" if little else "L")
        again.tile = [
            type(tile)(*tile[:3], _replaced(tile[3], names[0], swapped))
            for tile in again.tile
        ]
        low = np.asarray(again)
        return np.asarray(image).astype("uint16") * 256 + low


def _grey_and_alpha(path: Any) -> np.ndarray:
    """Returns the pixels of a 16-bit PNG file, (H, W, 2)."""
    # Its four bytes a pixel are read as those of RGBA.
    again: Any
    with Image.open(path) as again:
        again._mode = "RGBA"
        again.tile = [
            type(tile)(*tile[:3], _replaced(tile[3], GREY_AND_ALPHA, "RGBA"))
            for tile in again.tile
        ]
        return np.asarray(again).view(">u2").astype("uint16")


def _words(arguments: Any) -> list[str]:
    given = arguments if isinstance(arguments, tuple) else (arguments,)
    return [word for word in given if isinstance(word, str)]


def _replaced(arguments: Any, old: str, new: str) -> Any:
    if isinstance(arguments, tuple):
        return tuple(new if word == old else word for word in arguments)
    return new


def _in_8_bits(image: Image.Image) -> np.ndarray:
    """Returns the pixels (H, W, C): grey, grey and alpha, RGB or RGBA."""
    if image.mode == "F":
        raise ValueError("float images have no stated range. Received: mode F")
    grey = image.mode in ("1", "L", "LA", "La")
    if image.has_transparency_data:
        image = image.convert("LA" if grey else "RGBA")
    else:
        image = image.convert("L" if grey else "RGB")
    pixels = np.asarray(image)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _kept(image: Image.Image) -> tuple[Kept, int]:
    """Returns what goes with the pixels, and how they are turned."""
    image.load()  # A PNG file may have text behind its pixels.
    exif = image.getexif()
    orientation = exif.get(ORIENTATION, 1)
    for tag in set(_LAYOUT) & set(exif):
        del exif[tag]
    info = image.info
    named = ("dpi", "comment", "gamma", "srgb", "chromaticity")
    xmp = info.get("xmp")
    text = {
        key: value
        for key, value in getattr(image, "text", {}).items()
        if key != "XML:com.adobe.xmp" and not key.startswith("Raw profile")
    }
    # A profile of CMYK says nothing of RGB.
    in_rgb = image.mode not in ("CMYK", "LAB")
    kept = Kept(
        exif.tobytes() if len(exif) else b"",
        info.get("icc_profile") if in_rgb else None,
        xmp.encode() if isinstance(xmp, str) else xmp,
        text,
        {name: info[name] for name in named if name in info},
    )
    return kept, orientation


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Turns pixels (H, W, C) as EXIF says they are to be seen."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)
