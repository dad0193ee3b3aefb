"""Names of the rows and columns of a picture, black on white."""

import textwrap
from collections.abc import Sequence

import numpy as np

WHITE = 255
WIDEST = 24
"""Most letters of a row's name in a line."""


def name_strip(
    names: Sequence[str], size: int, padding: int, across: bool = False
) -> np.ndarray:
    """Writes a name beside each row of a grid, or above each column.

    Args:
        names: The names, "" for none.
        size: Height of a row, or width of a column, in pixels.
        padding: Pixels around each of them.
        across: Whether the names stand above columns.

    Returns:
        uint8 (height, width): as high as the rows and as wide as the names
        need, or the other way round.
    """
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(min(20, max(10, size // 4)))
    letters = int(size / font.getlength("n")) if across else WIDEST
    wrapped = [
        "\n".join(textwrap.wrap(name, max(1, letters))) for name in names
    ]
    pen = ImageDraw.Draw(Image.new("L", (1, 1)))
    boxes = [pen.multiline_textbbox((0, 0), name, font) for name in wrapped]
    length = padding + len(names) * (size + padding)
    needed = int(max(box[3 if across else 2] for box in boxes)) + 8
    shape = (length, needed) if across else (needed, length)
    strip = Image.new("L", shape, WHITE)
    pen, end = ImageDraw.Draw(strip), needed - 4
    for i, name in enumerate(wrapped):
        middle = padding + i * (size + padding) + size / 2
        at, anchor = ((middle, end), "md") if across else ((end, middle), "rm")
        align = "center" if across else "right"
        pen.multiline_text(at, name, 0, font, anchor, align=align)
    return np.asarray(strip)


def like(strip: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Returns a strip (height, width) with a picture's channels, opaque."""
    channels = picture.shape[-1]
    strip = np.repeat(strip[..., None], channels, axis=-1)
    if channels == 4:
        strip[..., 3] = WHITE
    return strip
