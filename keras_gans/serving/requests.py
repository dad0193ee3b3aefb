"""What a request says, and what the generator then takes."""

import dataclasses
import numbers
from collections.abc import Mapping
from typing import Any

import numpy as np

from keras_gans.exporting.limits import MOST_ROWS, MOST_SEED
from keras_gans.modalities import ClassLabel, Condition, Text
from keras_gans.serving.pictures import decode, is_picture

MOST_VALUES = 2**25
"""Numbers that one answer may have: 128 MiB of float32."""


@dataclasses.dataclass(frozen=True)
class Request:
    """A request that was read.

    Attributes:
        inputs: All that the generator takes, device values (N, ...) by name.
    """

    inputs: dict[str, np.ndarray]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.inputs.values())))

    @property
    def kind(self) -> tuple[Any, ...]:
        """Requests of the same kind can be drawn as one batch."""
        return tuple((n, v.shape[1:]) for n, v in self.inputs.items())


def read_request(gan: Any, given: Mapping[str, Any]) -> Request:
    """Reads what `gan.generate` takes, as text and bytes may say it.

    Args:
        gan: The GAN.
        given: `seed`, from 0 to 2147483647; `count` of rows; and by the names
            of `gan.takes` and their options, as `generate` takes them:
            classes by name or number and conditions, which take turns where
            there are fewer than rows; pictures as arrays or as the bytes of
            files; sentences, of `count` rows each.

    Returns:
        The request: the same rows as `gan.generate(count, seed, **given)`.

    Raises:
        ValueError: For whatever is not so, and for more rows than allowed.
    """
    given = {name: v for name, v in given.items() if v is not None}
    most = most_rows(gan)
    seed = _whole_number("seed", given.pop("seed", None), 0, MOST_SEED)
    count = _whole_number("count", given.pop("count", None), 1, most)
    values = {}
    for name, value in given.items():
        kind = gan.takes.get(_name_of(gan, name))
        _check_rows(name, value, most)
        read = _option if kind is None else _reader(kind)
        values[name] = read(kind, name, value, count)
    try:
        inputs = gan.inputs_for(count, seed, **values)
    except (TypeError, OverflowError) as error:
        raise ValueError(f"{error}. Received: {', '.join(given)}") from error
    return Request(inputs)


def most_rows(gan: Any) -> int:
    """Returns how many rows an answer may have, from 1 to `MOST_ROWS`."""
    size = sum(int(np.prod(kind.shape)) for kind in gan.makes.values())
    return max(1, min(MOST_ROWS, MOST_VALUES // size))


def joined(requests: list[Request]) -> Request:
    """Returns requests of the same kind as one."""
    names = requests[0].inputs
    return Request(
        {n: np.concatenate([r.inputs[n] for r in requests]) for n in names}
    )


def _name_of(gan: Any, name: str) -> str:
    """Returns a name of `takes`: `inputs` is the first that is not drawn."""
    if name == "inputs" and name not in gan.takes:
        return next((n for n, m in gan.takes.items() if not m.is_drawn), name)
    return name


def _whole_number(name: str, value: Any, least: int, most: int) -> int | None:
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if value is None:
        return None
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or not least <= value <= most:
        raise ValueError(
            f"`{name}` must be a whole number from {least} to {most}. "
            f"Received: {value!r}"
        )
    return int(value)


def _check_rows(name: str, value: Any, most: int) -> None:
    if np.ndim(value) and len(value) > most:
        raise ValueError(
            f"`{name}` may have {most} rows. Received: {len(value)}"
        )


def _reader(kind: Any) -> Any:
    if isinstance(kind, ClassLabel):
        return _labels
    if isinstance(kind, Condition):
        return _conditions
    if isinstance(kind, Text):
        return _sentences
    return _pictures if is_picture(kind) else _array


def _labels(kind: Any, name: str, value: Any, count: int | None) -> Any:
    """Reads classes; none of them means all in turn."""
    words = _texts(value)
    names = kind.names or []
    numbers = [
        int(w) if isinstance(w, str) and w not in names and w.isdecimal() else w
        for w in words
    ]
    if not numbers:
        return None
    return _in_turn(kind.check(np.array(numbers, object), name), count)


def _sentences(kind: Any, name: str, value: Any, count: int | None) -> Any:
    """Reads sentences, or the ids of their words."""
    if np.size(value) and np.asarray(value).dtype.kind not in "USO":
        return _array(kind, name, value, count)
    texts = _texts(value)
    if not 1 <= len(texts) * (count or 1) <= MOST_ROWS:
        raise ValueError(
            f"`{name}` must be sentences, of `count` rows each, together from "
            f"1 to {MOST_ROWS} rows. Received: {len(texts)} sentences"
        )
    return texts


def _texts(value: Any) -> list[Any]:
    """Returns values one by one, and text for bytes."""
    values = np.ravel(np.asarray(value, object)).tolist()
    return [v.decode() if isinstance(v, bytes) else v for v in values]


def _conditions(kind: Any, name: str, value: Any, count: int | None) -> Any:
    vectors = np.asarray(value)
    if vectors.ndim == 1:
        vectors = vectors[None]
    return _in_turn(kind.check(vectors, name), count)


def _in_turn(values: np.ndarray, count: int | None) -> np.ndarray:
    if count is None or not 0 < len(values) < count:
        return values
    return values[np.arange(count) % len(values)]


def _pictures(kind: Any, name: str, value: Any, count: int | None) -> Any:
    if isinstance(value, bytes):
        value = [value]
    files = np.ravel(value).tolist() if _are_bytes(value) else None
    return np.asarray(value) if files is None else decode(files, kind, name)


def _are_bytes(value: Any) -> bool:
    first = next(iter(value), None) if np.ndim(value) == 1 else None
    return isinstance(first, bytes)


def _option(kind: Any, name: str, value: Any, count: int | None) -> Any:
    number = _array(kind, name, value, count)
    if number.size != 1:
        raise ValueError(
            f"`{name}` must be one number. Received: shape {number.shape}"
        )
    return number.item()


def _array(kind: Any, name: str, value: Any, count: int | None) -> Any:
    """Reads numbers: one for all rows, or an array of them."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise ValueError(
            f"`{name}` must be numbers. Received: {array.dtype} of shape "
            f"{array.shape}"
        )
    is_one = array.size == 1 and kind is not None and kind.shape == ()
    return array.reshape(()) if is_one else array
