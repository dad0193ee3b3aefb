"""IDX files, the format in which MNIST and Fashion-MNIST are shipped."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from keras_gans.data.images.arrays import Images

# MNIST calls its test split "t10k".
PREFIXES = {"train": ("train",), "test": ("t10k", "test")}


def find_idx(folder: Path, split: str = "train") -> Path | None:
    """Finds the file of images of a split in a folder.

    Args:
        folder: The folder.
        split: "train" or "test".

    Returns:
        The path of the file, or None.
    """
    for prefix in PREFIXES.get(split, (split,)):
        found = sorted(folder.glob(f"*{prefix}-images*idx3-ubyte*"))
        if found:
            return found[0]
    return None


def load_idx(path: Path) -> Images:
    """Loads a file of images, with the labels of the file beside it, if any.

    Args:
        path: For instance "train-images-idx3-ubyte.gz", with
            "train-labels-idx1-ubyte.gz" in the same folder.

    Returns:
        The images, uint8 of shape (N, H, W, 1), and their labels.

    Raises:
        ValueError: Where a file is damaged or of another format.
    """
    images = _read(path)
    if images.ndim != 3:
        raise ValueError(
            "An IDX file of images has 3 dimensions. "
            f"Received: {path} of shape {images.shape}"
        )
    name = path.name.replace("images", "labels").replace("idx3", "idx1")
    labels = path.with_name(name)
    return Images(
        images[..., None],
        _read(labels) if labels != path and labels.exists() else None,
        name=f"{path.parent.resolve().name}/{path.name}",
    )


def _read(path: Path) -> np.ndarray:
    """Reads the header (0, 0, 8, rank, big-endian int32 sizes) and values."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"The file is damaged ({error}). Received: {path}"
        ) from error
    if len(data) < 4 or data[:3] != b"\0\0\x08" or data[3] > 4:
        raise ValueError(f"Not an IDX file of bytes. Received: {path}")
    rank = data[3]
    shape = np.frombuffer(data[4:], ">i4", count=min(rank, len(data) // 4 - 1))
    start = 4 + 4 * rank
    size = math.prod(shape.tolist())
    if (
        len(shape) < rank
        or min(shape, default=0) < 0
        or len(data) != start + size
    ):
        raise ValueError(
            "The file is not as long as its header says. "
            f"Received: {path} with {len(data)} bytes, shape {shape.tolist()}"
        )
    return np.frombuffer(data, "uint8", offset=start).reshape(shape)
