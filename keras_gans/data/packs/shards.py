"""The files of a pack: records with random access."""

import functools
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.optional import import_package
from keras_gans.data.packs.index import (
    count_key,
    find_fault,
    read_index,
)

RANDOM_ACCESS = "readahead_buffer_size:0,max_parallelism:0"


class Shards:
    """The ArrayRecord shards of a pack, read by index from any thread.

    The format checks every record that is read against a hash of its own.

    Args:
        folder: The folder that `pack` wrote.
        part: (index, count) for one of `count` equal parts of neighbouring
            rows.

    Attributes:
        index: The index of the pack.
        files: The entries of the index for the files of this part.

    Raises:
        ImportError: Where array_record is not installed.
        OSError: Where a shard is missing or truncated.
        ValueError: Where packing was not finished, where the index is damaged
            or of another version, or where there is no such part.
    """

    def __init__(self, folder: str | os.PathLike, part: tuple[int, int]):
        import_package(
            "array_record.python.array_record_module", "array_record"
        )
        self.folder = Path(folder).resolve()
        self.index = read_index(self.folder)
        if not self.index["complete"]:
            raise ValueError(
                "Packing was not finished: give the same `keras-gans pack` "
                f"command again. Received: {self.folder}"
            )
        key = count_key(self.index["version"])
        self._shards = self.index["shards"]
        ends = np.cumsum([shard[key] for shard in self._shards])
        self._starts = np.concatenate([[0], ends])
        self.rows = _rows_of(part, self.index[key])
        first, last = self._shards_of(np.array(self.rows)[[0, -1]])
        self.files = self._shards[first : last + 1]
        if self.index.get("labels"):
            self.files = [*self.files, self.index["labels"]]
        self.check()
        self._loaded = time.monotonic_ns()

    def __len__(self) -> int:
        return len(self.rows)

    def check(self, verify: bool = False) -> None:
        """Checks the sizes of all files, or their contents.

        Args:
            verify: Whether to read everything and compare it with the
                checksums of the index.

        Raises:
            OSError: Where files are missing or differ; it names them all.
        """
        faults = [
            f"{entry['file']} {fault}"
            for entry in self.files
            if (fault := find_fault(self.folder, entry, verify))
        ]
        if faults:
            raise OSError(
                "The pack is damaged. The `keras-gans pack` command that made "
                "it, with --verify, mends it. "
                f"Received: {self.folder}, where {'; '.join(faults)}"
            )

    def records(self, rows: np.ndarray) -> list[bytes]:
        """Reads records.

        Args:
            rows: Their indices in the part, from 0, an int array (n,).

        Returns:
            The n records.

        Raises:
            OSError: Where a record does not agree with its hash.
        """
        rows = rows + self.rows.start
        shards = self._shards_of(rows)
        records = [b""] * len(rows)
        for shard in np.unique(shards):
            places = np.flatnonzero(shards == shard)
            path = str(self.folder / self._shards[shard]["file"])
            wanted = (rows[places] - self._starts[shard]).tolist()
            try:
                found = _open(path, self._loaded).read(wanted)
            except RuntimeError as error:  # the error of array_record
                raise OSError(
                    f"A shard of {self.index['name']} is damaged ({error}). "
                    f"Received: {path}"
                ) from error
            for place, record in zip(places, found, strict=True):
                records[place] = record
        return records

    def _shards_of(self, rows: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._starts, rows, side="right") - 1


def _rows_of(part: tuple[int, int], num_rows: int) -> range:
    index, count = part
    if not 0 <= index < count <= num_rows:
        raise ValueError(
            f"A part must be one of at most {num_rows}, counted from 0. "
            f"Received: part={part}"
        )
    num = num_rows // count
    return range(index * num, (index + 1) * num)


# Open files are few in most systems (1024 in Linux). A pack that is loaded
# anew opens them anew: its shards may have been mended.
@functools.lru_cache(maxsize=256)
def _open(path: str, loaded: int) -> Any:
    from array_record.python.array_record_module import ArrayRecordReader

    return ArrayRecordReader(path, RANDOM_ACCESS)
