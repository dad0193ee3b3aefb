"""A folder of image files."""

import os
import warnings
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.images.decoding import open_image
from keras_gans.data.images.encoded import EncodedImages

# fmt: off
SUFFIXES = (
    ".avif", ".bmp", ".gif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm",
    ".pgm", ".png", ".pnm", ".ppm", ".tga", ".tif", ".tiff", ".webp",
)
# fmt: on


class FolderImages(EncodedImages):
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
        if corrupt not in ("error", "skip"):
            raise ValueError(
                f'`corrupt` must be "error" or "skip". Received: {corrupt!r}'
            )
        self.folder = Path(folder)
        self.name = self.folder.resolve().name
        found = _find(self.folder)
        checked = dict(zip(found, _check_all(found), strict=True))
        bad = {p: what for p, what in checked.items() if isinstance(what, str)}
        self.skipped = list(bad)
        self.paths = [path for path in found if path not in bad]
        if bad:
            self._report(bad, len(found), corrupt)
        kinds = [what for what in checked.values() if not isinstance(what, str)]
        sizes = sorted({kind[:2] for kind in kinds})
        if size is None and len(sizes) > 1:
            raise ValueError(
                "The images differ in size: give `image_size`. Received: "
                f"{self.folder} with (height, width) from {sizes[0]} to "
                f"{sizes[-1]}"
            )
        grey = all(kind[2] == "L" for kind in kinds)
        shape = (*(size or sizes[0]), channels or (1 if grey else 3))
        self._label()
        super().__init__(shape, background, cache)

    def __len__(self) -> int:
        return len(self.paths)

    def open(self, row: int) -> Path:
        """Finds an image file; see `EncodedImages.open`."""
        return self.paths[row]

    def _label(self) -> None:
        relative = [path.relative_to(self.folder).parts for path in self.paths]
        names, labels = np.unique(
            [parts[0] for parts in relative], return_inverse=True
        )
        if len(names) > 1 and all(len(parts) > 1 for parts in relative):
            self.class_names = names.tolist()
            self.labels = labels.astype("int32")
            return
        loose = [parts[0] for parts in relative if len(parts) == 1]
        if len(names) - len(loose) > 1:
            warnings.warn(
                "Folders of images are classes, but not where images lie "
                f"beside them: there are no labels. Received: {self.folder} "
                f"with {loose[0]} and {len(loose) - 1} more beside its folders",
                stacklevel=3,
            )

    def _report(self, bad: dict[Path, str], total: int, corrupt: str) -> None:
        named = "; ".join(
            f"{path.relative_to(self.folder)} ({reason})"
            for path, reason in list(bad.items())[:10]
        ) + (f"; and {len(bad) - 10} more" if len(bad) > 10 else "")
        what = f"{len(bad)} of {total} files in {self.folder} cannot be read"
        if corrupt == "error" or len(bad) == total:
            raise ValueError(
                f'{what}. Repair or remove them, or pass corrupt="skip" to '
                f"train without them. Received: {named}"
            )
        warnings.warn(f"{what} and are left out: {named}", stacklevel=3)


def _find(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no such folder. Received: {folder}")
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    ]
    images = [path for path in files if path.suffix.lower() in SUFFIXES]
    if not images:
        raise ValueError(
            "The folder holds no images (files that end in "
            f"{', '.join(sorted(SUFFIXES))}). "
            f"Received: {folder} with {len(files)} files"
        )
    return sorted(images, key=lambda path: path.relative_to(folder).parts)


def _check(path: Path) -> tuple[int, int, str] | str:
    """Gives height, width and mode of an image, or why it cannot be read."""
    try:
        image = open_image(path)
    # Pillow's decoders raise errors of nearly every type on damaged files.
    except Exception as error:
        return str(error) or type(error).__name__
    return image.height, image.width, image.mode


def _check_all(paths: list[Path]) -> list:
    with ThreadPool() as pool:
        return list(
            track(
                pool.imap(_check, paths, chunksize=16),
                "Checking images",
                total=len(paths),
                console=Console(stderr=True),
                transient=True,
                disable=len(paths) < 1000,
            )
        )
