"""Images in a pack."""

import io
import os
from typing import Any

import numpy as np

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.formats.numpy_files import read_arrays
from keras_gans.data.images.decoding import fit_array
from keras_gans.data.images.encoded import EncodedImages
from keras_gans.data.packs import index as pack_index
from keras_gans.data.packs.shards import Shards
from keras_gans.data.report import uniform_origin


class PackedImages(EncodedImages):
    """Images in a pack, read by index from any thread.

    Args:
        folder: The folder that `pack` wrote.
        image_size: One side in pixels or (height, width) to resize
            (antialiased) and crop to; None for the size as packed.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None for those as packed.
        background: The colour that transparent images are laid over.
        cache: Whether to keep decoded images in memory; raw ones of the size
            as packed are never kept, since the system does that.
        part: (index, count) for one of `count` equal parts of neighbouring
            images, for hosts that hold only the shards of their own part.
            Images that are left over by equal parts are in none.

    Attributes:
        encoding: The form of the images in the shards: "raw", "png" or
            "original".
        files: The entries of the index for each file: its name (`file`),
            `bytes` and `sha256`.

    Raises:
        ImportError: Where array_record is not installed.
        OSError: Where a shard is missing or truncated.
        ValueError: Where packing was not finished, where the index is damaged
            or of another version, where the folder holds no images, or where
            there is no such part.
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        image_size: int | tuple[int, int] | None = None,
        channels: int | None = None,
        background: Any = "white",
        cache: bool = False,
        part: tuple[int, int] = (0, 1),
    ):
        size = check_image_size(image_size)
        self._shards = Shards(folder, part)
        index = self._shards.index
        if index["version"] != pack_index.IMAGES:
            raise ValueError(
                "The pack holds rows of other values than images: "
                f"`PackedRows` reads it. Received: {folder}"
            )
        self.folder = self._shards.folder
        self.files = self._shards.files
        self.part = part
        self.name = index["name"]
        self.class_names = index["class_names"]
        self.encoding = index["encoding"]
        self._packed_shape = tuple(index["image_shape"])
        if index["labels"]:
            self.labels = self._read_labels()
        height, width, depth = self._packed_shape
        check_channels(channels, depth)
        shape = (*(size or (height, width)), channels or depth)
        super().__init__(shape, background, cache)
        if self.encoding != "original":
            own = self._packed_shape
            self.fitted_from = uniform_origin(len(self), own, shape)

    def _read_labels(self) -> np.ndarray:
        path = self.folder / pack_index.LABELS
        labels = read_arrays(path).get("images", np.empty(0))
        num = self._shards.index["num_images"]
        if labels.shape != (num,) or labels.dtype.kind not in "iu":
            raise ValueError(
                f"The labels of a pack must be {num} whole numbers. "
                f"Received: {path} with {labels.dtype} of shape {labels.shape}"
            )
        rows = self._shards.rows
        return labels[rows.start : rows.stop]

    def __len__(self) -> int:
        return len(self._shards)

    def verify(self) -> None:
        """Reads everything and compares it with the checksums of the index.

        Raises:
            OSError: Where files are missing or differ; it names them all.
        """
        self._shards.check(verify=True)

    def shard(self, index: int, count: int) -> "PackedImages":
        """Returns one of `count` equal parts; see `part` above."""
        return PackedImages(
            self.folder,
            self.image_shape[:2],
            self.image_shape[2],
            self.background,
            self.cache,
            (index, count),
        )

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images; see `ImageSource.read`."""
        if self.encoding != "raw" or self.image_shape != self._packed_shape:
            return super().read(rows)
        images = np.empty((len(rows), *self.image_shape), "uint8")
        for i, record in enumerate(self.records(rows)):
            images[i] = self._pixels(record)
        return images

    def open(self, row: int) -> io.BytesIO:
        """Opens an encoded image; see `EncodedImages.open`."""
        return io.BytesIO(self.records(np.array([row]))[0])

    def records(self, rows: np.ndarray) -> list[bytes]:
        """Reads images as the shards hold them; see `Shards.records`."""
        return self._shards.records(rows)

    def _pixels(self, record: bytes) -> np.ndarray:
        return np.frombuffer(record, "uint8").reshape(self._packed_shape)

    def _decode(self, row: int) -> np.ndarray:
        if self.encoding != "raw":
            return super()._decode(row)
        pixels = self._pixels(self.records(np.array([row]))[0])
        return fit_array(pixels[None], self.image_shape, self.background)[0]
