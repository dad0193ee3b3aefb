"""Images that `pack` wrote."""

import functools
import io
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.images.decoding import fit_image
from keras_gans.data.images.encoded import EncodedImages
from keras_gans.data.optional import import_package
from keras_gans.data.packs import index as pack_index

RANDOM_ACCESS = "readahead_buffer_size:0,max_parallelism:0"


class PackedImages(EncodedImages):
    """Images in ArrayRecord shards, read by index from any thread.

    The format checks every record that is read against a hash of its own.

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
            What is left over by equal parts is in none.

    Attributes:
        encoding: How the shards hold the images: "raw", "png", "original".
        files: What the index says of each file: its name (`file`), `bytes`
            and `sha256`.

    Raises:
        ImportError: Where array_record is not installed.
        OSError: Where a shard is missing or truncated.
        ValueError: Where packing was not finished, where the index is damaged
            or of another version, or where there is no such part.
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
        import_package(
            "array_record.python.array_record_module", "array_record"
        )
        check_channels(channels)
        size = check_image_size(image_size)
        self.folder = Path(folder).resolve()
        self.part = part
        index = pack_index.read_index(self.folder)
        if not index["complete"]:
            raise ValueError(
                "Packing these images was not finished: give the same "
                f"`keras-gans pack` command again. Received: {self.folder}"
            )
        self.name = index["name"]
        self.class_names = index["class_names"]
        self.encoding = index["encoding"]
        self._packed_shape = tuple(index["image_shape"])
        ends = np.cumsum([shard["num_images"] for shard in index["shards"]])
        self._starts = np.concatenate([[0], ends])
        self._rows = _rows_of(part, index["num_images"])
        first, last = self._shards_of(np.array(self._rows)[[0, -1]])
        self._shards = index["shards"]
        self.files = self._shards[first : last + 1]
        if index["labels"]:
            self.files = [*self.files, index["labels"]]
        self._check(verify=False)
        self._loaded = time.monotonic_ns()
        if index["labels"]:
            labels = np.load(self.folder / index["labels"]["file"])
            self.labels = labels[self._rows.start : self._rows.stop]
        height, width, depth = self._packed_shape
        shape = (*(size or (height, width)), channels or depth)
        super().__init__(shape, background, cache)

    def __len__(self) -> int:
        return len(self._rows)

    def verify(self) -> None:
        """Reads everything and compares it with the index's checksums.

        Raises:
            OSError: Where files are missing or differ; it names them all.
        """
        self._check(verify=True)

    def _check(self, verify: bool) -> None:
        faults = [
            f"{entry['file']} {fault}"
            for entry in self.files
            if (fault := pack_index.find_fault(self.folder, entry, verify))
        ]
        if faults:
            raise OSError(
                "Packed images are damaged; the `keras-gans pack` command "
                "that made them, with --verify, mends them. "
                f"Received: {self.folder}, where {'; '.join(faults)}"
            )

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
        """Finds an encoded image; see `EncodedImages.open`."""
        return io.BytesIO(self.records(np.array([row]))[0])

    def records(self, rows: np.ndarray) -> list[bytes]:
        """Reads images as the shards hold them.

        Args:
            rows: Their indices, from 0, as an int array of shape (n,).

        Returns:
            Their n records.

        Raises:
            OSError: Where a record does not agree with its hash.
        """
        rows = rows + self._rows.start
        shards = self._shards_of(rows)
        records = [b""] * len(rows)
        for shard in np.unique(shards):
            places = np.flatnonzero(shards == shard)
            path = str(self.folder / self._shards[shard]["file"])
            wanted = (rows[places] - self._starts[shard]).tolist()
            try:
                found = _open(path, self._loaded).read(wanted)
            except RuntimeError as error:  # what array_record raises
                raise OSError(
                    f"A shard of {self.name} is damaged ({error}). "
                    f"Received: {path}"
                ) from error
            for place, record in zip(places, found, strict=True):
                records[place] = record
        return records

    def _shards_of(self, rows: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._starts, rows, side="right") - 1

    def _pixels(self, record: bytes) -> np.ndarray:
        return np.frombuffer(record, "uint8").reshape(self._packed_shape)

    def _decode(self, row: int) -> np.ndarray:
        if self.encoding != "raw":
            return super()._decode(row)
        pixels = self._pixels(self.records(np.array([row]))[0])
        pixels = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
        image = Image.fromarray(pixels)
        return fit_image(image, self.image_shape, self.background)


def _rows_of(part: tuple[int, int], num_images: int) -> range:
    index, count = part
    if not 0 <= index < count <= num_images:
        raise ValueError(
            f"A part must be one of at most {num_images}, counted from 0. "
            f"Received: part={part}"
        )
    num = num_images // count
    return range(index * num, (index + 1) * num)


# Open files are few in most systems (1024 in Linux). A source that is loaded
# anew opens them anew: its shards may have been mended.
@functools.lru_cache(maxsize=256)
def _open(path: str, loaded: int) -> Any:
    from array_record.python.array_record_module import ArrayRecordReader

    return ArrayRecordReader(path, RANDOM_ACCESS)
