"""Data that commands are given: to train on, and to generate from."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans import data
from keras_gans.cli.building import variant_class
from keras_gans.data.arguments import CHANGES
from keras_gans.modalities import Audio, Image, Mask, Modality

OF_TRAINING = (*CHANGES, "b")
"""Options of readers that are not for held-out rows: random changes, and the
second folder of `unpaired`."""


def open_data(
    variant: Any, name: str, options: Mapping[str, Any]
) -> data.Source:
    """Opens data by the reader of a variant.

    Args:
        variant: The variant's class, or a GAN.
        name: What the reader takes: a folder, a file, a name.
        options: Options of the reader; those that are None are left out.

    Raises:
        ValueError: For options that the reader does not have.
    """
    path = Path(name).expanduser()
    if name not in data.list_names() and path.exists():
        name = str(path.resolve())
    given = {key: v for key, v in options.items() if v is not None}
    known = list(inspect.signature(variant.reader).parameters)[1:]
    if unknown := [key for key in given if key not in known]:
        who = variant if isinstance(variant, type) else type(variant)
        raise ValueError(
            f"Data for {who.__name__} are read with the settings "
            f"{', '.join(known)}, and without {', '.join(unknown)}. "
            f"Received: {given}"
        )
    return variant.reader(name, **given)


def open_both(
    variant: str,
    train: tuple[str, str | None],
    held_out: tuple[str | None, str | None],
    corrupt: str | None,
    options: Mapping[str, Any],
) -> tuple[data.Source, data.Source | None]:
    """Opens data to train on and held-out data, alike but for `OF_TRAINING`.

    Args:
        variant: The variant's name.
        train: The data to train on, and their split.
        held_out: The same of the held-out data; None where there are none.
        corrupt: What to do with unreadable files, or None.
        options: Further options, as `open_data` takes them.
    """
    cls, options = variant_class(variant), {**options, "corrupt": corrupt}
    (name, split), (other, other_split) = train, held_out
    source = open_data(cls, name, {**options, "split": split})
    if other is None:
        return source, None
    unchanged = {k: v for k, v in options.items() if k not in OF_TRAINING}
    return source, open_data(cls, other, {**unchanged, "split": other_split})


def read_inputs(
    gan: Any, inputs: list[str]
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Reads what a generator is to take from files.

    Args:
        gan: The GAN.
        inputs: Folders of files, "photos/" for the first of `gan.takes` that
            cannot be drawn, or "inputs=photos/" with its name.

    Returns:
        The values by name, and a name for each row, that of its first file.

    Raises:
        ValueError: For names that the GAN does not take, where it takes
            nothing from files, and for different numbers of rows.
    """
    values: dict[str, np.ndarray] = {}
    names: list[str] = []
    for text in inputs:
        name, _, folder = text.rpartition("=")
        name = name or next(iter(needed(gan)), "")
        if name not in gan.takes:
            raise ValueError(
                f"{type(gan).__name__} takes {', '.join(gan.takes)}; --inputs "
                f"takes FOLDER or NAME=FOLDER. Received: --inputs {text}"
            )
        values[name], found = _read_folder(
            gan.takes[name], str(Path(folder).expanduser())
        )
        names = names or found
    if len({len(v) for v in values.values()}) > 1:
        raise ValueError(
            "Each of --inputs must hold as many files. Received: "
            f"{ {name: len(v) for name, v in values.items()} }"
        )
    return values, names


def read_rows(
    gan: Any, name: str
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], list[str]]:
    """Reads rows of data as a GAN was trained on.

    Args:
        gan: The GAN, whose `reader` opens the data.
        name: The data. Images become the size that the GAN takes.

    Returns:
        What the generator takes and cannot draw, by name; what it was to make
        of it, where the data have it; and a name for each row.

    Raises:
        ValueError: For a GAN that draws all that it takes, and for data
            without what it takes.
    """
    names = needed(gan)
    if not names:
        raise ValueError(
            "--data is for GANs that take images or the like. Received: "
            f"{type(gan).__name__}, which draws {', '.join(gan.takes)}"
        )
    kinds = (gan.takes[names[0]], *gan.makes.values())
    images = [kind for kind in kinds if isinstance(kind, Image)]
    known = inspect.signature(gan.reader).parameters
    options: dict[str, Any] = {}
    if images and "image_size" in known:
        options["image_size"] = max(image.shape[:2] for image in images)
    if "scale" in known:
        options["scale"] = gan.scale
    source = open_data(gan, name, options)
    held = gan.columns_of(names)
    if not {*held.values()} <= {*source.modalities}:
        raise ValueError(
            f"The data must hold {', '.join(held.values())}. "
            f"Received: {source!r}"
        )
    made = [key for key in gan.makes if key in source.modalities]
    made = made if len(source.sides) == 1 else []  # no rows in common
    made = [key for key in made if key not in gan.held_as.values()]
    rows = source.rows(np.arange(len(source)), [*held.values(), *made])
    stems = [f"{i:05d}" for i in range(len(source))]
    taken = {key: rows[column] for key, column in held.items()}
    return taken, {key: rows[key] for key in made}, stems


def needed(gan: Any) -> list[str]:
    """Returns the names of what a generator takes and cannot be drawn."""
    return [name for name, m in gan.takes.items() if not m.is_drawn]


def _read_folder(kind: Modality, folder: str) -> tuple[np.ndarray, list[str]]:
    """Reads a folder of files, or a .npy file, of a modality."""
    if folder.endswith(".npy"):
        values = np.load(folder)
        return values, [f"{i:05d}" for i in range(len(values))]
    reader = next((r for k, r in READERS.items() if isinstance(kind, k)), None)
    if reader is None:
        raise ValueError(
            f"{kind.describe()} are read from a .npy file. Received: {folder}"
        )
    source, column = reader(kind, folder)
    rows = source.rows(np.arange(len(source)), [column])
    paths = getattr(source, "paths", None)
    if paths is None:
        return rows[column], [f"{i:05d}" for i in range(len(source))]
    files = [path.relative_to(folder) for path in paths]
    stems = ["_".join(file.with_suffix("").parts) for file in files]
    if len(set(stems)) < len(stems):  # a.png beside a.jpg
        stems = ["_".join(file.parts).replace(".", "_") for file in files]
    return rows[column], stems


def _read_images(kind: Any, folder: str) -> tuple[data.Source, str]:
    free = getattr(kind, "any_size", False)
    size = None if free else (kind.height, kind.width)
    return data.load(folder, size, kind.shape[2]), "images"


def _read_sounds(kind: Any, folder: str) -> tuple[data.Source, str]:
    return data.sounds(folder, kind.length, kind.rate, kind.channels), "audio"


READERS: dict[type, Callable[[Any, str], tuple[data.Source, str]]] = {
    Image: _read_images,
    Mask: _read_images,
    Audio: _read_sounds,
}
"""How folders of a modality are read."""
