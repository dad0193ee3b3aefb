"""Opening images and their captions: folders, arrays and .npz files."""

import copy
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.captions.captioned import CaptionedImages
from keras_gans.data.captions.reading import (
    Captions,
    find_captions,
    read_captions,
)
from keras_gans.data.formats.numpy_files import read_arrays
from keras_gans.data.images.arrays import Images
from keras_gans.data.images.folder import FolderImages
from keras_gans.data.splits import split_folder
from keras_gans.modalities import Text

SHOWN = 5
"""Most files that a message names."""


def captioned(
    source: Any,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    split: str = "train",
    corrupt: str = "error",
    captions: Any = None,
    columns: str | Sequence[str] | None = None,
    prompts: Text | None = None,
    background: Any = "white",
    cache: bool = False,
    flip: bool = False,
    seed: int = 0,
) -> CaptionedImages:
    """Makes a source of images and their captions, for words to pictures.

    Args:
        source: A folder of images with a file of captions; a .npz file with
            the arrays "images" and "captions"; or (images, captions), of
            which `captions` are strings, or lists of strings.
        image_size: One side in pixels or (height, width) to resize and crop
            to; None keeps the size.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None keeps them.
        split: "train", or another split that is a sub-folder.
        corrupt: "error" to refuse unreadable images, images without a caption
            and captions without an image; "skip" to leave them out. They are
            named either way.
        captions: The file of captions, CSV or JSON lines: names of files, from
            its own folder or from that of the images, and captions. None for
            the only such file in the folder. In a .npz the name of the array.
        columns: The column of the file's name and those of captions; None for
            "file" and "caption".
        prompts: The modality of the captions, for instance
            `gan.takes["prompts"]`; None learns a vocabulary of them.
        background: The colour that transparent images are laid over.
        cache: Whether to keep the decoded images of files in memory.
        flip: Whether to flip half of the images from left to right in
            training; not where captions speak of left and right.
        seed: Seed of flips, and of the choice among several captions.

    Returns:
        A source of the rows "images" and "prompts".

    Raises:
        FileNotFoundError: Where there is no such folder or file.
        ValueError: For what `corrupt` refuses, wrong columns, empty captions
            and broken lines.

    Example:
    ```python
    faces = keras_gans.data.captioned("faces/", 64, columns=["file", "text"])
    ```
    """
    if not isinstance(source, str | os.PathLike):
        images, said = source
        arrays = Images(np.asarray(images)).fit(image_size, channels)
        return CaptionedImages(arrays, said, prompts, flip, seed)
    if str(source).endswith(".npz"):
        held = read_arrays(Path(source))
        images, said = _arrays_of(held, captions or "captions", source)
        arrays = Images(images, name=Path(source).stem)
        arrays = arrays.fit(image_size, channels)
        return CaptionedImages(arrays, said, prompts, flip, seed)
    folder = split_folder(Path(source), split)
    path = find_captions(folder, captions)
    by_file = read_captions(path, columns)
    pictures = FolderImages(
        folder, image_size, channels, corrupt, background, cache
    )
    by_place = _by_place(by_file, path, folder, corrupt)
    kept = _with_captions(pictures, by_place, path, corrupt)
    return CaptionedImages(
        kept,
        [by_place[path.resolve()] for path in kept.paths],
        prompts,
        flip,
        seed,
    )


def _arrays_of(held: Any, key: str, path: Any) -> tuple[Any, Any]:
    if missing := [name for name in ("images", key) if name not in held]:
        raise ValueError(
            "A .npz of captions has the arrays images and captions; `captions` "
            f"(--captions) names another one. Received: no {missing} among "
            f"{sorted(held)} in {path}"
        )
    return held["images"], held[key].tolist()


def _by_place(
    by_file: Captions, path: Path, folder: Path, corrupt: str
) -> dict[Path, list[str]]:
    """Returns captions by the whole path of their file."""
    found: dict[Path, list[str]] = {}
    missing = []
    for name, said in by_file.items():
        places = [path.parent / name, folder / name]
        place = next((p for p in places if p.is_file()), None)
        if place is None:
            missing.append(name)
        else:
            found.setdefault(place.resolve(), []).extend(said)
    _report(
        missing, f"pictures that {path} names are missing", corrupt, bool(found)
    )
    return found


def _with_captions(
    pictures: FolderImages, by_place: Any, path: Path, corrupt: str
) -> FolderImages:
    """Returns the images that have captions."""
    has = [place.resolve() in by_place for place in pictures.paths]
    bare = [str(p) for p, h in zip(pictures.paths, has, strict=True) if not h]
    _report(bare, f"images have no caption in {path}", corrupt, any(has))
    if not bare:
        return pictures
    kept = copy.copy(pictures)
    kept.paths = [p for p, h in zip(pictures.paths, has, strict=True) if h]
    kept.sizes = pictures.sizes[has]
    if pictures.cache:
        kept._cache, kept._cached = pictures._cache[has], pictures._cached[has]
    return kept


def _report(names: list[str], what: str, corrupt: str, any_left: bool) -> None:
    if not names:
        return
    shown = ", ".join(names[:SHOWN]) + ", ..." * (len(names) > SHOWN)
    if corrupt == "error" or not any_left:
        raise ValueError(
            f"{len(names)} {what}. Add them, or pass "
            'corrupt="skip" (on the command line --corrupt skip) to train '
            f"without them. Received: {shown}"
        )
    warnings.warn(
        f"{len(names)} {what} and are left out: {shown}", stacklevel=4
    )
