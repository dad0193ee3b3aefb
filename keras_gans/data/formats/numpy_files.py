"""Images in .npy and .npz files."""

import warnings
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
    """Loads images from a .npy file (memory-mapped) or a .npz file.

    Nothing is unpickled.

    Args:
        path: The file.
        split: The word in the name of the array of images, where a .npz holds
            several.
        image_key: The array of images in a .npz; None finds it by its rank (3
            for grey, or 4).
        label_key: The array of labels in a .npz; None takes the only one that
            holds a whole number for each image.

    Returns:
        The images, of shape (N, H, W, C), and their labels.

    Raises:
        ValueError: Where the file is damaged, or holds no images.
    """
    arrays = read_arrays(path)
    images = _pick(arrays, image_key, split, path)
    labels = arrays.get(label_key) if label_key else _labels(arrays, images)
    if label_key and labels is None:
        raise ValueError(
            f"{path} has no array of that name; it has {sorted(arrays)}. "
            f"Received: label_key={label_key!r}"
        )
    if images.ndim == 3:
        images = images[..., None]
    return Images(images, labels, name=path.stem)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Reads a .npy file, as the array "images" (memory-mapped), or a .npz.

    Raises:
        ValueError: Where the file is damaged or holds objects.
    """
    try:
        loaded = np.load(path, mmap_mode="r")
        if isinstance(loaded, np.ndarray):
            return {"images": loaded}
        arrays = {key: loaded[key] for key in loaded}
    except (FileNotFoundError, PermissionError):
        raise
    # On damaged files zipfile, zlib, the reader of headers (a Python literal)
    # and NumPy raise errors of nearly every type.
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise ValueError(
            f"The file is damaged or holds objects ({reason}). Received: {path}"
        ) from error
    for key, array in arrays.items():
        if not isinstance(array, np.ndarray):  # bytes without a header
            raise ValueError(
                f"The file is damaged: {key!r} is no array. Received: {path}"
            )
    return arrays


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
