"""Values of options and the small files that they name, read and checked."""

import zipfile
from pathlib import Path

import numpy as np


def read_channels(text: str | None) -> tuple[int, ...] | None:
    """Reads the channels to show in pictures.

    Args:
        text: "0,1,2" or "0", or None.

    Raises:
        ValueError: For anything else.
    """
    if text is None:
        return None
    words = text.split(",")
    if len(words) not in (1, 3) or not all(w.isdecimal() for w in words):
        raise ValueError(
            "--show-channels takes one number of a channel, or three "
            f"separated by commas. Received: {text!r}"
        )
    return tuple(map(int, words))


def read_size(text: str | None) -> int | tuple[int, int] | None:
    """Reads the size of images.

    Args:
        text: "64" for squares, "48x64" for a height and a width, or None.

    Raises:
        ValueError: For anything else.
    """
    if text is None:
        return None
    sides = text.split("x")
    if len(sides) > 2 or not all(s.isdecimal() and int(s) for s in sides):
        raise ValueError(
            "--image-size takes a side in pixels, or HEIGHTxWIDTH. "
            f"Received: {text!r}"
        )
    height, width = int(sides[0]), int(sides[-1])
    return (height, width) if len(sides) == 2 else height


def read_layers(text: str | None) -> list[int] | None:
    """Reads numbers of layers, "0-3" or "0,2,5"; None for None.

    Raises:
        ValueError: For anything else.
    """
    if text is None:
        return None
    layers: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            layers += range(int(first), int(last or first) + 1)
    except ValueError:
        layers = []
    if not layers:
        raise ValueError(
            f"--layers takes 0-3 or 0,2,5. Received: --layers {text}"
        )
    return layers


def read_zeros_and_ones(file: Path) -> list[int]:
    """Reads 0 and 1 from a text file, separated by blanks or lines.

    Raises:
        ValueError: For anything else.
    """
    words = file.read_text().split()
    strange = [word for word in words if word not in ("0", "1")]
    if strange or not words:
        raise ValueError(
            "--labels is a text file of 0 and 1. "
            f"Received: {strange[:3]} in {file}"
        )
    return [int(word) for word in words]


def read_numbers(text: str, option: str) -> list[float]:
    """Reads numbers, "-3,0,1.5".

    Args:
        text: The numbers, separated by commas.
        option: The option that has them, for the error.

    Raises:
        ValueError: For anything else.
    """
    try:
        return [float(word) for word in text.split(",")]
    except ValueError as error:
        raise ValueError(
            f"{option} takes numbers separated by commas. "
            f"Received: {option} {text}"
        ) from error


def read_styles(file: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """Reads styles, and noise where there is any, that `project` wrote.

    Raises:
        ValueError: For another file.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            return arrays["styles"], arrays.get("noise")
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            "--styles takes the .npz that `keras-gans project` writes. "
            f"Received: {file}"
        ) from error


def read_condition(text: str) -> list[float] | str:
    """Reads a condition, "1,0,1": numbers, or else names as they are."""
    try:
        return read_numbers(text, "--label")
    except ValueError:
        return text
