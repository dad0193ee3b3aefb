"""PNG files of 8 or 16 bits, written row by row (ISO/IEC 15948).

Pillow writes no RGB of 16 bits, and needs the whole picture in memory.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import IO

import numpy as np
from PIL.PngImagePlugin import PngInfo, putchunk

from keras_gans.modalities.image import SOFTWARE
from keras_gans.photographs.reading import Kept

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
SUB, UP = 1, 2
AT_A_TIME = 2**22
"""Bytes of pixels that are filtered at a time, about."""


def write_png(
    file: IO[bytes],
    bands: Iterator[np.ndarray],
    shape: tuple[int, int, int],
    bits: int,
    kept: Kept,
) -> None:
    """Writes a PNG file.

    Args:
        file: Where to write.
        bands: Arrays (rows, W, C) of uint8 or uint16, from top to bottom.
        shape: (H, W, C) of the picture; C is 1, 2 (with alpha), 3 or 4.
        bits: 8 or 16.
        kept: What goes with the pixels.
    """
    height, width, channels = shape
    file.write(b"\x89PNG\r\n\x1a\n")
    header = (width, height, bits, COLOUR_TYPES[channels], 0, 0, 0)
    putchunk(file, b"IHDR", struct.pack(">2I5B", *header))
    _write_kept(file, kept)
    packer = zlib.compressobj(6)
    pixel = channels * bits // 8
    above = np.zeros(width * pixel, "uint8")
    few = max(1, AT_A_TIME // len(above))
    for band in bands:
        for start in range(0, len(band), few):
            part = band[start : start + few]
            rows = np.ascontiguousarray(part, ">u2" if bits == 16 else "u1")
            values = rows.view("uint8").reshape(len(part), -1)
            filtered = _filtered(values, above, pixel)
            above = values[-1]
            if data := packer.compress(filtered.tobytes()):
                putchunk(file, b"IDAT", data)
    putchunk(file, b"IDAT", packer.flush())
    putchunk(file, b"IEND")


def _filtered(values: np.ndarray, above: np.ndarray, pixel: int) -> np.ndarray:
    """Returns rows as differences from the left or from above.

    Each row takes the differences that are smaller, as libpng does.
    """
    left = np.pad(values, ((0, 0), (pixel, 0)))[:, : values.shape[1]]
    options = [values - left, values - np.vstack([above[None], values[:-1]])]
    sizes = [np.abs(x.view("int8").astype("int16")).sum(1) for x in options]
    kinds = np.where(sizes[0] <= sizes[1], SUB, UP).astype("uint8")[:, None]
    chosen = np.where(kinds == SUB, *options)
    return np.concatenate([kinds, chosen], axis=1)


def _write_kept(file: IO[bytes], kept: Kept) -> None:
    info = kept.info
    if kept.profile:
        data = b"ICC Profile\0\0" + zlib.compress(kept.profile)
        putchunk(file, b"iCCP", data)
    elif "srgb" in info:
        putchunk(file, b"sRGB", bytes([info["srgb"]]))
    if "gamma" in info:
        value = struct.pack(">I", round(info["gamma"] * 1e5))
        putchunk(file, b"gAMA", value)
    if "chromaticity" in info:
        values = (round(x * 1e5) for x in info["chromaticity"])
        putchunk(file, b"cHRM", struct.pack(">8I", *values))
    if "dpi" in info:
        across, down = (round(float(x) / 0.0254) for x in info["dpi"])
        putchunk(file, b"pHYs", struct.pack(">IIB", across, down, 1))
    if kept.exif:
        putchunk(file, b"eXIf", kept.exif.removeprefix(b"Exif\0\0"))
    notes = PngInfo()
    for keyword, text in {"Software": SOFTWARE, **kept.text}.items():
        notes.add_text(keyword, text)
    if kept.xmp:
        notes.add_itxt("XML:com.adobe.xmp", kept.xmp)
    for name, data, *_ in notes.chunks:
        putchunk(file, name, data)
