"""Splits of data that lie in sub-folders."""

import warnings
from pathlib import Path

SPLITS = ("train", "training", "test", "testing", "val", "valid", "validation")


def is_split(name: str) -> bool:
    """Returns whether a folder's name is that of a split: "test", "testA"."""
    name = name.lower()
    return name in SPLITS or (name[-1:] in "ab" and name[:-1] in SPLITS)


def split_folder(folder: Path, split: str) -> Path:
    """Returns the sub-folder of a split, or the folder where it has no splits.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: Where a split other than "train" has no sub-folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no such folder. Received: {folder}")
    if (folder / split).is_dir():
        return folder / split
    if split != "train":
        raise ValueError(
            f"{folder} has no sub-folder of that name. "
            f"Received: split={split!r}"
        )
    others = sorted(
        path.name
        for path in folder.iterdir()
        if path.is_dir() and is_split(path.name)
    )
    if others:
        warnings.warn(
            f'{folder} has no sub-folder "train": all of it is taken, '
            f"{', '.join(others)} too. For one sub-folder, pass its name as "
            f"`split`. Received: split={split!r}",
            stacklevel=3,
        )
    return folder
