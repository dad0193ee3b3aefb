"""Images that share one row index, one crop and one flip."""

import copy
import numbers
from collections.abc import Collection, Sequence

import numpy as np

from keras_gans.data.arguments import check_image_size
from keras_gans.data.report import Origin
from keras_gans.data.source import ImageSource, Source
from keras_gans.modalities import Image


class AlignedImages(Source):
    """Images under several names, read by one index and changed alike.

    The random changes follow from the seed, the pass over the data, and the
    rows that are read together, so a resumed run sees what it would have
    seen.

    Args:
        sources: Sources of equally many images, each `jitter` pixels larger
            than the images that are wanted.
        names: The names of the images: as many as sources, or a multiple,
            where each source holds several images side by side.
        flip: Whether to flip half of the rows from left to right.
        jitter: The images are cropped by this number of pixels, each row at
            a place of its own.
        seed: Seed of flips and crops, a whole number from 0.
        name: The name of the data in records and messages.
    """

    def __init__(
        self,
        sources: Sequence[ImageSource],
        names: Sequence[str],
        flip: bool = False,
        jitter: int = 0,
        seed: int = 0,
        name: str = "images",
    ):
        self.sources = tuple(sources)
        self.names = tuple(names)
        self.flip = flip
        self.jitter = jitter
        self.seed = seed
        self.name = name
        self.nth_pass = 0
        self._beside = len(self.names) // len(self.sources)
        self.modalities = {
            key: Image(height - jitter, width // self._beside - jitter, depth)
            for source, keys in self._names_of_sources()
            for height, width, depth in [source.image_shape]
            for key in keys
        }

    @property
    def changes(self) -> str:  # type: ignore[override]
        """The flips and crops, in words."""
        flips = ["half of the rows flipped left to right"] * self.flip
        crops = [f"cropped by {self.jitter} pixels"] * bool(self.jitter)
        return ", ".join(flips + crops)

    def origins(self) -> dict[str, Origin]:
        """Returns what the images were; see `Source.origins`."""
        return {
            " and ".join(keys): source.fitted_from
            for source, keys in self._names_of_sources()
            if source.fitted_from is not None
        }

    def _names_of_sources(self) -> list[tuple[ImageSource, tuple[str, ...]]]:
        num = self._beside
        return [
            (source, self.names[i * num : (i + 1) * num])
            for i, source in enumerate(self.sources)
        ]

    def __len__(self) -> int:
        return len(self.sources[0])

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads, crops and flips images; see `Source.rows`."""
        indices = np.asarray(indices)
        draws = np.random.default_rng([self.seed, self.nth_pass, *indices])
        corners = draws.integers(0, self.jitter + 1, (len(indices), 2))
        flips = draws.integers(0, 2, len(indices)) * self.flip
        rows = {}
        for source, keys in self._names_of_sources():
            if names is not None and not set(keys) & set(names):
                continue
            halves = np.split(source[indices], self._beside, axis=2)
            for key, images in zip(keys, halves, strict=True):
                rows[key] = self._changed(key, images, corners, flips)
        return {k: v for k, v in rows.items() if names is None or k in names}

    def _changed(
        self,
        name: str,
        images: np.ndarray,
        corners: np.ndarray,
        flips: np.ndarray,
    ) -> np.ndarray:
        if not self.flip and not self.jitter:
            return images
        height, width, _ = shape = self.modalities[name].shape
        out = np.empty((len(images), *shape), images.dtype)
        for i, (y, x) in enumerate(corners):
            crop = images[i, y : y + height, x : x + width]
            out[i] = crop[:, ::-1] if flips[i] else crop
        return out

    def in_pass(self, nth_pass: int) -> "AlignedImages":
        """Returns the images with the changes of a pass over the data."""
        changed = copy.copy(self)
        changed.nth_pass = nth_pass
        return changed


def enlarged_size(
    image_size: int | tuple[int, int] | None, jitter: int
) -> tuple[int, int] | None:
    """Returns the size to resize images to, before they are cropped.

    Args:
        image_size: One side in pixels, (height, width), or None.
        jitter: Pixels by which the images are cropped.

    Returns:
        (height, width), or None for None.

    Raises:
        ValueError: For a wrong size or jitter, and for jitter of images of
            which no size is given.
    """
    size = check_image_size(image_size)
    if not isinstance(jitter, numbers.Integral) or jitter < 0:
        raise ValueError(
            "`jitter` must be a whole number of pixels, at least 0. "
            f"Received: {jitter!r}"
        )
    if jitter and size is None:
        raise ValueError(
            "`jitter` needs `image_size`: images are resized to so many "
            "pixels more and cropped to the size. "
            f"Received: jitter={jitter}, image_size=None"
        )
    return size and (size[0] + jitter, size[1] + jitter)


def check_names(names: tuple[str, str]) -> None:
    """Refuses anything but two different names."""
    if len(names) != 2 or len(set(names)) != 2 or isinstance(names, str):
        raise ValueError(
            f"`names` must be two different names. Received: {names!r}"
        )
