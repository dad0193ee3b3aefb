"""Pictures that follow each other."""

import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.files import atomic_path

SUFFIXES = (".gif", ".webp", ".png", ".mp4")
"""Endings of files of animations; a `.png` is an APNG."""


def check_animation(path: str | os.PathLike) -> None:
    """Checks that a file can be written, before there is anything to write.

    Raises:
        ValueError: For a file that cannot hold an animation.
        ImportError: For an `.mp4` without the package that writes it.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(
            f"An animation must be a file of {SUFFIXES}. Received: {path.name}"
        )
    if path.suffix.lower() == ".mp4" and not importlib.util.find_spec(
        "imageio_ffmpeg"
    ):
        raise ImportError(
            'Videos need a package: pip install "keras-gans[video]". '
            f"Received: {path.name}, and no imageio_ffmpeg"
        )


def save_animation(
    path: str | os.PathLike,
    frames: Sequence[str | os.PathLike],
    seconds: float = 10.0,
) -> None:
    """Makes an animation of picture files, whole or not at all.

    The pictures are read one at a time (for WebP, all at once). Those of
    another size than the last one are left out: they belong to another run.

    Args:
        path: The file: `.gif`, `.webp`, `.png` for an APNG, or `.mp4`.
        frames: The picture files, in their order.
        seconds: How long it takes; a frame shows for 0.02 s at least and
            0.5 s at most, and the last one for a second longer.

    Raises:
        ValueError: For another ending.
        ImportError: For an `.mp4` without the package that writes it.
    """
    from PIL import Image

    check_animation(path)
    with Image.open(frames[-1]) as last:
        size = last.size

    def same_size(frame):
        with Image.open(frame) as picture:
            return picture.size == size

    frames = [frame for frame in frames if same_size(frame)]
    each = int(1000 * min(0.5, max(0.02, seconds / len(frames))))
    durations = [each] * (len(frames) - 1) + [each + 1000]
    write_animation(path, _Pictures(frames), durations)


def write_animation(
    path: str | os.PathLike, pictures: Iterable[Any], durations: Sequence[int]
) -> None:
    """Writes pictures as an animation, whole or not at all.

    Args:
        path: A file that `check_animation` takes.
        pictures: Pillow's images of one size, which can be gone through more
            than once.
        durations: How long each shows, in milliseconds. In a video each shows
            for a multiple of the first one's time.
    """
    with atomic_path(path) as draft:
        if draft.suffix.lower() == ".mp4":
            _write_video(draft, pictures, durations)
            return
        first = next(iter(pictures))
        first.save(
            draft,
            save_all=True,
            append_images=_Rest(pictures),
            duration=list(durations),
            loop=0,
        )


def _write_video(
    path: Path, pictures: Iterable[Any], durations: Sequence[int]
) -> None:
    """Writes H.264, which every browser and player shows."""
    from imageio_ffmpeg import write_frames

    writer = None
    try:
        for picture, duration in zip(pictures, durations, strict=True):
            pixels = np.asarray(picture.convert("RGB"))
            # The format wants even sides.
            height, width = pixels.shape[:2]
            edges = ((0, height % 2), (0, width % 2), (0, 0))
            pixels = np.ascontiguousarray(np.pad(pixels, edges, mode="edge"))
            if writer is None:
                writer = write_frames(
                    str(path),
                    pixels.shape[1::-1],
                    fps=1000 / durations[0],
                    quality=8,
                    macro_block_size=2,
                    ffmpeg_log_level="error",
                )
                writer.send(None)
            for _ in range(max(1, round(duration / durations[0]))):
                writer.send(pixels)
    finally:  # ffmpeg ends with it
        if writer is not None:
            writer.close()


class _Pictures:
    """Pictures to go through more than once, as Pillow does, one in memory."""

    def __init__(self, paths: Sequence[str | os.PathLike]):
        self.paths = paths

    def __iter__(self) -> Iterator[Any]:
        from PIL import Image

        for path in self.paths:
            with Image.open(path) as picture:
                # Pillow puts those of a WebP aside, when the file is closed.
                yield picture.copy()


class _Rest:
    """All but the first picture."""

    def __init__(self, pictures: Iterable[Any]):
        self.pictures = pictures

    def __iter__(self) -> Iterator[Any]:
        pictures = iter(self.pictures)
        next(pictures)
        return pictures
