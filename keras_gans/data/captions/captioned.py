"""Images with captions, which are words in numbers."""

import copy
import os
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.captions.reading import (
    Captions,
    find_captions,
    read_captions,
)
from keras_gans.data.formats.numpy_files import read_arrays
from keras_gans.data.images.arrays import Images
from keras_gans.data.images.folder import FolderImages
from keras_gans.data.report import Origin
from keras_gans.data.source import ImageSource, Source
from keras_gans.data.splits import split_folder
from keras_gans.modalities import Image, Modality, Text, Vocabulary

SHOWN = 5
"""Most files that a message names."""


class CaptionedImages(Source):
    """Images under "images", and the words of a caption under "prompts".

    Of several captions of an image a pass over the data has one, drawn by
    (seed, pass, row); outside of training it is the first.

    Args:
        images: The images.
        captions: One caption or several for each.
        prompts: The modality of the captions; None learns the vocabulary of
            these captions.
        flip: Whether to flip half of the images from left to right in
            training.
        seed: Seed of what is drawn.

    Attributes:
        captions: The captions of every image.

    Raises:
        ValueError: For another number of captions than of images, and for
            captions without a known word.
    """

    def __init__(
        self,
        images: ImageSource,
        captions: Sequence[Sequence[str]],
        prompts: Text | None = None,
        flip: bool = False,
        seed: int = 0,
    ):
        if len(captions) != len(images):
            raise ValueError(
                "Captions must be as many as images. Received: "
                f"{len(captions)} captions for {images!r}"
            )
        self.images = images
        self.captions = [list(said) for said in captions]
        self.flip = flip
        self.seed = seed
        self.name = images.name
        self.split = images.split
        self.nth_pass: int | None = None
        counts = [len(said) for said in self.captions]
        self._starts = np.cumsum([0, *counts])
        self._say(prompts or text_of(self.captions))

    def _say(self, prompts: Text) -> None:
        every = [caption for said in self.captions for caption in said]
        self._ids = prompts.check_data(every, "prompts")
        self.modalities: dict[str, Modality] = {
            "images": Image(*self.images.image_shape),
            "prompts": prompts,
        }

    def told_as(self, name: str, modality: Modality) -> Source:
        """Returns the source with its captions in another vocabulary."""
        if name != "prompts" or not isinstance(modality, Text):
            return self
        changed = copy.copy(self)
        changed._say(modality)
        return changed

    @property
    def changes(self) -> str:  # type: ignore[override]
        """The flips, and which caption is shown, in words."""
        flips = ["half of the rows flipped left to right"] * self.flip
        several = ["one of the captions drawn"] * (len(self._ids) > len(self))
        return ", ".join(flips + several)

    def __len__(self) -> int:
        return len(self.images)

    def in_pass(self, nth_pass: int) -> Source:
        """Returns the source with the captions of a pass over the data."""
        changed = copy.copy(self)
        changed.nth_pass = nth_pass
        return changed

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads images, and the words of a caption each; see `Source.rows`."""
        indices = np.asarray(indices)
        draws = self._draws()[indices]
        rows = {}
        if names is None or "images" in names:
            rows["images"] = self.images[indices]
            if self.flip and self.nth_pass is not None:
                flips = draws[:, 1] < 0.5
                rows["images"][flips] = rows["images"][flips, :, ::-1]
        if names is None or "prompts" in names:
            starts, ends = self._starts[indices], self._starts[indices + 1]
            chosen = starts + (draws[:, 0] * (ends - starts)).astype(int)
            rows["prompts"] = self._ids[chosen]
        return rows

    def _draws(self) -> np.ndarray:
        """Returns two numbers in [0, 1) for every row, 0 out of training."""
        if self.nth_pass is None:
            return np.zeros((len(self), 2))
        rng = np.random.default_rng([self.seed, self.nth_pass])
        return rng.random((len(self), 2))

    def origins(self) -> dict[str, Origin]:
        """Returns what the images were; see `Source.origins`."""
        return self.images.origins()


def text_of(captions: Sequence[Sequence[str]], examples: int = 8) -> Text:
    """Returns the modality of captions, by their own words.

    Args:
        captions: One caption or several for each row.
        examples: How many captions, all different, are examples to draw.
    """
    every = [caption for said in captions for caption in said]
    vocabulary = Vocabulary.from_captions(every)
    length = max(len(vocabulary.ids(caption)) for caption in every)
    different = list(dict.fromkeys(every))
    chosen = different[:: max(1, len(different) // examples)][:examples]
    return Text(vocabulary, length, chosen)


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
        return CaptionedImages(arrays, as_lists(said), prompts, flip, seed)
    if str(source).endswith(".npz"):
        held = read_arrays(Path(source))
        images, said = _arrays_of(held, captions or "captions", source)
        arrays = Images(images, name=Path(source).stem)
        arrays = arrays.fit(image_size, channels)
        return CaptionedImages(arrays, as_lists(said), prompts, flip, seed)
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


def as_lists(captions: Any) -> list[list[Any]]:
    """Returns a list of captions for each row, of one or several."""
    rows = [[c] if isinstance(c, str | bytes) else c for c in captions]
    return [
        [c if isinstance(c, bytes) else str(c) for c in row] for row in rows
    ]


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
    _report(missing, f"files of {path} are missing", corrupt, bool(found))
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
            f'corrupt="skip" to train without them. Received: {shown}'
        )
    warnings.warn(
        f"{len(names)} {what} and are left out: {shown}", stacklevel=4
    )
