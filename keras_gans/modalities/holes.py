"""Holes to train inpainting on: brush strokes and boxes, drawn as maps.

The strokes follow Algorithm 1 of Yu et al. 2019, arXiv:1806.03589, with the
numbers of the authors' code: up to three strokes of 4 to 11 lines each, which
turn to and fro by 2 pi / 5 give or take 2 pi / 15, are up to a quarter of the
image's diagonal long, and 12 to 40 pixels wide in an image of 256x256. Boxes
have sides of 3/8 to 1/2 of the image's.

All is computed from numbers U(0, 1), so that a training step can draw it on
any backend. Corners of strokes are whole pixels: the comparisons are exact.
"""

import math
from typing import Any

from keras import ops

STROKES = 3
"""Most strokes in a mask."""

FEWEST, MOST = 4, 11
"""Lines in a stroke."""

NARROWEST, WIDEST = 12 / 256, 40 / 256
"""Widths of a brush, as shares of the image's side."""

ANGLE, TURN = 2 * math.pi / 5, 2 * math.pi / 15
"""The angle between two lines, and by how much it differs at most."""

OF_A_STROKE = 4 + 2 * MOST
OF_STROKES = 3 + STROKES * OF_A_STROKE
OF_A_BOX = 4
"""Random numbers that a map takes."""


def boxes(numbers: Any, height: int, width: int) -> Any:
    """Draws a box in each map.

    Args:
        numbers: (N, OF_A_BOX), U(0, 1).
        height: Height of the maps.
        width: Width of the maps.

    Returns:
        Maps (N, height, width, 1) of 0.0 and 1.0.
    """
    rows = _span(numbers[:, 0], numbers[:, 1], height)
    columns = _span(numbers[:, 2], numbers[:, 3], width)
    return (rows[:, :, None] * columns[:, None, :])[..., None]


def _span(length: Any, place: Any, side: int) -> Any:
    """Returns 1.0 within a span of 3/8 to 1/2 of the side, else 0.0."""
    length = ops.floor((0.375 + 0.125 * length) * side)
    first = ops.floor(place * (side - length + 1.0))
    places = ops.arange(side, dtype="float32")[None]
    first, length = first[:, None], length[:, None]
    inside = ops.logical_and(places >= first, places < first + length)
    return ops.cast(inside, "float32")


def strokes(numbers: Any, height: int, width: int) -> Any:
    """Draws brush strokes in each map.

    Args:
        numbers: (N, OF_STROKES), U(0, 1).
        height: Height of the maps.
        width: Width of the maps.

    Returns:
        Maps (N, height, width, 1) of 0.0 and 1.0.
    """
    of_map, of_each = numbers[:, :3], numbers[:, 3:]
    of_each = ops.reshape(of_each, (-1, STROKES, OF_A_STROKE))
    places = ops.arange(STROKES, dtype="float32")[None]
    is_drawn = places < 1 + ops.floor(of_map[:, :1] * STROKES)
    lines = FEWEST + ops.floor(of_each[..., 2] * (MOST - FEWEST + 1))
    # What is not drawn has no line, and not even a first corner.
    lines = ops.where(is_drawn, lines, -1.0)
    share = NARROWEST + (WIDEST - NARROWEST) * of_each[..., 3]
    radius = 0.5 * ops.maximum(1.0, share * math.sqrt(height * width))
    # Maps have the axes (N, STROKES, height, width).
    radius, lines = radius[..., None, None], lines[..., None, None]
    angles = ANGLE + TURN * (2.0 * of_each[..., 4 : 4 + MOST] - 1.0)
    lengths = math.hypot(height, width) / 4 * of_each[..., 4 + MOST :]
    # A mirrored map is one whose strokes go the other way.
    mirror = ops.where(of_map[:, 1:] < 0.5, -1.0, 1.0)
    downs = lengths * ops.sin(angles) * mirror[:, :1, None]
    alongs = lengths * ops.cos(angles) * mirror[:, 1:, None]

    def add_line(i: Any, state: Any) -> Any:
        row, column, painted = state
        turn = 1.0 - 2.0 * ops.cast(i % 2, "float32")
        new_row = _pixel(row + turn * ops.take(downs, i, -1), height)
        new_column = _pixel(column + ops.take(alongs, i, -1), width)
        start, end = (row, column), (new_row, new_column)
        line = _line(start, end, radius, height, width)
        line = line | _disc(end, radius, height, width)
        return (
            new_row,
            new_column,
            painted | (line & (lines > ops.cast(i, "float32"))),
        )

    row = ops.floor(of_each[..., 0] * height)
    column = ops.floor(of_each[..., 1] * width)
    painted = _disc((row, column), radius, height, width) & (lines >= 0)
    *_, painted = ops.fori_loop(0, MOST, add_line, (row, column, painted))
    return ops.cast(ops.any(painted, axis=1)[..., None], "float32")


def _pixel(place: Any, side: int) -> Any:
    return ops.floor(ops.clip(place, 0, side - 1))


def _from(place: Any, height: int, width: int) -> tuple[Any, Any]:
    """Returns the distances of all rows and columns from a place."""
    rows = ops.arange(height, dtype="float32")[:, None]
    columns = ops.arange(width, dtype="float32")[None]
    row, column = (x[..., None, None] for x in place)
    return rows - row, columns - column


def _disc(centre: Any, radius: Any, height: int, width: int) -> Any:
    down, along = _from(centre, height, width)
    return down * down + along * along <= radius * radius


def _line(start: Any, end: Any, radius: Any, height: int, width: int) -> Any:
    """Returns what lies beside a line, between its ends."""
    down, along = _from(start, height, width)
    rows, columns = (
        (b - a)[..., None, None] for a, b in zip(start, end, strict=True)
    )
    squared = rows * rows + columns * columns
    forward = down * rows + along * columns
    aside = down * columns - along * rows
    beside = ops.abs(aside) <= radius * ops.sqrt(squared)
    return beside & (forward > 0) & (forward < squared)
