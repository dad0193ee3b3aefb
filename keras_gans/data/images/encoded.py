"""Images that stay encoded until they are read."""

import os
from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image

from keras_gans.data.images.decoding import fit_image, open_image
from keras_gans.data.source import ImageSource


class EncodedImages(ImageSource):
    """Encoded images, decoded by Pillow in threads when they are read.

    A subclass defines `__len__` and `open`.

    Args:
        image_shape: The height, width and channels to decode to.
        background: The colour that transparent images are laid over: a name,
            "#rrggbb" or (r, g, b).
        cache: Whether to keep decoded images in memory (N * H * W * C bytes)
            from the first time that they are read.

    Raises:
        ValueError: Where Pillow does not know the background's colour.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        background: Any = "white",
        cache: bool = False,
    ):
        self.image_shape = image_shape
        self.background = background
        try:
            Image.new("RGBA", (1, 1), background)
        except (ValueError, TypeError) as error:
            raise ValueError(
                "`background` must be a colour that Pillow knows. "
                f"Received: {background!r}"
            ) from error
        if cache:
            self._cache = np.empty((len(self), *image_shape), "uint8")
            self._cached = np.zeros(len(self), bool)
        self.cache = cache

    @abstractmethod
    def open(self, row: int) -> str | PathLike | IO[bytes]:
        """Opens an encoded image.

        Args:
            row: Its index, from 0.

        Returns:
            Its path, or an open binary file.
        """

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images; see `ImageSource.read`."""
        wanted = rows[~self._cached[rows]] if self.cache else rows
        with ThreadPoolExecutor(min(os.cpu_count() or 1, 32)) as pool:
            images = list(pool.map(self._decode, wanted.tolist()))
        if not self.cache:
            return np.array(images, "uint8").reshape(-1, *self.image_shape)
        for row, image in zip(wanted, images, strict=True):
            self._cache[row] = image
            self._cached[row] = True
        return self._cache[rows]

    def _decode(self, row: int) -> np.ndarray:
        file = self.open(row)
        try:
            image = open_image(file)
        except Exception as error:
            raise OSError(
                f"Image {row} of {self.name} cannot be read ({error}). "
                f"Received: {file}"
            ) from error
        return self.fit_decoded(image)

    def fit_decoded(self, image: Image.Image) -> np.ndarray:
        """Converts a decoded image to a uint8 array of `image_shape`."""
        return fit_image(image, self.image_shape, self.background)


class FileImages(EncodedImages):
    """Image files, decoded when they are read.

    Args:
        paths: The paths of the files.
        image_shape: The height, width and channels to decode to.
        background: The colour that transparent images are laid over.
        cache: Whether to keep decoded images in memory.
    """

    def __init__(
        self,
        paths: list[Path],
        image_shape: tuple[int, int, int],
        background: Any = "white",
        cache: bool = False,
    ):
        self.paths = paths
        super().__init__(image_shape, background, cache)

    def __len__(self) -> int:
        return len(self.paths)

    def open(self, row: int) -> Path:
        """Returns the path of an image; see `EncodedImages.open`."""
        return self.paths[row]
