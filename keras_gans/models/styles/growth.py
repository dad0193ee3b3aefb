"""When a GAN grows: a schedule by the number of real images seen."""

import itertools
import numbers
from collections.abc import Sequence
from typing import Any, NamedTuple

from keras import ops

MOST_IMAGES = 2**31 - 1
"""Number of images up to which a schedule counts."""


class Stage(NamedTuple):
    """What happens at one size.

    Attributes:
        size: Side of the images.
        fading: Images over which the layers of this size fade in.
        stable: Images after that, until the next size begins.
        begin: Images seen before.
    """

    size: int
    fading: int
    stable: int
    begin: int


class Growth:
    """When a GAN grows, by the number of real images that it has seen.

    Karras et al. 2018, appendix A.1. `print(gan.growth)` shows it as a table.

    Args:
        schedule: The images in each phase, at least 0; or a list with
            (size, images of fading in, images after that) for each size,
            from the smallest to the largest. The smallest does not fade in,
            and the last one never ends.
        sizes: The sides of images, from the smallest to the largest.

    Raises:
        ValueError: For other sizes, for a schedule that ends before or beyond
            the full size, and for numbers out of range.
    """

    def __init__(
        self, schedule: int | Sequence[Sequence[int]], sizes: Sequence[int]
    ):
        rows: Any = schedule
        is_number = isinstance(schedule, numbers.Integral)
        if is_number and not isinstance(schedule, bool):
            first, *others = sizes
            later = [(size, schedule, schedule) for size in others]
            rows = [(first, 0, schedule), *later]
        try:
            rows = [tuple(row) for row in rows]
        except TypeError as error:
            raise ValueError(
                "`growth` must be a whole number of images, or a list with "
                "(size, images of fading in, images after that) for each "
                f"size. Received: growth={schedule!r}"
            ) from error
        _check(rows, list(sizes))
        ends = itertools.accumulate(row[1] + row[2] for row in rows)
        begins = [0, *ends][:-1]
        self.stages = [
            Stage(size, fading, stable, begin)
            for (size, fading, stable), begin in zip(rows, begins, strict=True)
        ]
        if begins[-1] + rows[-1][1] > MOST_IMAGES:
            raise ValueError(
                f"A schedule must reach full size by {MOST_IMAGES:,} images. "
                f"Received: {begins[-1] + rows[-1][1]:,}"
            )

    def size_at(self, images: int) -> int:
        """Returns the side of images after so many have been seen."""
        return max(s.size for s in self.stages if s.begin <= images)

    def shares(self, images: Any) -> dict[int, Any]:
        """Returns how far the layers of each size have faded in.

        Args:
            images: Number of real images seen, a whole number or a tensor.

        Returns:
            A float32 scalar in [0, 1] for every size but the smallest.
        """
        images = ops.convert_to_tensor(images, "int32")
        shares = {}
        for stage in self.stages[1:]:
            if stage.fading:
                seen = ops.clip(images - stage.begin, 0, stage.fading)
                share = ops.cast(seen, "float32") / stage.fading
            else:
                share = ops.cast(images >= stage.begin, "float32")
            shares[stage.size] = share
        return shares

    def __repr__(self) -> str:
        table = [("size", "from image", "fades in until", "stable until")]
        for size, fading, stable, begin in self.stages:
            faded = f"{begin + fading:,}" if fading else "-"
            until = f"{begin + fading + stable:,}"
            if size == self.stages[-1].size:
                until = "the end"
            table.append((f"{size}x{size}", f"{begin:,}", faded, until))
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return "\n".join(
            "  ".join(
                cell.rjust(width)
                for cell, width in zip(row, widths, strict=True)
            )
            for row in table
        )


def shrunk(images: Any, size: int) -> Any:
    """Returns images (N, side, side, C) averaged down to a size."""
    factor = images.shape[1] // size
    if factor == 1:
        return images
    return ops.average_pool(
        images, factor, factor, "valid", data_format="channels_last"
    )


def repeated(images: Any) -> Any:
    """Returns images of twice the size, each pixel repeated."""
    return ops.repeat(ops.repeat(images, 2, axis=1), 2, axis=2)


def real_at(images: Any, size: int, share: Any = None) -> Any:
    """Returns real images as a discriminator sees them at a size.

    While a size fades in, images are blended with those of half the size, as
    are generated ones (Karras et al. 2018, appendix A.1).

    Args:
        images: Real images of full size (N, side, side, C).
        size: The side to average them down to.
        share: How far this size has faded in, a scalar in [0, 1]; None where
            it does not.

    Returns:
        Images (N, size, size, C).
    """
    images = shrunk(images, size)
    if share is None:
        return images
    coarse = repeated(shrunk(images, size // 2))
    return (1.0 - share) * coarse + share * images


def _check(rows: list[tuple[int, ...]], sizes: list[int]) -> None:
    for row in rows:
        whole = all(isinstance(n, numbers.Integral) and n >= 0 for n in row)
        if len(row) != 3 or not whole:
            raise ValueError(
                "A schedule has a row (size, images of fading in, images after "
                "that) of whole numbers for each size, at least 0. "
                f"Received: {row}"
            )
    given = [row[0] for row in rows]
    if given and given[-1] > sizes[-1]:
        raise ValueError(
            "A schedule must not exceed the images' size, "
            f"{sizes[-1]}. Received: sizes {given}"
        )
    if given != sizes and given == sizes[: len(given)]:
        raise ValueError(
            f"A schedule must reach full size, {sizes[-1]}: the sizes are "
            f"{sizes}. Received: sizes {given}"
        )
    if given != sizes:
        raise ValueError(
            f"A schedule's sizes must be powers of two, all of {sizes}. "
            f"Received: sizes {given}"
        )
    if rows[0][1]:
        raise ValueError(
            "The smallest size has nothing to fade in from: the second number "
            f"of the first row must be 0. Received: {rows[0]}"
        )
