"""Pictures that follow each other."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from keras_gans.files import atomic_path


def save_animation(
    path: str | os.PathLike,
    frames: Sequence[str | os.PathLike],
    seconds: float = 10.0,
) -> None:
    """Makes an animation of picture files, whole or not at all.

    The pictures are read one at a time. Those of another size than the last
    one are left out: they belong to another run.

    Args:
        path: The file: `.gif`, or `.png` for an APNG.
        frames: The picture files, in their order.
        seconds: How long it takes; a frame shows for 0.02 s at least and
            0.5 s at most, and the last one for a second longer.
    """
    from PIL import Image

    with Image.open(frames[-1]) as last:
        size = last.size

    def same_size(frame):
        with Image.open(frame) as picture:
            return picture.size == size

    frames = [frame for frame in frames if same_size(frame)]
    each = int(1000 * min(0.5, max(0.02, seconds / len(frames))))
    with atomic_path(path) as draft, Image.open(frames[0]) as first:
        first.save(
            draft,
            save_all=True,
            append_images=_Pictures(frames[1:]),
            duration=[each] * (len(frames) - 1) + [each + 1000],
            loop=0,
        )


class _Pictures:
    """Pictures to go through more than once, as Pillow does, one in memory."""

    def __init__(self, paths: Sequence[str | os.PathLike]):
        self.paths = paths

    def __iter__(self) -> Iterator[Any]:
        from PIL import Image

        for path in self.paths:
            with Image.open(path) as picture:
                yield picture
