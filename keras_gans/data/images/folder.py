"""A folder of image files."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.folders import Files, find_files
from keras_gans.data.images.decoding import open_image
from keras_gans.data.images.encoded import FileImages
from keras_gans.data.report import origin_of

# fmt: off
SUFFIXES = (
    ".avif", ".bmp", ".gif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm",
    ".pgm", ".png", ".pnm", ".ppm", ".tga", ".tif", ".tiff", ".webp",
)
# fmt: on


class FolderImages(FileImages):
    """The image files under a folder, decoded when they are read.

    Any sizes and modes may be mixed. The files are found in all sub-folders
    and sorted by their path; hidden ones are left out. Where every file lies
    in a sub-folder, and there are at least two of those, they are the classes.

    Every file is decoded once at the start, in threads, so that a damaged one
    shows before training and not in the middle of it.

    Args:
        folder: The folder.
        image_size: One side in pixels or (height, width) to resize
            (antialiased) and crop to; None where all images have one size.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None for 1 where all images
            are grey, else 3.
        corrupt: "error" to refuse a folder with unreadable files, "skip" to
            leave them out; either way they are named.
        background: The colour that transparent images are laid over: a name,
            "#rrggbb" or (r, g, b).
        cache: Whether to keep decoded images in memory.

    Attributes:
        paths: The paths of the images.
        sizes: Their own heights and widths, an int array (N, 2).
        skipped: The paths of the files that cannot be read.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: Where it holds no images, or unreadable ones, or images of
            several sizes and no `image_size` was given.
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        image_size: int | tuple[int, int] | None = None,
        channels: int | None = None,
        corrupt: str = "error",
        background: Any = "white",
        cache: bool = False,
    ):
        size = check_image_size(image_size)
        check_channels(channels)
        files = find_images(folder, corrupt)
        self.folder = files.folder
        self.name = self.folder.resolve().name
        self.skipped = files.skipped
        self.sizes = sizes_of(files)
        if classes := files.classes():
            self.class_names, self.labels = classes
        shape = shape_of(files, size, channels)
        super().__init__(files.paths, shape, background, cache)
        self.fitted_from = origin_of(files, shape, background)


def check_image(path: Path) -> tuple[int, int, str, str]:
    """Decodes an image file.

    Returns:
        Its height and width, the mode that it is decoded to, and the mode in
        which the file holds it.
    """
    image = open_image(path)
    return image.height, image.width, image.mode, stored_mode(path)


def stored_mode(path: Path) -> str:
    """Returns the mode in which a file holds an image, "P" for a palette."""
    with Image.open(path) as header:
        return header.mode


def find_images(
    folder: str | os.PathLike,
    corrupt: str,
    check: Callable[[Path], tuple[int, int, str, str]] = check_image,
) -> Files:
    """Finds and checks image files; see `find_files`.

    Args:
        folder: The folder.
        corrupt: "error" or "skip".
        check: Returns the facts of each file, as `check_image` does.
    """
    return find_files(folder, SUFFIXES, check, corrupt)


def sizes_of(files: Files) -> np.ndarray:
    """Returns the heights and widths of image files, an int array (N, 2)."""
    return np.array([facts[:2] for facts in files.facts])


def shape_of(
    files: Files, size: tuple[int, int] | None, channels: int | None
) -> tuple[int, int, int]:
    """Returns the shape to decode image files to.

    Args:
        files: The files.
        size: The height and width that are wanted; None for their own.
        channels: The number of channels; None for 1 where all images are
            grey, else 3.

    Raises:
        ValueError: Where the images differ in size and no size is given.
    """
    sizes = sorted({facts[:2] for facts in files.facts})
    if size is None and len(sizes) > 1:
        raise ValueError(
            "The images differ in size: give `image_size`, for instance 64; "
            "on the command line --image-size 64. Received: "
            f"{files.folder} with (height, width) from {sizes[0]} to "
            f"{sizes[-1]}"
        )
    grey = all(facts[2] == "L" for facts in files.facts)
    height, width = size or sizes[0]
    return height, width, channels or (1 if grey else 3)
