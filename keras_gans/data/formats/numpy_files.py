"""Images in .npy and .npz files."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.images.arrays import Images
from keras_gans.data.splits import is_split


def load_numpy(
    path: Path,
    split: str = "train",
    image_key: str | None = None,
    label_key: str | None = None,
) -> Images:
    """Loads a .npy file of images (memory-mapped) or a .npz file.

    Nothing is unpickled.

    Args:
        path: The file.
        split: Where a .npz holds several arrays of images, the one whose name
            contains this.
        image_key: The array of images in a .npz; found by its rank (3 for
            grey, or 4) where None.
        label_key: The array of labels in a .npz; where None, the one that
            holds one whole number for each image, if there is one only.

    Returns:
        The images, of shape (N, H, W, C), and their labels.

    Raises:
        ValueError: Where the file is damaged, or holds no such images.
    """
    if path.suffix.lower() == ".npy":
        arrays = {"images": read_array(path)}
    else:
        arrays = _read(path, lambda file: {key: file[key] for key in file})
    images = _pick(arrays, image_key, split, path)
    labels = arrays.get(label_key) if label_key else _labels(arrays, images)
    if label_key and labels is None:
        raise ValueError(
            f"{path} holds no array of that name but {sorted(arrays)}. "
            f"Received: label_key={label_key!r}"
        )
    if images.ndim == 3:
        images = images[..., None]
    return Images(images, labels, name=path.stem)


def read_array(path: Path) -> np.ndarray:
    """Maps the array of a .npy file into memory.

    Raises:
        ValueError: Where the file is damaged or holds objects.
    """
    return _read(path, lambda array: array, mmap_mode="r")


def _read(path: Path, take: Callable[[Any], Any], **options: Any) -> Any:
    try:
        return take(np.load(path, **options))
    except (FileNotFoundError, PermissionError):
        raise
    # On damaged files zipfile, zlib, the reader of headers (a Python literal)
    # and NumPy raise errors of nearly every type.
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise ValueError(
            f"The file is damaged or holds objects ({reason}). Received: {path}"
        ) from error


def _pick(arrays: dict, key: str | None, split: str, path: Path) -> Any:
    if key is None:
        keys = [k for k, array in arrays.items() if array.ndim in (3, 4)]
        if len(keys) > 1:
            keys = [k for k in keys if split in k]
        key = keys[0] if len(keys) == 1 else None
        if key and split not in key:
            _warn_of_split(key, split, path)
    if key not in arrays:
        shapes = {k: array.shape for k, array in arrays.items()}
        raise ValueError(
            "Name the array of images with `image_key`. "
            f"Received: {path} with {shapes}, image_key={key!r}"
        )
    return arrays[key]


def _warn_of_split(key: str, split: str, path: Path) -> None:
    """Warns where the only images are not known to be those of the split."""
    is_other = any(is_split(word) for word in key.lower().split("_"))
    if split != "train" or is_other:
        warnings.warn(
            f"{path} holds one array of images, {key!r}, which is taken. "
            f"Received: split={split!r}",
            stacklevel=4,
        )


def _labels(arrays: dict, images: np.ndarray) -> np.ndarray | None:
    fitting = [
        array
        for array in arrays.values()
        if array.shape in ((len(images),), (len(images), 1))
        and array.dtype.kind in "iu"
    ]
    return fitting[0] if len(fitting) == 1 else None
