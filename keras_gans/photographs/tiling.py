"""Large images through a network in tiles that overlap.

A tile's own edges are not those of the image: near them the network sees
padding where the image goes on. So each tile is larger than what is kept of it
by an overlap, at least as far as a pixel of the output looks; along the edges
of the image the tile ends there too. What is kept is then the same as that of
the whole image at once, up to the rounding of sums.

Bands of rows are yielded from top to bottom, so that neither the input as
floats nor the output is ever in memory as a whole.
"""

import dataclasses
import gc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from keras_gans.backend.memory import is_out_of_memory

Run = Callable[..., np.ndarray]
"""Function from tiles (h, w, C) to what is made of them, (h * s, w * s, D)."""


@dataclasses.dataclass
class Tiling:
    """How images are cut into tiles.

    Attributes:
        side: Height and width of a tile, in pixels of the input.
        overlap: Pixels of a tile, on each side that is not an edge of the
            image, that are not kept.
        scale: Pixels of the output for one of the input, along one axis.
        multiple: Tiles begin at multiples of it, and so large are the steps
            from one size of tiles to the next.
        remainder: What the tiles' heights and widths are above a multiple;
            None for as much as the image's own, which then needs no padding.
        fixed: The only height and width that the network takes, or None.
        halvings: How often the side was halved for want of memory.
    """

    side: int
    overlap: int
    scale: int = 1
    multiple: int = 1
    remainder: tuple[int, int] | None = (0, 0)
    fixed: tuple[int, int] | None = None
    halvings: int = 0

    def padding(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Returns the rows and columns to add for sizes that can be tiled.

        Args:
            shape: Height and width of the image.
        """
        if self.fixed is not None:
            rows, columns = (
                max(0, n - side)
                for n, side in zip(self.fixed, shape, strict=True)
            )
        else:
            rows, columns = (
                (n - side) % self.multiple
                for n, side in zip(self.remainder or shape, shape, strict=True)
            )
        return rows, columns

    def sides(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Returns the height and width of the tiles of a padded image."""
        if self.fixed is not None:
            return self.fixed
        least = self.steps() * 2 + self.multiple
        sides = []
        remainders = self.remainder or shape
        for length, remainder in zip(shape, remainders, strict=True):
            side = max(self.side, least)
            side -= (side - remainder) % self.multiple
            side += self.multiple * (side < least)
            sides.append(min(side, length))
        return sides[0], sides[1]

    def steps(self) -> int:
        """Returns the overlap in whole multiples."""
        return -(-self.overlap // self.multiple) * self.multiple

    def can_halve(self, shape: tuple[int, int]) -> bool:
        """Returns whether smaller tiles than the present ones are left."""
        smaller = dataclasses.replace(self, side=min(self.sides(shape)) // 2)
        return smaller.sides(shape) != self.sides(shape)

    def halve(self, shape: tuple[int, int]) -> None:
        """Takes tiles of half the side from now on."""
        self.side = max(self.sides(shape)) // 2
        self.halvings += 1


def bands(
    images: Sequence[np.ndarray],
    run: Run,
    tiling: Tiling,
    progress: Callable[[float], Any] = lambda share: None,
) -> Iterator[np.ndarray]:
    """Yields what a network makes of an image, band by band.

    Where memory runs out, the tiles are halved for the rest of this image
    and for all later ones that are given the same tiling.

    Args:
        images: The image, and what goes with it: arrays (H, W, C) of any
            types; `run` converts them.
        run: Function from the tiles of all of them to what is made.
        tiling: How to cut the image.
        progress: Called with the share of the image that is done, in (0, 1].

    Yields:
        Arrays (rows, W * scale, D), from top to bottom, H * scale rows in all.

    Raises:
        MemoryError: Where the smallest tiles are too large.
    """
    shape = images[0].shape[:2]
    whole = tuple(np.add(shape, tiling.padding(shape)))
    row = 0
    while row < shape[0]:
        height, width = tiling.sides(whole)
        rows = _spans(row, shape[0], whole[0], height, tiling)[0]
        columns = _spans(0, shape[1], whole[1], width, tiling)
        try:
            made = []
            for i, column in enumerate(columns):
                made.append(_kept(images, run, rows, column, tiling))
                part = (i + 1) / len(columns) * (rows.stop - row)
                progress((row + part) / shape[0])
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            # Its traceback holds the tensors of the tile.
            error.__traceback__ = None
            if not tiling.can_halve(whole):
                raise MemoryError(
                    f"Memory is too small even for tiles of {height}x{width} "
                    f"pixels. Received: {error}"
                ) from None
            tiling.halve(whole)
            made = []
        if not made:
            gc.collect()
            continue
        yield np.concatenate(made, axis=1)
        row = rows.stop


@dataclasses.dataclass
class _Span:
    """A tile along one axis, in pixels of the input.

    Attributes:
        begin: The first pixel of the tile.
        end: The pixel after the last one.
        start: The first pixel that is kept.
        stop: The pixel after the last one that is kept.
    """

    begin: int
    end: int
    start: int
    stop: int


def _spans(
    start: int, length: int, whole: int, side: int, tiling: Tiling
) -> list[_Span]:
    """Returns the tiles along an axis, from pixel `start` on.

    Args:
        start: The first pixel to keep.
        length: Pixels of the image.
        whole: Pixels of the padded image.
        side: Pixels of a tile.
        tiling: How to cut.
    """
    spans: list[_Span] = []
    step, multiple = tiling.steps(), tiling.multiple
    while start < length:
        begin = max(0, (start - step) // multiple * multiple)
        begin = min(begin, whole - side)
        end = begin + side
        stop = length if end >= whole else min(length, end - step)
        spans.append(_Span(begin, end, start, stop))
        start = stop
    return spans


def _kept(
    images: Sequence[np.ndarray],
    run: Run,
    rows: _Span,
    columns: _Span,
    tiling: Tiling,
) -> np.ndarray:
    height, width = images[0].shape[:2]
    down = _mirrored(rows.begin, rows.end, height)
    across = _mirrored(columns.begin, columns.end, width)
    made = run(*(image[down][:, across] for image in images))
    scale = tiling.scale
    top, left = rows.start - rows.begin, columns.start - columns.begin
    bottom, right = rows.stop - rows.begin, columns.stop - columns.begin
    # A copy: the rest of the tile is not to stay in memory.
    return made[
        top * scale : bottom * scale, left * scale : right * scale
    ].copy()


def _mirrored(begin: int, end: int, length: int) -> Any:
    """Returns which pixels to read; beyond the image it is mirrored."""
    if end <= length:
        return slice(begin, end)
    places = np.arange(begin, end) % (2 * length)
    return np.minimum(places, 2 * length - 1 - places)
