"""`load`: one function for all sources of images."""

import difflib
import os
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data.formats.embedded import fashion_mnist_10k
from keras_gans.data.formats.idx import find_idx, load_idx
from keras_gans.data.formats.keras_datasets import (
    CLASS_NAMES,
    load_keras_dataset,
)
from keras_gans.data.formats.numpy_files import load_numpy
from keras_gans.data.formats.tfds import TFDSImages
from keras_gans.data.images.arrays import Images
from keras_gans.data.images.folder import FolderImages
from keras_gans.data.packs.index import is_pack
from keras_gans.data.packs.packed_rows import open_pack
from keras_gans.data.source import Source
from keras_gans.data.splits import split_folder


def list_names() -> list[str]:
    """Lists the names that `load` knows.

    Returns:
        The embedded set and the sets of `keras.datasets`. "tfds:NAME" loads
        one of hundreds more.
    """
    return ["fashion_mnist_10k", *CLASS_NAMES]


def load(
    source: Any,
    image_size: int | tuple[int, int] | None = None,
    channels: int | None = None,
    split: str = "train",
    corrupt: str = "error",
    background: Any = "white",
    cache: bool = False,
    image_key: str | None = None,
    label_key: str | None = None,
    data_dir: str | os.PathLike | None = None,
) -> Source:
    """Makes an image source of nearly anything.

    Args:
        source: One of

            - an array of images (N, H, W, C), uint8 in [0, 255] or float in
              [-1, 1], or a tuple (images, labels); grey images may come as
              (N, H, W);
            - a source, which is returned as it is;
            - "fashion_mnist_10k", which ships with the package;
            - "mnist", "fashion_mnist", "cifar10" or "cifar100", downloaded
              by `keras.datasets`;
            - "tfds:NAME" or "tfds:NAME/config:version", downloaded and
              prepared by TensorFlow Datasets;
            - a folder of image files, decoded when they are read; its
              sub-folders are classes, or splits where one has the split's
              name;
            - a pack, the folder that `keras-gans pack` wrote;
            - a folder of IDX files, or one such file, as MNIST is shipped;
            - a .npy or .npz file.

        image_size: One side in pixels or (height, width) to resize
            (antialiased) and crop to the centre; None keeps the size.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None keeps them. Images of
            other numbers of channels keep theirs.
        split: "train", or another split that the source has.
        corrupt: "error" to refuse a folder with unreadable files, "skip" to
            leave them out; either way they are named before training.
        background: The colour that transparent images are laid over: a name,
            "#rrggbb" or (r, g, b).
        cache: Whether to keep the decoded images of files in memory.
        image_key: The array of a .npz or the feature of a TFDS dataset that
            holds the images, where there are several.
        label_key: The same for labels.
        data_dir: The folder of TensorFlow Datasets' data.

    Returns:
        An image source, with `image_shape`, `labels` and `class_names`; a
        pack of other rows is `PackedRows`.

    Raises:
        ImportError: Where tensorflow-datasets is needed and not installed.
        OSError: Where a pack or a dataset is damaged.
        ValueError: For wrong images, labels or arguments; for an unknown
            name, with the nearest names.
    """
    if isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        path = Path(name)
        files: dict[str, Any] = {"background": background, "cache": cache}
        if name.startswith("tfds:"):
            return TFDSImages(
                name.removeprefix("tfds:"),
                image_size,
                channels,
                split,
                image_key=image_key,
                label_key=label_key,
                data_dir=data_dir,
                **files,
            )
        if name not in list_names() and path.is_dir():
            idx = find_idx(path, split)
            folder = path if idx else split_folder(path, split)
            if is_pack(folder):
                return open_pack(folder, image_size, channels, **files)
            idx = idx or find_idx(folder, split)
            if idx is None:
                return FolderImages(
                    folder, image_size, channels, corrupt, **files
                )
            path = idx
        images = _load_file_or_name(name, path, split, image_key, label_key)
    elif isinstance(source, Images):
        images = source
    elif isinstance(source, Source):
        if (image_size, channels) != (None, None):
            raise ValueError(
                "This source takes its image size and channels when it is "
                f"made. Received: image_size={image_size!r}, "
                f"channels={channels!r}"
            )
        return source
    else:
        images = _from_arrays(source)
    return images.fit(image_size, channels)


def _load_file_or_name(
    name: str,
    path: Path,
    split: str,
    image_key: str | None,
    label_key: str | None,
) -> Images:
    if name == "fashion_mnist_10k":
        if split != "train":
            raise ValueError(
                f'{name} has the split "train" only. Received: {split!r}'
            )
        return fashion_mnist_10k()
    if name in CLASS_NAMES:
        return load_keras_dataset(name, split)
    if not path.is_file():
        raise ValueError(_unknown(name, path))
    if path.suffix.lower() in (".npy", ".npz"):
        return load_numpy(path, split, image_key, label_key)
    if "ubyte" in path.name:
        return load_idx(path)
    raise ValueError(
        "A file of images must be .npy, .npz or IDX (as MNIST is shipped); "
        f"unpack archives into a folder first. Received: {name!r}"
    )


def _unknown(name: str, path: Path) -> str:
    siblings = path.parent.iterdir() if path.parent.is_dir() else ()
    near = difflib.get_close_matches(name, list_names()) + [
        str(path.with_name(sibling))
        for sibling in difflib.get_close_matches(
            path.name, [sibling.name for sibling in siblings]
        )
    ]
    hint = (
        f"The nearest: {', '.join(near[:3])}" if near else "Nothing is near it"
    )
    return (
        f"There is no such folder or file, and the names are "
        f"{', '.join(list_names())} and tfds:NAME. {hint}. Received: {name!r}"
    )


def _from_arrays(source: Any) -> Images:
    images, labels = source if isinstance(source, tuple) else (source, None)
    images = np.asarray(images)
    # (H, W, 3) is one colour image rather than many grey ones, 3 pixels wide.
    if images.ndim == 3 and images.shape[-1] > 4:
        images = images[..., None]
    return Images(images, labels)
