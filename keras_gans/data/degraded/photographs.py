"""Random crops of photographs, and small copies of them."""

import copy
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Picture

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.degraded.resizing import resize
from keras_gans.data.degraded.second_order import second_order
from keras_gans.data.folders import Files
from keras_gans.data.images.decoding import MODES, open_image
from keras_gans.data.images.folder import find_images, stored_mode
from keras_gans.data.source import Source
from keras_gans.data.splits import split_folder
from keras_gans.modalities import Image

Degrade = Callable[
    [np.ndarray, tuple[int, int], np.random.Generator], np.ndarray
]


def bicubic(
    image: np.ndarray, size: tuple[int, int], rng: np.random.Generator
) -> np.ndarray:
    """Reduces an image as MATLAB does; nothing is drawn."""
    return resize(image, size)


DEGRADATIONS: dict[str, Degrade] = {
    "bicubic": bicubic,
    "second_order": second_order,
}
"""Functions of a uint8 image, a size and a generator of random numbers."""


class DegradedImages(Source):
    """Crops of photographs under "images", small copies under "inputs".

    In training, each pass over the data crops each photograph at new places.
    Outside of it rows are the middles of the photographs, not flipped, so
    that scores on held-out photographs compare. What is drawn follows from
    the seed, the pass and the row, so a resumed run sees what it would have
    seen.

    Args:
        files: The files, checked.
        image_shape: (height, width, channels) of the crops.
        scale: How many times larger they are than the small copies.
        degradation: A name of `DEGRADATIONS`, or such a function.
        flip: Whether to flip half of the rows from left to right.
        turn: Whether to turn rows by 0, 90, 180 or 270 degrees.
        crops: Rows of each photograph in a pass.
        cache: Whether to keep decoded photographs in memory.
        background: The colour that transparent images are laid over.
        seed: Seed of what is drawn.
    """

    def __init__(
        self,
        files: Files,
        image_shape: tuple[int, int, int],
        scale: int,
        degradation: str | Degrade,
        flip: bool,
        turn: bool,
        crops: int,
        cache: bool,
        background: Any,
        seed: int,
    ):
        height, width, channels = self.image_shape = image_shape
        self.small = (height // scale, width // scale)
        self.paths = files.paths
        self.skipped = files.skipped
        self.name = files.folder.resolve().name
        self.degrade = (
            DEGRADATIONS[degradation]
            if isinstance(degradation, str)
            else degradation
        )
        self.flip = flip
        self.turn = turn
        self.crops = crops
        self.background = background
        self.seed = seed
        self.nth_pass: int | None = None
        self._decoded: dict[int, np.ndarray] | None = {} if cache else None
        self.modalities = {
            "inputs": Image(*self.small, channels),
            "images": Image(*image_shape),
        }

    @property
    def changes(self) -> str:  # type: ignore[override]
        """The crops, flips and turns, in words."""
        flips = ["half of the rows flipped left to right"] * self.flip
        turns = ["turned by quarters"] * self.turn
        return ", ".join(["cropped at random", *flips, *turns])

    def __len__(self) -> int:
        return len(self.paths) * self.crops

    def in_pass(self, nth_pass: int) -> "DegradedImages":
        """Returns the source with the crops of a pass over the data."""
        changed = copy.copy(self)
        changed.nth_pass = nth_pass
        return changed

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads, crops, flips and degrades photographs; see `Source.rows`."""
        images, inputs = [], []
        for index in np.asarray(indices).tolist():
            nth_pass = self.nth_pass
            draws = np.random.default_rng([self.seed, nth_pass or 0, index])
            image = self._photograph(index % len(self.paths))
            image = self._crop(image, None if nth_pass is None else draws)
            images.append(image)
            if names is None or "inputs" in names:
                inputs.append(self.degrade(image, self.small, draws))
        small = (*self.small, self.image_shape[-1])
        rows = {
            "inputs": np.array(inputs, "uint8").reshape(-1, *small),
            "images": np.array(images, "uint8").reshape(-1, *self.image_shape),
        }
        return {k: v for k, v in rows.items() if names is None or k in names}

    def _photograph(self, index: int) -> np.ndarray:
        if self._decoded is not None and index in self._decoded:
            return self._decoded[index]
        image = open_image(self.paths[index])
        channels = self.image_shape[-1]
        if image.mode == "RGBA" and channels != 4:
            canvas = Picture.new("RGBA", image.size, self.background)
            image = Picture.alpha_composite(canvas, image)
        pixels = np.asarray(image.convert(MODES[channels]))
        pixels = pixels.reshape(*pixels.shape[:2], channels)
        if self._decoded is not None:
            self._decoded[index] = pixels
        return pixels

    def _crop(
        self, image: np.ndarray, draws: np.random.Generator | None
    ) -> np.ndarray:
        height, width, _ = self.image_shape
        room = image.shape[0] - height, image.shape[1] - width
        if draws is None:
            top, left = room[0] // 2, room[1] // 2
            return image[top : top + height, left : left + width]
        top, left = (int(draws.integers(0, r + 1)) for r in room)
        crop = image[top : top + height, left : left + width]
        if draws.integers(2) and self.flip:
            crop = crop[:, ::-1]
        quarters = int(draws.integers(4)) * self.turn
        return np.ascontiguousarray(np.rot90(crop, quarters))


def degraded(
    source: str | os.PathLike,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    split: str = "train",
    corrupt: str = "error",
    scale: int = 4,
    degradation: str | Degrade = "bicubic",
    flip: bool = True,
    turn: bool = False,
    crops: int = 1,
    cache: bool = False,
    background: Any = "white",
    seed: int = 0,
) -> DegradedImages:
    """Makes a source of photographs and small copies, for super-resolution.

    Photographs are not resized: rows are crops of them. The small copies are
    made when the crops are read.

    Args:
        source: A folder of images of any sizes; it may have a sub-folder for
            each split.
        image_size: One side in pixels or (height, width) of the crops,
            multiples of the scale; None for 96, as in SRGAN's paper.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None for 1 where all images
            are grey, else 3.
        split: "train", or another split that the source has.
        corrupt: "error" to refuse a folder with unreadable files and images
            smaller than a crop, "skip" to leave them out; either way they are
            named.
        scale: How many times smaller the copies are.
        degradation: "bicubic", as in most papers; "second_order", as in
            Real-ESRGAN; or a function from a uint8 image (H, W, C), a size
            (height, width) and a `numpy.random.Generator` to a small uint8
            image.
        flip: Whether to flip half of the rows from left to right.
        turn: Whether to turn rows by quarters; they must be square.
        crops: Rows of each photograph in a pass over the data.
        cache: Whether to keep all decoded photographs in memory.
        background: The colour that transparent images are laid over.
        seed: Seed of crops, flips, turns and degradation.

    Returns:
        A source of the rows "inputs", the small copies, and "images".

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: For images that are smaller than a crop (all are named),
            and for wrong arguments.

    Example:
    ```python
    photographs = keras_gans.data.degraded("photos/", 128, scale=4, crops=8)
    ```
    """
    height, width = check_image_size(image_size) or (96, 96)
    check_channels(channels)
    check_crops(height, width, scale, crops, turn, degradation)

    def check(path: Path) -> tuple[int, int, str, str]:
        image = open_image(path)
        if image.height < height or image.width < width:
            raise ValueError(
                f"its {image.height}x{image.width} pixels are less than a crop "
                f"of {height}x{width}: `image_size` may be smaller"
            )
        return image.height, image.width, image.mode, stored_mode(path)

    files = find_images(split_folder(Path(source), split), corrupt, check)
    grey = all(facts[2] == "L" for facts in files.facts)
    channels = channels or (1 if grey else 3)
    if degradation == "second_order" and channels == 4:
        raise ValueError(
            'The degradation "second_order" compresses images by JPEG, which '
            "has no transparency. Received: channels=4"
        )
    return DegradedImages(
        files,
        (height, width, channels),
        scale,
        degradation,
        flip,
        turn,
        crops,
        cache,
        background,
        seed,
    )


def check_crops(
    height: int,
    width: int,
    scale: int,
    crops: int,
    turn: bool,
    degradation: str | Degrade,
) -> None:
    """Refuses arguments of `degraded` that do not go together.

    Raises:
        ValueError: For such.
    """
    if isinstance(degradation, str) and degradation not in DEGRADATIONS:
        raise ValueError(
            f"`degradation` must be one of {[*DEGRADATIONS]}, or a function. "
            f"Received: degradation={degradation!r}"
        )
    if scale < 1 or crops < 1 or height % scale or width % scale:
        raise ValueError(
            "`image_size` must be a multiple of `scale`, and `scale` and "
            f"`crops` at least 1. Received: image_size={(height, width)}, "
            f"scale={scale}, crops={crops}"
        )
    if turn and height != width:
        raise ValueError(
            "`turn` needs square crops. "
            f"Received: turn=True, image_size={(height, width)}"
        )
