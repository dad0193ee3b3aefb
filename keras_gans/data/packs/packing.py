"""Packing images into a few large files, for data larger than memory."""

import contextlib
import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.data.images.encoded import EncodedImages
from keras_gans.data.optional import import_package
from keras_gans.data.packs import index as pack_index
from keras_gans.data.packs.packed import PackedImages
from keras_gans.data.source import ImageSource
from keras_gans.files import atomic_path
from keras_gans.modalities.image import to_uint8

ENCODINGS = ("raw", "png", "original")
CHUNK = 256
"""Images that are read at a time."""


def pack(
    source: ImageSource,
    out: str | os.PathLike,
    encoding: str = "raw",
    shard_bytes: int = 256 * 2**20,
    verify: bool = False,
    progress: Callable[[int], None] | None = None,
) -> PackedImages:
    """Packs images into ArrayRecord shards, which have random access.

    Given again after a kill, it goes on after the shards that were finished:
    a shard gets its name when all of it is on the disk. A shard that is
    missing or of a wrong size is written anew.

    Args:
        source: An image source; float images are quantised to 8 bits.
        out: The folder of the shards: new, empty, or begun by the same call.
        encoding: "raw" for the pixels as they are, the fastest to read; "png"
            for a fraction of the size, without loss; "original" for the bytes
            of the image files, which are decoded and resized when read.
        shard_bytes: Where a shard ends, in bytes.
        verify: Whether to compare the checksums of shards that are there,
            and write anew the ones that differ.
        progress: What to call with the number of images that are packed.

    Returns:
        The packed images.

    Raises:
        ImportError: Where array_record is not installed.
        OSError: Where an image cannot be read, or a shard cannot be written.
        ValueError: For a wrong argument, or an `out` that holds other things.
    """
    import_package("array_record.python.array_record_module", "array_record")
    if encoding not in ENCODINGS or shard_bytes < 1:
        raise ValueError(
            f"`encoding` must be one of {ENCODINGS} and `shard_bytes` at "
            f"least 1. Received: {encoding!r}, {shard_bytes}"
        )
    if encoding == "original" and not isinstance(source, EncodedImages):
        raise ValueError(
            'encoding="original" keeps the bytes of image files, which this '
            f"source has not. Received: {type(source).__name__}"
        )
    out = Path(out)
    header = _describe(source, encoding, shard_bytes)
    shards = _begin(out, header)
    row = number = 0
    while row < len(source):
        if number == len(shards) or pack_index.find_fault(
            out, shards[number], verify
        ):
            path = out / f"images-{number:05d}.array_record"
            shard = _write_shard(source, row, path, encoding, shard_bytes)
            # The shards behind one that was damaged are not touched.
            shards[number : number + 1] = [shard]
            _write_index(out, header, shards)
        row += shards[number]["num_images"]
        number += 1
        if progress:
            progress(row)
    labels = _write_labels(out, source.labels)
    _write_index(out, header, shards, complete=True, labels=labels)
    return PackedImages(out)


def _describe(source: ImageSource, encoding: str, shard_bytes: int) -> dict:
    """Returns what two calls must have in common to make one pack."""
    origin = hashlib.sha256()
    if source.labels is not None:
        origin.update(source.labels.tobytes())
    for path in getattr(source, "paths", ()):
        origin.update(f"{path.name}\n".encode())
    some = np.unique(np.linspace(0, len(source) - 1, 16, dtype=int))
    origin.update(to_uint8(source[some]).tobytes())
    return {
        "name": source.name,
        "num_images": len(source),
        "image_shape": list(source.image_shape),
        "encoding": encoding,
        "class_names": source.class_names,
        "shard_bytes": shard_bytes,
        "origin": origin.hexdigest(),
    }


def _begin(out: Path, header: dict) -> list[dict]:
    """Returns the shards that were finished; clears what a kill left."""
    for name in ("images-*", pack_index.INDEX, pack_index.LABELS):
        for draft in out.glob(f".{name}-*"):
            shutil.rmtree(draft)
    if not pack_index.is_pack(out):
        if out.exists() and any(out.iterdir()):
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
            "The folder holds images that were packed from other data or "
            f"with other options; they differ in {', '.join(differing)}. "
            f"Received: {out}"
        )
    return index["shards"]


def _write_shard(
    source: ImageSource, row: int, path: Path, encoding: str, shard_bytes: int
) -> dict:
    from array_record.python.array_record_module import ArrayRecordWriter

    num_images = num_bytes = 0
    with _writing(path), atomic_path(path) as draft:
        # Groups of one: a read decodes nothing but the record itself.
        writer = ArrayRecordWriter(str(draft), "group_size:1,uncompressed")
        for record in _records(source, row, encoding):
            writer.write(record)
            num_images, num_bytes = num_images + 1, num_bytes + len(record)
            if num_bytes >= shard_bytes:
                break
        writer.close()
        shard = pack_index.describe_file(draft, path.name)
    return {**shard, "num_images": num_images}


def _records(source: Any, row: int, encoding: str) -> Iterator[bytes]:
    read = {"raw": _raw, "png": _png, "original": _original}[encoding]
    with ThreadPoolExecutor() as pool:
        while row < len(source):
            rows = range(row, min(row + CHUNK, len(source)))
            yield from read(source, rows, pool)
            row = rows.stop


def _raw(source: Any, rows: range, pool: Any) -> Iterator[bytes]:
    return (image.tobytes() for image in to_uint8(source[rows]))


def _png(source: Any, rows: range, pool: Any) -> Iterator[bytes]:
    def encode(image: np.ndarray) -> bytes:
        file = io.BytesIO()
        pixels = image[..., 0] if image.shape[-1] == 1 else image
        Image.fromarray(pixels).save(file, "png")
        return file.getvalue()

    return pool.map(encode, to_uint8(source[rows]))


def _original(source: Any, rows: range, pool: Any) -> Iterator[bytes]:
    for row in rows:
        file = source.open(row)
        try:
            yield file.read() if hasattr(file, "read") else file.read_bytes()
        except OSError as error:
            raise OSError(
                f"Image {row} of {source.name} cannot be read ({error}). "
                f"Received: {file}"
            ) from error


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
    """Says what could not be written, and what to do."""
    try:
        yield
    # array_record raises RuntimeError. Only the system's errors have a number:
    # a source's own, for images that cannot be read, pass.
    except (OSError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno is None:
            raise
        raise OSError(
            f"Packed images cannot be written ({error}). The finished shards "
            "are whole: make room and give the same command again. "
            f"Received: {path}"
        ) from error
