"""TIFF files of 8 or 16 bits, written row by row, uncompressed (TIFF 6.0).

Pillow writes no RGB of 16 bits, and needs the whole picture in memory; its
`ImageFileDirectory_v2` writes the tags.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import IO

import numpy as np
from PIL import Image, TiffTags
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from keras_gans.modalities.image import SOFTWARE
from keras_gans.photographs.reading import EXIF_IFD, Kept

GPS_IFD = 0x8825
STRIP = 2**22
"""Bytes in a strip, about."""


def write_tiff(
    file: IO[bytes],
    bands: Iterator[np.ndarray],
    shape: tuple[int, int, int],
    bits: int,
    kept: Kept,
) -> None:
    """Writes a TIFF file.

    Args:
        file: Where to write.
        bands: Arrays (rows, W, C) of uint8 or uint16, from top to bottom.
        shape: (H, W, C) of the picture; C is 1, 2 (with alpha), 3 or 4.
        bits: 8 or 16.
        kept: What goes with the pixels.

    Raises:
        ValueError: For more than 4 GB, which the format does not hold.
    """
    height, width, channels = shape
    row = width * channels * bits // 8
    if row * height > 2**32 - 2**24:
        raise ValueError(
            "A TIFF file holds 4 GB at most: choose PNG. "
            f"Received: a picture of {row * height / 2**30:.1f} GB"
        )
    tags = _tags_of(kept)
    rows = min(height, max(1, STRIP // row))
    starts = range(0, height, rows)
    tags[256], tags[257] = width, height
    tags[258] = (bits,) * channels
    tags[259] = 1  # not compressed
    tags[262] = 2 if channels > 2 else 1  # RGB; grey, 0 is black
    tags[277], tags[278], tags[284] = channels, rows, 1
    # Relative to the end of the tags.
    tags.tagtype[273] = tags.tagtype[279] = TiffTags.LONG
    tags[273] = tuple(start * row for start in starts)
    tags[279] = tuple(min(rows, height - start) * row for start in starts)
    if channels in (2, 4):
        tags[338] = (2,)  # alpha that is not multiplied into the colours
    tags.save(file)
    for band in bands:
        kind = "<u2" if bits == 16 else "u1"
        file.write(np.ascontiguousarray(band, kind).data)


def _tags_of(kept: Kept) -> ImageFileDirectory_v2:
    tags = ImageFileDirectory_v2(b"II\x2a\0\0\0\0\0")
    tags[305] = SOFTWARE
    if "dpi" in kept.info:
        across, down = (
            IFDRational(Fraction(float(x)).limit_denominator(1000))
            for x in kept.info["dpi"]
        )
        tags[282], tags[283], tags[296] = across, down, 2
    exif = Image.Exif()
    exif.load(kept.exif)
    for tag, value in exif.items():
        if tag not in (EXIF_IFD, GPS_IFD):
            tags[tag] = value
    for tag in (EXIF_IFD, GPS_IFD):
        if inner := exif.get_ifd(tag):
            tags.tagtype[tag] = TiffTags.LONG
            tags[tag] = dict(inner)
    if kept.profile:
        tags.tagtype[34675] = TiffTags.UNDEFINED
        tags[34675] = kept.profile
    if kept.xmp:
        tags.tagtype[700] = TiffTags.BYTE
        tags[700] = kept.xmp
    return tags
