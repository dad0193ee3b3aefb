"""Sheets: samples of any modality in one picture."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from keras_gans.modalities import ClassLabel, Modality
from keras_gans.pictures.grids import make_grid
from keras_gans.pictures.names import WHITE, like, name_strip

Panel: TypeAlias = tuple[Modality, Any]
"""A modality, and values of it (N, ...)."""


def make_sheet(
    panels: Sequence[Panel],
    columns: int | None = None,
    classes: tuple[ClassLabel, Any] | None = None,
    scale: int | None = 1,
    padding: int = 2,
    channels: Sequence[int] | None = None,
) -> np.ndarray:
    """Draws samples in rows and columns, all panels of a sample side by side.

    Args:
        panels: What to draw of each sample from left to right, for instance
            an input and what was made of it: pairs of a modality and values
            (N, ...).
        columns: Samples in a row. None makes a row of each class, where there
            are two samples of each, and else a sheet that is about square.
        classes: The classes of the samples: their modality and their numbers,
            int (N,). The name of a class stands beside each row that holds
            one class only.
        scale: Every pixel becomes `scale` by `scale` pixels; None makes small
            samples large enough to look at.
        padding: Pixels around each sample.
        channels: The channels to show, one or three, of pictures that have
            them; None for all.

    Returns:
        One uint8 picture (height, width, C), C being 1, 3 or 4.

    Raises:
        ValueError: For pictures of other than 1, 3 or 4 channels, where
            `channels` chooses none.
    """
    cells = _side_by_side([draw(*panel, channels) for panel in panels])
    num, height, width, _ = cells.shape
    scale = scale or max(1, 64 // height)
    order = np.arange(num)
    if columns is None and classes is not None:
        order, columns = _by_class(np.asarray(classes[1]))
    if columns is None and len(panels) > 1:
        columns = max(1, round((num * height / width) ** 0.5))
    blank = np.full_like(cells[:1], WHITE)
    grid = make_grid(
        np.concatenate([cells, blank])[order], columns, padding, scale
    )
    if classes is None or columns is None:
        return grid
    kind, labels = classes
    names = _names_of_rows(kind, np.append(labels, -1)[order], columns)
    if not any(names):
        return grid
    strip = name_strip(names, height * scale, padding)
    return np.concatenate([like(strip, grid), grid], axis=1)


def draw(
    modality: Modality, values: Any, channels: Sequence[int] | None = None
) -> np.ndarray:
    """Draws values as pictures of 1, 3 or 4 channels.

    Args:
        modality: Their modality.
        values: The values (N, ...), carried or not.
        channels: As in `make_sheet`.

    Returns:
        uint8 pictures (N, H, W, C).

    Raises:
        ValueError: For another number of channels, and for `channels` that
            are not one or three whole numbers.
    """
    pictures = modality.pictures(values)
    if channels is not None:
        chosen = [int(channel) for channel in channels]
        if len(chosen) not in (1, 3) or min(chosen) < 0:
            raise ValueError(
                "`channels` must be one or three numbers of channels, from 0. "
                f"Received: channels={channels!r}"
            )
        if max(chosen) < pictures.shape[-1]:
            pictures = pictures[..., chosen]
    if pictures.shape[-1] not in (1, 3, 4):
        raise ValueError(
            "A picture shows 1, 3 or 4 channels: choose with "
            "`channels=(0, 1, 2)` or `channels=(0,)`. Received: "
            f"{modality.describe()}, channels={channels}"
        )
    return pictures


def _side_by_side(panels: list[np.ndarray]) -> np.ndarray:
    """Joins pictures (N, H, W, C), of the same channels and height."""
    height = max(panel.shape[1] for panel in panels)
    depth = max(panel.shape[-1] for panel in panels)
    return np.concatenate([_fit(p, height, depth) for p in panels], axis=2)


def _fit(pictures: np.ndarray, height: int, depth: int) -> np.ndarray:
    factor = height // pictures.shape[1]
    pictures = pictures.repeat(factor, axis=1).repeat(factor, axis=2)
    if pictures.shape[-1] == 1 < depth:
        pictures = pictures.repeat(3, axis=-1)
    missing = (height - pictures.shape[1], depth - pictures.shape[-1])
    edges = ((0, 0), (0, missing[0]), (0, 0), (0, missing[1]))
    return np.pad(pictures, edges, constant_values=WHITE)  # opaque, too


def _by_class(labels: np.ndarray) -> tuple[np.ndarray, int | None]:
    """Returns an order with a row for each class, -1 for an empty cell.

    And the columns; the order as it is and None where a class has fewer than
    two samples.
    """
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    if min(map(len, members)) < 2:
        return np.arange(len(labels)), None
    columns = max(map(len, members))
    order = np.full((len(members), columns), -1)
    for row, rows in zip(order, members, strict=True):
        row[: len(rows)] = rows
    return order.ravel(), columns


def _names_of_rows(
    kind: ClassLabel, labels: np.ndarray, columns: int
) -> list[str]:
    """Returns the class of each row, "" for a row of several."""
    names = []
    for start in range(0, len(labels), columns):
        row = labels[start : start + columns]
        found = np.unique(row[row >= 0])
        names.append(kind.name_of(found[0]) if len(found) == 1 else "")
    return names
