"""What `fit` is given: opened, named, and looked at before the first step."""

import itertools
import types
from typing import Any

import keras
import numpy as np

from keras_gans.data import Rows
from keras_gans.modalities import Modality

LOOKED_AT = 64
"""Rows of a source that are looked at before training."""

FEW = 8
"""Rows below which a batch is not judged as if it were a whole set."""


def open_rows(
    x: Any, y: Any, learns_from: dict[str, Modality], who: str
) -> Any | None:
    """Makes a source of what `fit` was given, and checks it.

    Args:
        x: A `keras_gans.data.Source`; a dictionary of arrays by name; a tuple
            of arrays in the order of `learns_from` (labels that it does not
            name may follow images); or an array, list or tensor of what it
            names first.
        y: What `learns_from` names second, or None.
        learns_from: The modality of every name that is needed.
        who: The class of the model, for errors.

    Returns:
        The source; None for other kinds of data, whose feeding is left to
        Keras.

    Raises:
        ValueError: For data that the model cannot be trained on.
    """
    names = list(learns_from)
    if hasattr(x, "modalities"):
        return _check_source(x, y, learns_from, who)
    if isinstance(x, dict):
        given = {**x}
    elif isinstance(x, tuple) and y is None:
        if len(x) > max(len(names), 2):
            raise ValueError(
                f"{_learns(who, names)}: `fit(({', '.join(names)},))`. "
                f"Received: a tuple of {len(x)}"
            )
        given = dict(zip(names, x, strict=False))
    elif isinstance(x, (np.ndarray, list)) or keras.ops.is_tensor(x):
        given = dict(zip(names, (x, y), strict=False))
    else:
        return None
    arrays = {}
    for name in names:
        value = given.get(name)
        if value is None:  # TFDS's names
            value = given.get(name.removesuffix("s"))
        if value is None:
            raise _missing(name, names, given, who)
        if keras.ops.is_tensor(value):
            value = keras.ops.convert_to_numpy(value)
        arrays[name] = learns_from[name].check_data(value, name)
    return Rows(arrays, learns_from)


def named_batch(
    data: Any, learns_from: dict[str, Modality], who: str
) -> dict[str, Any]:
    """Returns the values of a batch by name.

    Args:
        data: What Keras hands to `train_step`: a dictionary by name (TFDS's
            "image" will do for "images"), or what `learns_from` names first,
            second and so on.
        learns_from: The modality of every name that is needed.
        who: The class of the model, for errors.

    Raises:
        ValueError: Where a name is missing, and for weights of samples.
    """
    x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
    names = list(learns_from)
    if weights is not None:
        raise ValueError(
            f"{_learns(who, names)}, without weights of samples. "
            "Received: batches of a tuple of 3"
        )
    batch = x if isinstance(x, dict) else dict(zip(names, (x, y), strict=False))
    found = {}
    for name in names:
        values = batch.get(name, batch.get(name.removesuffix("s")))
        if values is None:
            raise ValueError(
                f"{_learns(who, names)}: "
                f"`fit({', '.join(names)})`. Received: batches of "
                f"{[n for n, v in batch.items() if v is not None]}"
            )
        found[name] = values
    return found


def check_first_batch(
    data: Any, learns_from: dict[str, Modality], who: str
) -> tuple[Any, int | None]:
    """Looks at the first batch of a data set before the first step.

    Args:
        data: A `tf.data.Dataset`, `DataLoader`, `PyDataset`, a generator of
            batches or the like.
        learns_from: The modality of every name that is needed.
        who: The class of the model, for errors.

    Returns:
        The data, with the first batch that a generator gave before the others;
        and the number of rows in the batch, None where it was not looked at.

    Raises:
        ValueError: For values that the model cannot be trained on.
    """
    if getattr(data, "is_checked", False):
        return data, None
    if isinstance(data, types.GeneratorType):
        first = next(data, None)
        _, rows = check_first_batch([first], learns_from, who)
        return (batch for batch in itertools.chain([first], data)), rows
    if hasattr(data, "__next__"):  # which would lose the batch
        return data, None
    is_indexed = isinstance(data, keras.utils.PyDataset)
    batch = data[0] if is_indexed else next(iter(data), None)
    if batch is None:
        raise ValueError(f"The data set is empty. Received: {data!r}")
    return data, check_batch(batch, learns_from, who)


def check_batch(batch: Any, learns_from: dict[str, Modality], who: str) -> int:
    """Looks at a batch before a step.

    Args:
        batch: What `named_batch` takes.
        learns_from: The modality of every name that is needed.
        who: The class of the model, for errors.

    Returns:
        The number of rows.

    Raises:
        ValueError: For values that the model cannot be trained on.
    """
    rows = 0
    for name, values in named_batch(batch, learns_from, who).items():
        if keras.ops.is_tensor(values):
            values = keras.ops.convert_to_numpy(values)
        rows = len(values)
        modality = learns_from[name]
        # A few images may well be bright ones.
        check = modality.check_batch if rows >= FEW else modality.check
        check(values, name)
    return rows


def _check_source(
    source: Any, y: Any, learns_from: dict[str, Modality], who: str
) -> Any:
    _, *others = learns_from
    if y is not None and others:
        name = others[0]
        values = learns_from[name].check(y, name)
        source = source.with_column(name, values, learns_from[name])
    for name, modality in learns_from.items():
        if name not in source.modalities:
            raise _missing(name, list(learns_from), source.modalities, who)
        if not modality.agrees_with(source.modalities[name]):
            source = source.told_as(name, modality)
        data = source.modalities[name]
        if not modality.agrees_with(data):
            raise ValueError(
                f"{who} was built for {_known(modality)}; "
                f"{_mended_by(modality)}. Received: a source of {_known(data)}"
            )
        source.check_column(name, modality)
    _look_at_rows(source, learns_from)
    return source


def _look_at_rows(source: Any, learns_from: dict[str, Modality]) -> None:
    """Looks for a likely mistake in rows that are spread over a source."""
    for side in source.sides:
        rows = np.unique(np.linspace(0, len(side) - 1, LOOKED_AT).astype(int))
        names = [name for name in side.modalities if name in learns_from]
        for name, values in side.rows(rows, names).items():
            learns_from[name].check_data(values, name)


def _mended_by(modality: Modality) -> str:
    if getattr(modality, "names", None):
        return "for others build it, or fine-tune it, with their names"
    return "`keras_gans.data.load` resizes images"


def _known(modality: Modality) -> str:
    names = getattr(modality, "names", None) or []
    named = f" ({', '.join(names[:10])}{', ...' * (len(names) > 10)})"
    return modality.describe() + named * bool(names)


def _missing(name: str, names: list[str], given: Any, who: str) -> ValueError:
    return ValueError(
        f"{_learns(who, names)}: `fit({', '.join(names)})` "
        f"or a source with these names. Received: no {name!r} among "
        f"{[n for n in given if given[n] is not None]}"
    )


def _learns(who: str, names: list[str]) -> str:
    return f"{who} learns from {' and '.join(names)}"
