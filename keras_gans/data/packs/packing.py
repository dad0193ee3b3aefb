"""Packing rows into a few large files, for data larger than memory."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from keras_gans.data.optional import import_package
from keras_gans.data.packs import index as pack_index
from keras_gans.data.packs.lock import LOCK, locked
from keras_gans.data.packs.packed import PackedImages
from keras_gans.data.packs.packed_rows import PackedRows, open_pack
from keras_gans.data.packs.records import (
    check_encoding,
    describe,
    read_records,
)
from keras_gans.data.source import Source
from keras_gans.files import atomic_path


def pack(
    source: Source,
    out: str | os.PathLike,
    encoding: str = "raw",
    shard_bytes: int = 256 * 2**20,
    verify: bool = False,
    progress: Callable[[int], None] | None = None,
) -> PackedImages | PackedRows:
    """Packs rows into ArrayRecord shards, which have random access.

    Given again after a kill, it goes on after the shards that were finished:
    a shard gets its name when all of it is on the disk. A shard that is
    missing or of a wrong size is written anew.

    Args:
        source: A source of images or of other rows of fixed shapes. Values
            are packed as files hold them: float images as uint8, float sounds
            as int16. Random changes are drawn once, when a row is packed.
        out: The folder of the shards: new, empty, or begun by the same call.
        encoding: "raw" for the values as they are, the fastest to read. For
            images also "png" for a fraction of the size, without loss, and
            "original" for the bytes of the image files, which are decoded and
            resized when read.
        shard_bytes: The size at which a shard ends, in bytes.
        verify: Whether to compare the checksums of shards that are there,
            and write anew the ones that differ.
        progress: A function that is called with the number of packed rows.

    Returns:
        The packed images; `PackedRows` for other sources.

    Raises:
        ImportError: Where array_record is not installed.
        OSError: Where a row cannot be read, where a shard cannot be written,
            or while another process packs into the same folder.
        ValueError: For wrong arguments, unpaired data, and an `out` that
            holds other things.
    """
    import_package("array_record.python.array_record_module", "array_record")
    check_encoding(source, encoding)
    if shard_bytes < 1:
        raise ValueError(
            f"`shard_bytes` must be at least 1. Received: {shard_bytes}"
        )
    out = Path(out)
    header = describe(source, encoding, shard_bytes)
    with contextlib.ExitStack() as stack:
        with _writing(out):
            stack.enter_context(locked(out))
        _write_shards(source, out, header, encoding, verify, progress)
    return open_pack(out)


def _write_shards(
    source: Source,
    out: Path,
    header: dict,
    encoding: str,
    verify: bool,
    progress: Callable[[int], None] | None,
) -> None:
    shards = _begin(out, header)
    key = pack_index.count_key(header["version"])
    row = number = 0
    while row < len(source):
        if number == len(shards) or pack_index.find_fault(
            out, shards[number], verify
        ):
            path = out / f"{key.removeprefix('num_')}-{number:05d}.array_record"
            shard = _write_shard(source, row, path, encoding, header)
            # The shards behind one that was damaged are not touched.
            shards[number : number + 1] = [shard]
            _write_index(out, header, shards)
        row += shards[number][key]
        number += 1
        if progress:
            progress(row)
    labels = None
    if header["version"] == pack_index.IMAGES:
        labels = _write_labels(out, getattr(source, "labels", None))
    _write_index(out, header, shards, complete=True, labels=labels)


def _begin(out: Path, header: dict) -> list[dict]:
    """Returns the finished shards; removes the drafts that a kill left."""
    for name in ("images-*", "rows-*", pack_index.INDEX, pack_index.LABELS):
        for draft in out.glob(f".{name}-*"):
            shutil.rmtree(draft)
    if not pack_index.is_pack(out):
        if any(path.name != LOCK for path in out.iterdir()):
            raise ValueError(
                "The folder of the shards must be new, empty, or begun by the "
                f"same call. Received: {out}, which holds other files"
            )
        _write_index(out, header, [])
        return []
    index = pack_index.read_index(out)
    differing = [key for key in header if index.get(key) != header[key]]
    if differing:
        raise ValueError(
            "The folder holds a pack of other data or with other options; they "
            f"differ in {', '.join(differing)}. "
            f"Received: {out}"
        )
    return index["shards"]


def _write_shard(
    source: Source, row: int, path: Path, encoding: str, header: dict
) -> dict:
    from array_record.python.array_record_module import ArrayRecordWriter

    num_rows = num_bytes = 0
    with _writing(path), atomic_path(path) as draft:
        # Groups of one: a read decodes nothing but the record itself.
        writer = ArrayRecordWriter(str(draft), "group_size:1,uncompressed")
        for record in read_records(source, row, encoding):
            writer.write(record)
            num_rows, num_bytes = num_rows + 1, num_bytes + len(record)
            if num_bytes >= header["shard_bytes"]:
                break
        writer.close()
        shard = pack_index.describe_file(draft, path.name)
    return {**shard, pack_index.count_key(header["version"]): num_rows}


def _write_labels(out: Path, labels: np.ndarray | None) -> dict | None:
    if labels is None:
        return None
    path = out / pack_index.LABELS
    with _writing(path), atomic_path(path) as draft:
        np.save(draft, labels)
        return pack_index.describe_file(draft, path.name)


def _write_index(
    out: Path,
    header: dict,
    shards: list[dict],
    complete: bool = False,
    labels: dict | None = None,
) -> None:
    index = {**header, "complete": complete, "labels": labels, "shards": shards}
    with _writing(out):
        pack_index.write_index(out, index)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns errors of writing into one that names the path and the way out."""
    try:
        yield
    # array_record raises RuntimeError. Only the system's errors have a number:
    # those of this package, which say what is wrong already, pass.
    except (OSError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno is None:
            raise
        raise OSError(
            f"The pack cannot be written ({error}). The finished shards "
            "are whole: make room and give the same command again. "
            f"Received: {path}"
        ) from error
