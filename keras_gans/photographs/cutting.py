"""How large the tiles of a network are, and how far they overlap."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.backend.memory import is_out_of_memory
from keras_gans.engine.any_size import FixedSizeError, network_at, size_of
from keras_gans.photographs.receptive_field import (
    ReceptiveField,
    own_remainder,
    receptive_field,
    tile_side,
)
from keras_gans.photographs.tiling import Run, Tiling

MEMORY = 2**30
"""Bytes that a tile's maps may take, about; four times as much for networks
that look at the whole picture, so that fewer pictures must be cut."""

ATTENTIVE = 512
"""The largest tile of networks with attention."""

BLIND = 32
"""Overlap of tiles where no overlap would be enough."""


class Cutter:
    """Finds the tiling of each photograph for a network.

    Args:
        network: The network.
        scale: By how much it enlarges.
        tile: Side of a tile; None for as much as `MEMORY` allows.
        overlap: Pixels of a tile that are not kept on each side; None for the
            reach of the receptive field. Where that is more than a quarter of
            a tile, None measures for each photograph how far away a pixel
            still makes a difference.

    Raises:
        ValueError: For a tile or an overlap that is too small.
    """

    def __init__(
        self,
        network: keras.Model,
        scale: int,
        tile: int | None = None,
        overlap: int | None = None,
    ):
        if (tile is not None and tile < 1) or (overlap or 0) < 0:
            raise ValueError(
                "`tile` must be at least 1 and `overlap` at least 0 pixels. "
                f"Received: tile={tile}, overlap={overlap}"
            )
        self.field = field = receptive_field(network)
        self.measures = overlap is None and field.windows is not None
        fixed = _fixed_size(network, field)
        remainder = own_remainder(network, field.multiple)
        self.tiling = Tiling(
            tile or _side(field, network),
            _overlap(field, fixed) if overlap is None else overlap,
            scale,
            1 if fixed else field.multiple,
            None if _fills_up(network, field, scale) else remainder,
            fixed,
        )

    def tiling_for(
        self, images: Sequence[np.ndarray], run: Run
    ) -> tuple[Tiling, str]:
        """Returns how to cut a photograph, and what is not exact about it.

        Args:
            images: The photograph, and what goes with it, (H, W, C) each.
            run: Function from tiles to what is made of them.

        Returns:
            The tiling, one for all photographs, so that halved tiles stay
            halved; and a note, "" where tiled equals untiled.
        """
        tiling, field = self.tiling, self.field
        height, width = images[0].shape[:2]
        whole = height + tiling.padding((height, width))[0]
        whole_width = width + tiling.padding((height, width))[1]
        if tiling.fixed is not None:
            if whole == height and tiling.fixed == (whole, whole_width):
                return tiling, ""
            size = "x".join(map(str, tiling.fixed))
            return tiling, f"made in parts of {size}, the network's own size"
        if self.measures:
            tiling.overlap = field.overlap
        if tiling.sides((whole, whole_width)) == (whole, whole_width):
            return tiling, ""
        if field.windows is None:
            names = ", ".join(field.unbounded[:2])
            return tiling, (
                f"made in tiles, though the network looks at the whole picture "
                f"({names})"
            )
        if self.measures and 4 * field.overlap > tiling.side:
            tiling.overlap = _halving(
                tiling, lambda: _measured(images, run, tiling)
            )
        if tiling.overlap >= field.overlap:
            return tiling, ""
        return tiling, (
            f"made in tiles that overlap by {tiling.overlap} pixels, where the "
            f"network looks {field.overlap} pixels far"
        )


def _side(field: ReceptiveField, network: keras.Model) -> int:
    if field.windows is not None:
        return tile_side(field, MEMORY)
    side = tile_side(field, 4 * MEMORY)
    norms = [
        isinstance(layer, keras.layers.GroupNormalization)
        for layer in network.layers
        if layer.name in field.unbounded
    ]
    # Attention compares all places with all, which takes more than maps do.
    only_norms = len(norms) == len(field.unbounded) and all(norms)
    return side if only_norms else min(side, ATTENTIVE)


def _overlap(field: ReceptiveField, fixed: tuple[int, int] | None) -> int:
    if fixed is not None:
        return min(fixed) // 8
    return BLIND if field.windows is None else field.overlap


def _fixed_size(
    network: keras.Model, field: ReceptiveField
) -> tuple[int, int] | None:
    """Returns the only size that a network takes, or None for any."""
    height, width = size_of(network)
    if height is None or width is None:
        return None
    try:
        network_at(network, (height + field.multiple, width + field.multiple))
    except FixedSizeError:
        return height, width
    return None


def _fills_up(network: keras.Model, field: ReceptiveField, scale: int) -> bool:
    """Returns whether a network of halvings takes odd sizes all the same."""
    if field.multiple == 1 or size_of(network) != (None, None):
        return field.multiple == 1
    side = field.multiple + 1
    shapes = [(1, side, side, x.shape[-1]) for x in network.inputs]
    try:
        made = network.compute_output_shape(
            shapes if len(shapes) > 1 else shapes[0]
        )
    except Exception:  # Each layer has its own.
        return False
    return tuple(made[1:3]) == (scale * side, scale * side)


def _halving(tiling: Tiling, measure: Callable[[], int]) -> int:
    """Measures, with halved tiles where memory runs out."""
    while True:
        try:
            return measure()
        except Exception as error:
            if not is_out_of_memory(error) or tiling.side < 32:
                raise
            error.__traceback__ = None
        tiling.side //= 2
        tiling.halvings += 1


TOLERANCES = {"uint8": 1.0, "uint16": 64.0, "float32": 0.25 / 127.5}
"""The least that makes a difference: what may round to another 8-bit value."""


def _measured(images: Sequence[np.ndarray], run: Run, tiling: Tiling) -> int:
    """Finds the overlap beyond which nothing visible changes.

    A tile from the middle is made, and then its own middle alone. Where the
    two differ, the edge of the smaller one still makes a difference.

    Returns:
        One and a half times the distance from there to that edge, at most a
        quarter of a tile.
    """
    multiple, scale = 4 * tiling.multiple, tiling.scale
    outer_box, inner_box, quarters = [], [], []
    for length, more in zip(
        images[0].shape[:2], tiling.remainder or (0, 0), strict=True
    ):
        side = (min(tiling.side, length) - more) // multiple * multiple
        begin = (length - side - more) // 2 // tiling.multiple * tiling.multiple
        quarter = side // 4
        outer_box.append(slice(begin, begin + side + more))
        begin += quarter
        inner_box.append(slice(begin, begin + 2 * quarter + more))
        quarters.append(quarter)
    if not min(quarters):
        return tiling.overlap
    outer = run(*(x[tuple(outer_box)] for x in images))
    inner = run(*(x[tuple(inner_box)] for x in images))
    y, x = (quarter * scale for quarter in quarters)
    same = outer[y : y + len(inner), x : x + inner.shape[1]]
    different = np.abs(same.astype("float32") - inner).max(-1)
    distance = np.minimum(
        *(_to_the_edge(n, i) for i, n in enumerate(different.shape))
    )
    matters = distance[different > TOLERANCES[inner.dtype.name]]
    reach = (int(matters.max()) // scale + 1) if matters.size else 0
    return min(reach + reach // 2 + 1, *quarters)


def _to_the_edge(length: int, axis: int) -> Any:
    places = np.arange(length)
    return np.expand_dims(np.minimum(places, length - 1 - places), 1 - axis)
