"""Rows of any kind in a pack."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.packs import index as pack_index
from keras_gans.data.packs.packed import PackedImages
from keras_gans.data.packs.shards import Shards
from keras_gans.data.source import Source
from keras_gans.modalities import deserialize


class PackedRows(Source):
    """Rows of named values in a pack, read by index from any thread.

    Args:
        folder: The folder that `pack` wrote.
        part: (index, count) for one of `count` equal parts of neighbouring
            rows, for hosts that hold only the shards of their own part. Rows
            that are left over by equal parts are in none.

    Attributes:
        encoding: "raw", the form of the rows in the shards.
        files: The entries of the index for each file: its name (`file`),
            `bytes` and `sha256`.

    Raises:
        ImportError: Where array_record is not installed.
        OSError: Where a shard is missing or truncated.
        ValueError: Where packing was not finished, where the index is damaged
            or of another version, where the folder holds images, or where
            there is no such part.
    """

    encoding = "raw"

    def __init__(
        self, folder: str | os.PathLike, part: tuple[int, int] = (0, 1)
    ):
        self._shards = Shards(folder, part)
        index = self._shards.index
        if index["version"] != pack_index.ROWS:
            raise ValueError(
                f"The pack holds images: `PackedImages` reads it. "
                f"Received: {folder}"
            )
        self.folder = self._shards.folder
        self.files = self._shards.files
        self.part = part
        self.name = index["name"]
        self.modalities = {
            column["name"]: deserialize(column["modality"])
            for column in index["columns"]
        }
        self._record = pack_index.record_type(index["columns"])

    def __len__(self) -> int:
        return len(self._shards)

    def verify(self) -> None:
        """Reads everything and compares it with the checksums of the index.

        Raises:
            OSError: Where files are missing or differ; it names them all.
        """
        self._shards.check(verify=True)

    def shard(self, index: int, count: int) -> "PackedRows":
        """Returns one of `count` equal parts; see `part` above."""
        return PackedRows(self.folder, (index, count))

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads rows; see `Source.rows`."""
        records = b"".join(self._shards.records(np.asarray(indices)))
        values = np.frombuffer(records, self._record)
        names = self.modalities if names is None else names
        return {name: np.array(values[name]) for name in names}


def open_pack(
    folder: str | os.PathLike,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    background: Any = "white",
    cache: bool = False,
) -> PackedImages | PackedRows:
    """Opens a pack of images or of other rows.

    Args:
        folder: The folder that `pack` wrote.
        image_size: As in `PackedImages`; None for other rows.
        channels: As in `PackedImages`; None for other rows.
        background: As in `PackedImages`.
        cache: As in `PackedImages`.

    Raises:
        ValueError: For an image size or channels of other rows than images.
    """
    version = pack_index.read_index(Path(folder))["version"]
    if version == pack_index.IMAGES:
        return PackedImages(folder, image_size, channels, background, cache)
    if (image_size, channels) != (None, None):
        raise ValueError(
            "The values of packed rows stay as they were packed: give the "
            "image size and channels when you pack. "
            f"Received: image_size={image_size!r}, channels={channels!r}"
        )
    return PackedRows(folder)
