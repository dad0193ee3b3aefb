"""The description of the rows of a pack, and their records."""

import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.data.images.decoding import MODES
from keras_gans.data.images.encoded import EncodedImages
from keras_gans.data.packs.index import ENCODINGS, IMAGES, ROWS, record_type
from keras_gans.data.source import ImageSource, Source
from keras_gans.modalities import serialize
from keras_gans.modalities.image import to_uint8

CHUNK = 256
"""Rows that are read at a time."""


def check_encoding(source: Any, encoding: str) -> None:
    """Refuses encodings that a source's rows cannot have.

    Raises:
        ValueError: For an unknown encoding, and where a source has no files,
            no images, or no common rows.
    """
    if encoding not in ENCODINGS:
        raise ValueError(
            f"`encoding` must be one of {ENCODINGS}. Received: {encoding!r}"
        )
    if encoding == "original" and not isinstance(source, EncodedImages):
        raise ValueError(
            'encoding="original" keeps the bytes of image files, and this '
            f"source has none. Received: {type(source).__name__}"
        )
    if encoding == "png" and not isinstance(source, ImageSource):
        raise ValueError(
            'encoding="png" is for images alone; rows of several values are '
            f"packed raw. Received: {source!r}"
        )
    if encoding == "png" and source.image_shape[2] not in MODES:
        raise ValueError(
            'encoding="png" takes images of 1, 3 or 4 channels; "raw" takes '
            f"any. Received: {source!r}"
        )
    if len(source.sides) > 1:
        raise ValueError(
            "Unpaired data have no common rows: pack each of `sides` by "
            f"itself. Received: {source!r}"
        )


def describe(source: Source, encoding: str, shard_bytes: int) -> dict:
    """Returns the facts that two calls share if they make the same pack."""
    some = np.unique(np.linspace(0, len(source) - 1, 16, dtype=int))
    origin = hashlib.sha256()
    if isinstance(source, ImageSource) and source.labels is not None:
        origin.update(source.labels.tobytes())
    for path in getattr(source, "paths", ()):
        origin.update(f"{path.name}\n".encode())
    if isinstance(source, ImageSource):
        origin.update(to_uint8(source[some]).tobytes())
        about = {
            "num_images": len(source),
            "image_shape": list(source.image_shape),
            "encoding": encoding,
            "class_names": source.class_names,
        }
    else:
        rows = carried(source, some)
        for values in rows.values():
            origin.update(values.tobytes())
        about = {
            "num_rows": len(source),
            "columns": [
                {
                    "name": name,
                    "dtype": rows[name].dtype.str,
                    "shape": list(rows[name].shape[1:]),
                    "modality": serialize(modality),
                }
                for name, modality in source.modalities.items()
            ],
        }
    return {
        "version": IMAGES if isinstance(source, ImageSource) else ROWS,
        "name": source.name,
        **about,
        "shard_bytes": shard_bytes,
        "origin": origin.hexdigest(),
    }


def carried(source: Source, indices: np.ndarray) -> dict[str, np.ndarray]:
    """Reads rows as files hold them, for instance images as uint8."""
    rows = source.rows(indices)
    return {
        name: modality.carry(rows[name])
        for name, modality in source.modalities.items()
    }


def read_records(source: Any, row: int, encoding: str) -> Iterator[bytes]:
    """Encodes the rows of a source, from one row on."""
    read = {"raw": _raw, "png": _png, "original": _original}[encoding]
    if not isinstance(source, ImageSource):
        read = _rows
    with ThreadPoolExecutor() as pool:
        while row < len(source):
            rows = np.arange(row, min(row + CHUNK, len(source)))
            yield from read(source, rows, pool)
            row += len(rows)


def _rows(source: Any, rows: np.ndarray, pool: Any) -> Iterator[bytes]:
    values = carried(source, rows)
    columns = [
        {"name": name, "dtype": v.dtype.str, "shape": v.shape[1:]}
        for name, v in values.items()
    ]
    records = np.empty(len(rows), record_type(columns))
    for name in values:
        records[name] = values[name]
    return (record.tobytes() for record in records)


def _raw(source: Any, rows: np.ndarray, pool: Any) -> Iterator[bytes]:
    return (image.tobytes() for image in to_uint8(source[rows]))


def _png(source: Any, rows: np.ndarray, pool: Any) -> Iterator[bytes]:
    def encode(image: np.ndarray) -> bytes:
        file = io.BytesIO()
        pixels = image[..., 0] if image.shape[-1] == 1 else image
        Image.fromarray(pixels).save(file, "png")
        return file.getvalue()

    return pool.map(encode, to_uint8(source[rows]))


def _original(source: Any, rows: np.ndarray, pool: Any) -> Iterator[bytes]:
    for row in rows:
        file = source.open(row)
        try:
            yield file.read() if hasattr(file, "read") else file.read_bytes()
        except OSError as error:
            raise OSError(
                f"Image {row} of {source.name} cannot be read ({error}). "
                f"Received: {file}"
            ) from error
