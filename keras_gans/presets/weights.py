"""Weights files from elsewhere: looked at before anything is read of them."""

import math
from pathlib import Path
from typing import Any

import h5py

from keras_gans.presets.limits import Limits


def count_weights(path: Path, origin: object, limits: Limits) -> int:
    """Returns the number of weights in an HDF5 file, without reading them.

    Args:
        path: The file.
        origin: Where it comes from, for the message.
        limits: What the preset may cost.

    Raises:
        ValueError: If the file is damaged, holds links to other files, holds
            arrays that are not plain numbers, or is larger than the limits,
            as it is or unpacked.
    """
    total = size = 0

    # What they return ends the visit; an exception would upset h5py.
    def look(name: str, item: Any) -> str | None:
        nonlocal total, size
        if not isinstance(item, h5py.Dataset):
            return None
        if item.external or item.is_virtual or item.dtype.hasobject:
            return name
        num = math.prod(item.shape or ())
        total += num
        size += num * item.dtype.itemsize
        return None

    def follow(name: str, link: Any) -> str | None:
        return None if isinstance(link, h5py.HardLink) else name

    try:
        with h5py.File(path, "r") as file:
            wrong = file.visititems_links(follow) or file.visititems(look)
    except (OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name} of the preset is damaged, or no HDF5 file of "
            f"weights: {error}. Received: {origin}"
        ) from error
    if wrong is not None:
        raise ValueError(
            f"{path.name} of the preset must hold plain numbers. Received: "
            f"{origin}, where {wrong!r} is a link or something else"
        )
    limits.check_bytes(size, f"{origin}, unpacked,")
    if total > limits.parameters:
        raise ValueError(
            f"The preset must have at most {limits.parameters:,} weights; "
            "`limits=keras_gans.presets.Limits(parameters=...)` allows more. "
            f"Received: {origin} with {total:,}"
        )
    return total
