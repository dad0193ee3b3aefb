"""Sources that have an order each."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.loading import load
from keras_gans.data.paired.aligned import (
    AlignedImages,
    check_names,
    enlarged_size,
)
from keras_gans.data.paired.two_folders import find_two_folders
from keras_gans.data.report import Origin
from keras_gans.data.source import ImageSource, Source
from keras_gans.modalities import Modality


class Unpaired(Source):
    """Sources that have an order each, and no rows in common.

    Args:
        sides: The sources. No name may be in two of them.
        name: The name of the data in records and messages.

    Raises:
        ValueError: Where two sides have a name in common.
    """

    def __init__(self, *sides: Source, name: str = "unpaired"):
        self._sides = sides
        self.name = name
        names = [key for side in sides for key in side.modalities]
        if len(set(names)) < len(names):
            raise ValueError(
                "Every side of unpaired data needs names of its own. "
                f"Received: {[list(side.modalities) for side in sides]}"
            )
        self.modalities = {
            key: modality
            for side in sides
            for key, modality in side.modalities.items()
        }

    @property
    def sides(self) -> tuple[Source, ...]:
        """The sources, each with an order of its own."""
        return self._sides

    def __len__(self) -> int:
        return max(len(side) for side in self.sides)

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads rows of all sides, to look at them; training reads the sides.

        Args:
            indices: The numbers of the rows, an int array (n,); a shorter
                side begins again at its end.
            names: The names to read; None for all.

        Returns:
            Carried values (n, ...) by name.
        """
        indices = np.asarray(indices)
        rows: dict[str, np.ndarray] = {}
        for side in self.sides:
            own = [k for k in side.modalities if names is None or k in names]
            if own:
                rows |= side.rows(indices % len(side), own)
        return rows

    def in_pass(self, nth_pass: int) -> "Unpaired":
        """Returns the sides as a pass over the data sees them."""
        sides = (side.in_pass(nth_pass) for side in self.sides)
        return Unpaired(*sides, name=self.name)

    def check_column(self, name: str, modality: Modality) -> None:
        """Checks a column; see `Source.check_column`."""
        for side in self.sides:
            if name in side.modalities:
                side.check_column(name, modality)

    @property
    def changes(self) -> str:  # type: ignore[override]
        """What changes the sides at random."""
        return "; ".join(dict.fromkeys(s.changes for s in self.sides))

    def origins(self) -> dict[str, Origin]:
        """Returns what the images were; see `Source.origins`."""
        return {k: v for side in self.sides for k, v in side.origins().items()}

    def __repr__(self) -> str:
        sides = ", ".join(map(repr, self.sides))
        return f'Unpaired("{self.name}", {sides})'


def unpaired(
    a: Any,
    b: Any = None,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    split: str = "train",
    corrupt: str = "error",
    names: tuple[str, str] = ("images_a", "images_b"),
    flip: bool = False,
    jitter: int = 0,
    seed: int = 0,
) -> Unpaired:
    """Makes a source of two sets of images that have no pairs.

    Each set has an order of its own in training, and its own flips and crops.

    Args:
        a: Anything that `load` takes; or, where `b` is None, a folder with
            two sub-folders of images, or with `trainA` and `trainB` for the
            split "train".
        b: Anything that `load` takes, or None.
        image_size: One side in pixels or (height, width) to resize
            (antialiased) and crop to; None where all images of a set have one
            size.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None keeps them.
        split: "train", or another split that the data have.
        corrupt: "error" to refuse a folder with unreadable files, "skip" to
            leave them out; either way they are named.
        names: The names of the images of each set.
        flip: Whether to flip half of the images from left to right.
        jitter: The images are resized to this number of pixels more than
            `image_size`, and cropped to it at a random place.
        seed: Seed of flips and crops, a whole number from 0.

    Returns:
        A source with two sides, as long as the longer one.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: Where a single folder does not hold two sets, and for
            wrong images and arguments.

    Reference:
        Zhu, Park, Isola and Efros, "Unpaired Image-to-Image Translation using
        Cycle-Consistent Adversarial Networks", arXiv:1703.10593.
    """
    size = enlarged_size(image_size, jitter)
    check_names(names)
    name = "unpaired"
    if b is None:
        name = Path(a).resolve().name
        a, b = _two_sets(a, split, names)
        split = "train"  # they are the sub-folders of the split
    sides = []
    for side, data in enumerate((a, b)):
        images = load(data, size, channels, split, corrupt)
        if not isinstance(images, ImageSource):
            raise ValueError(
                "Each of two unpaired sets must be a set of images. "
                f"Received: {images!r}"
            )
        sides.append(
            AlignedImages(
                [images],
                [names[side]],
                flip,
                jitter,
                2 * seed + side,
                images.name,
            )
        )
    return Unpaired(*sides, name=name)


def _two_sets(
    folder: str | os.PathLike, split: str, names: tuple[str, str]
) -> tuple[Path, Path]:
    found = find_two_folders(Path(folder), split, names)
    if found is None:
        inside = sorted(p.name for p in Path(folder).iterdir() if p.is_dir())
        raise ValueError(
            "A folder of two unpaired sets has exactly two sub-folders of "
            f"images, or {split}A and {split}B; or give two folders. "
            f"Received: {folder} with the sub-folders {inside}"
        )
    return found
