"""A folder that holds two sets of images."""

from pathlib import Path

from keras_gans.data.images.folder import SUFFIXES
from keras_gans.data.splits import is_split, split_folder


def find_two_folders(
    folder: Path, split: str, names: tuple[str, str]
) -> tuple[Path, Path] | None:
    """Finds two sets of images in a folder.

    They are `trainA` and `trainB` (for the split "train"), or the only two
    sub-folders: in the order of `names` where they have these names, and else
    in the order of their own. The folder may have a sub-folder for each
    split, or each of the two may.

    Args:
        folder: The folder.
        split: The split.
        names: The names of the two sets.

    Returns:
        The folders of the two sets; None where there are none such.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: Where one of the two sub-folders lacks the split.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no such folder. Received: {folder}")
    if (folder / split).is_dir():
        folder = folder / split
    first, second = folder / f"{split}A", folder / f"{split}B"
    if first.is_dir() and second.is_dir():
        return first, second
    visible = [p for p in folder.iterdir() if not p.name.startswith(".")]
    folders = sorted(path for path in visible if path.is_dir())
    if {path.name for path in folders} == set(names):
        folders.sort(key=lambda path: names.index(path.name))
    loose = any(path.suffix.lower() in SUFFIXES for path in visible)
    if len(folders) != 2 or loose or any(is_split(p.name) for p in folders):
        return None
    if folder.name == split:
        return folders[0], folders[1]
    return split_folder(folders[0], split), split_folder(folders[1], split)
