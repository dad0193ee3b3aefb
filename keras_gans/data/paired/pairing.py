"""Pairs of images: the input of a generator, and the image to make of it."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.data.arguments import check_channels
from keras_gans.data.folders import Files
from keras_gans.data.images.decoding import fit_image, open_image
from keras_gans.data.images.encoded import FileImages
from keras_gans.data.images.folder import (
    find_images,
    shape_of,
    stored_mode,
)
from keras_gans.data.loading import load
from keras_gans.data.paired.aligned import (
    AlignedImages,
    check_names,
    enlarged_size,
)
from keras_gans.data.paired.making import MadeImages, Make, maker_named
from keras_gans.data.paired.two_folders import find_two_folders
from keras_gans.data.report import origin_of
from keras_gans.data.splits import split_folder


def pairs(
    source: Any,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    split: str = "train",
    corrupt: str = "error",
    names: tuple[str, str] = ("inputs", "images"),
    swap: bool = False,
    flip: bool = False,
    jitter: int = 0,
    seed: int = 0,
    make: str | Make | None = None,
) -> AlignedImages:
    """Makes a source of paired images, for translation from one to the other.

    The two images of a pair are resized, cropped and flipped alike.

    Args:
        source: With `make` the images, as `keras_gans.data.load` takes them;
            else one of

            - a folder of pictures that hold the two images side by side;
            - a folder with two sub-folders, whose files have the same names
              (the endings may differ); `trainA` and `trainB` for the split
              "train";
            - a tuple of two folders, whose files have the same names.

            Each may have a sub-folder for each split.
        image_size: One side in pixels or (height, width) of each image, to
            resize (antialiased) and crop to; None where all have one size.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None for 1 where all images
            are grey, else 3.
        split: "train", or another split that the source has.
        corrupt: "error" to refuse a folder with unreadable files, "skip" to
            leave their pairs out; either way they are named.
        names: The names of the two images: first the one that the generator
            takes, then the one that it makes.
        swap: False to take the left half or the first folder as the input,
            True for the right half or the second folder.
        flip: Whether to flip half of the pairs from left to right.
        jitter: The images are resized to this number of pixels more than
            `image_size`, and cropped to it at a random place.
        seed: Seed of flips and crops, a whole number from 0.
        make: How the inputs are made from images that have no partners:
            "grey" to learn colours, "sketch" for dark edges on white,
            "quarter" for a fourth of the sides, to enlarge whole images, or a
            function from a uint8 image (H, W, 3) to a uint8 image.

    Returns:
        A source with two images in each row.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: For images without a partner (all are named), pictures
            that cannot be cut in two halves, and wrong arguments.

    Example:
    ```python
    facades = keras_gans.data.pairs("facades", 256, flip=True, jitter=30)
    colours = keras_gans.data.pairs("photos", 64, make="grey")
    ```

    Reference:
        Isola, Zhu, Zhou and Efros, "Image-to-Image Translation with
        Conditional Adversarial Networks", arXiv:1611.07004, section 6.2.
    """
    size = enlarged_size(image_size, jitter)
    check_channels(channels)
    check_names(names)
    changes: dict[str, Any] = {"flip": flip, "jitter": jitter, "seed": seed}
    if make is not None:
        maker = maker_named(make)
        images: Any = load(source, size, channels or 3, split, corrupt)
        sides = MadeImages(images, maker), images
        changes["name"] = images.name
        return AlignedImages(sides[:: -1 if swap else 1], names, **changes)
    if isinstance(source, str | os.PathLike):
        folder = Path(source)
        changes["name"] = folder.resolve().name
        folders = find_two_folders(folder, split, names)
        if folders is None:
            folder = split_folder(folder, split)
            wide = _side_by_side(folder, size, channels, corrupt, swap)
            return AlignedImages([wide], names, **changes)
    else:
        if len(source) != 2:
            raise ValueError(
                "Pairs lie in one folder or in two. "
                f"Received: {len(source)} folders"
            )
        first, second = map(Path, source)
        changes["name"] = f"{first.name} and {second.name}"
        folders = split_folder(first, split), split_folder(second, split)
    sources = _matched(*folders, size, channels, corrupt)
    return AlignedImages(sources[:: -1 if swap else 1], names, **changes)


class _SideBySide(FileImages):
    """Pictures of two images side by side, each fitted by itself."""

    swap = False

    def fit_decoded(self, image: Image.Image) -> np.ndarray:
        height, width, depth = self.image_shape
        middle = image.width // 2
        halves = [
            image.crop((0, 0, middle, image.height)),
            image.crop((middle, 0, image.width, image.height)),
        ]
        halves = halves[::-1] if self.swap else halves
        shape = (height, width // 2, depth)
        return np.concatenate(
            [fit_image(half, shape, self.background) for half in halves], axis=1
        )


def _side_by_side(
    folder: Path,
    size: tuple[int, int] | None,
    channels: int | None,
    corrupt: str,
    swap: bool,
) -> _SideBySide:
    files = find_images(folder, corrupt, _check_halves)
    height, width, depth = shape_of(files, size, channels)
    source = _SideBySide(files.paths, (height, 2 * width, depth))
    source.swap = swap
    source.fitted_from = origin_of(files, (height, width, depth))
    return source


def _check_halves(path: Path) -> tuple[int, int, str, str]:
    image = open_image(path)
    if image.width % 2:
        raise ValueError(
            f"its width of {image.width} pixels is odd: it does not hold two "
            "images side by side"
        )
    return image.height, image.width // 2, image.mode, stored_mode(path)


def _matched(
    first: Path,
    second: Path,
    size: tuple[int, int] | None,
    channels: int | None,
    corrupt: str,
) -> list[FileImages]:
    sides = [find_images(folder, corrupt) for folder in (first, second)]
    by_name = [_by_name(files) for files in sides]
    _check_partners(sides, by_name)
    readable = [set(files.paths) for files in sides]
    kept = [
        (a, by_name[1][name])
        for name, a in by_name[0].items()
        if a in readable[0] and by_name[1][name] in readable[1]
    ]
    sources = []
    for files, paths in zip(sides, zip(*kept, strict=True), strict=True):
        facts = dict(zip(files.paths, files.facts, strict=True))
        files.paths = list(paths)
        files.facts = [facts[path] for path in paths]
        shape = shape_of(files, size, channels)
        source = FileImages(files.paths, shape)
        source.fitted_from = origin_of(files, shape)
        sources.append(source)
    _check_proportions(*sides)
    return sources


def _by_name(files: Files) -> dict[str, Path]:
    """Returns the files by their path in the folder, without the ending."""
    by_name: dict[str, Path] = {}
    for path in files.found:
        name = path.relative_to(files.folder).with_suffix("").as_posix()
        if name in by_name:
            raise ValueError(
                "Files of two folders are pairs by their names without the "
                "endings: each name may occur once in a folder. "
                f"Received: {by_name[name]} and {path}"
            )
        by_name[name] = path
    return by_name


def _check_partners(sides: list[Files], by_name: list[dict]) -> None:
    missing = [
        f"only in {files.folder}: "
        + ", ".join(str(own[n].relative_to(files.folder)) for n in alone)
        for files, own, other in zip(sides, by_name, by_name[::-1], strict=True)
        if (alone := [name for name in own if name not in other])
    ]
    if missing:
        raise ValueError(
            "Files of two folders are pairs by their names without the "
            "endings: every file needs a partner. "
            f"Received: {'; '.join(missing)}"
        )


def _check_proportions(first: Files, second: Files) -> None:
    """Refuses pairs of which one image would be cropped and the other not."""
    for a, b, one, other in zip(
        first.paths, second.paths, first.facts, second.facts, strict=True
    ):
        (h1, w1), (h2, w2) = one[:2], other[:2]
        # One may be a smaller version of the other: a pixel for rounding.
        if abs(h1 * w2 - h2 * w1) > max(h1, w1, h2, w2):
            raise ValueError(
                "The two images of a pair must have the same proportions. "
                f"Received: {a} of {h1}x{w1} and {b} of {h2}x{w2} pixels"
            )
