"""Photographs to files, whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.files import atomic_path
from keras_gans.photographs.png import write_png
from keras_gans.photographs.reading import ARRAY, EXIF_IFD, Kept
from keras_gans.photographs.tiff import write_tiff

BY_ROWS = {
    ".png": write_png,
    ".tif": write_tiff,
    ".tiff": write_tiff,
}
"""Formats that hold 16 bits, and need not be in memory as a whole."""

OPAQUE = (".bmp", ".jfif", ".jpe", ".jpeg", ".jpg")
AT_ONCE = (*OPAQUE, ".webp")
WRITABLE = (*BY_ROWS, *AT_ONCE, ARRAY)
"""The endings of files that can be written."""


def write_photograph(
    path: str | os.PathLike,
    bands: Iterator[np.ndarray],
    shape: tuple[int, int, int],
    dtype: Any,
    kept: Kept,
) -> None:
    """Writes a photograph; the file is there as a whole, or not at all.

    JPEG and WebP are written at quality 95, JPEG without subsampling of
    colours, and need the whole picture in memory.

    Args:
        path: The file; its ending is one of `WRITABLE`.
        bands: Arrays (rows, W, C), from top to bottom.
        shape: (H, W, C) of the picture; C is 1, 2 (with alpha), 3 or 4, of an
            array any number.
        dtype: uint8, uint16 or float32, of the bands. Formats of 8 bits get
            8; of floats too.
        kept: What goes with the pixels.

    Raises:
        ValueError: For transparency in a format that has none, and for what a
            format cannot hold.
        OSError: If it cannot be written; the message names the file.
    """
    suffix = Path(path).suffix.lower()
    dtype = np.dtype(dtype)
    _check(suffix, shape)
    kept = _of_size(kept, shape)
    with atomic_path(path) as draft:
        if suffix == ARRAY:
            with open(draft, "wb") as file:
                header = {"descr": dtype.str, "fortran_order": False}
                header["shape"] = shape
                np.lib.format.write_array_header_1_0(file, header)
                for band in bands:
                    file.write(np.ascontiguousarray(band, dtype).data)
        elif suffix in BY_ROWS:
            bits = 16 if dtype == np.uint16 else 8
            values = bands if bits == 16 else map(_in_8_bits, bands)
            with open(draft, "wb") as file:
                BY_ROWS[suffix](file, values, shape, bits, kept)
        else:
            pixels, row = np.empty(shape, "uint8"), 0
            for band in map(_in_8_bits, bands):
                pixels[row : row + len(band)] = band
                row += len(band)
            _write_at_once(draft, suffix, pixels, kept)


def _check(suffix: str, shape: tuple[int, int, int]) -> None:
    height, width, channels = shape
    if suffix == ARRAY:
        return
    if channels > 4:
        raise ValueError(
            f"Pictures have 1 to 4 channels; arrays (.npy) any number. "
            f"Received: {channels} channels for a {suffix} file"
        )
    if suffix in OPAQUE and channels in (2, 4):
        raise ValueError(
            f"{suffix} files hold no transparency: choose PNG. "
            "Received: a picture with alpha"
        )
    most = {".webp": 16383, ".png": 2**31 - 1}.get(suffix, 65535)
    if suffix in AT_ONCE and max(height, width) > most:
        raise ValueError(
            f"{suffix} files have sides of {most} pixels at most: choose PNG. "
            f"Received: {width}x{height}"
        )


def _in_8_bits(band: np.ndarray) -> np.ndarray:
    if band.dtype == np.uint16:
        return np.rint(band / 257.0).astype("uint8")
    if band.dtype == np.float32:
        return np.clip(np.rint((band + 1) * 127.5), 0, 255).astype("uint8")
    return band


def _of_size(kept: Kept, shape: tuple[int, int, int]) -> Kept:
    """Returns what is kept, with the new height and width in the EXIF."""
    if not kept.exif:
        return kept
    exif = Image.Exif()
    exif.load(kept.exif)
    inner = exif.get_ifd(EXIF_IFD)
    for tag, side in ((0xA002, shape[1]), (0xA003, shape[0])):
        if tag in inner:
            inner[tag] = side
    return Kept(exif.tobytes(), kept.profile, kept.xmp, kept.text, kept.info)


def _write_at_once(
    draft: Path, suffix: str, pixels: np.ndarray, kept: Kept
) -> None:
    grey = pixels.shape[-1] == 1
    image = Image.fromarray(pixels[..., 0] if grey else pixels)
    if suffix == ".bmp":
        image.save(draft)
        return
    options = {
        "exif": kept.exif,
        "icc_profile": kept.profile,
        "xmp": kept.xmp,
        "quality": 95,
    }
    if suffix == ".webp":
        if image.mode == "LA":
            image = image.convert("RGBA")
        image.save(draft, "WEBP", **_given(options))
        return
    options |= {"dpi": kept.info.get("dpi"), "subsampling": 0}
    options["comment"] = kept.info.get("comment")
    image.save(draft, "JPEG", **_given(options))


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value}
