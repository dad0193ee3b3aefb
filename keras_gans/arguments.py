"""Arguments of constructors, checked in one place by their annotations."""

import functools
import inspect
import math
import numbers
from collections.abc import Callable
from typing import Any, get_args

import numpy as np


def checked(init: Callable) -> Callable:
    """Wraps a constructor, whose annotations say what arguments must be.

    - `int`: a whole number of at least 1, NumPy's too.
    - `bool`: True or False, NumPy's too.
    - `float`: a finite number; at least 0 where the name ends in "weight".
    - `tuple[int, ...]` and the like: whole numbers of at least 1.

    `| None` allows None. `seed` may be 0. Other annotations are not checked.

    Args:
        init: The constructor.

    Returns:
        A constructor of the same signature, which hands on Python's numbers.
    """
    signature = inspect.signature(init)
    parameters = signature.parameters

    @functools.wraps(init)
    def wrapped(self: Any, *args: Any, **kwargs: Any) -> None:
        names = list(parameters)[1:]
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        for name, value in given.items():
            if name in parameters:
                kind = parameters[name].annotation
                given[name] = check(name, value, kind)
        init(self, *args[len(names) :], **given)

    # Keras reads it to know the arguments, and does not look through wrappers.
    wrapped.__signature__ = signature  # type: ignore[attr-defined]
    return wrapped


def check(name: str, value: Any, kind: Any) -> Any:
    """Returns an argument as its annotation wants it.

    Args:
        name: The argument's name.
        value: Its value.
        kind: Its annotation.

    Raises:
        ValueError: For a value of another kind or range.
    """
    options = get_args(kind) if str(kind).endswith("| None") else (kind,)
    if value is None and len(options) > 1:
        return None
    kind = options[0]
    if name == "seed":
        return whole_number(name, value, 0)
    if kind is bool:
        return truth(name, value)
    if kind is int:
        return whole_number(name, value)
    if kind is float:
        return number(name, value)
    if get_args(kind)[:1] == (int,):
        return whole_numbers(name, value, get_args(kind))
    return value


def whole_number(
    name: str, value: Any, at_least: int = 1, bits: int = 31
) -> int:
    """Returns a whole number below 2**bits as Python's own.

    Raises:
        ValueError: For anything else.
    """
    is_whole = isinstance(value, numbers.Integral)
    is_whole = is_whole and not isinstance(value, bool)
    if not is_whole or not at_least <= value < 2**bits:
        raise ValueError(
            f"`{name}` must be a whole number, at least {at_least} and below "
            f"2**{bits}. "
            f"Received: {name}={value!r}"
        )
    return int(value)


def truth(name: str, value: Any) -> bool:
    """Returns True or False as Python's own.

    Raises:
        ValueError: For anything else.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(
            f"`{name}` must be True or False. Received: {name}={value!r}"
        )
    return bool(value)


def number(name: str, value: Any) -> float:
    """Returns a finite number; one of at least 0 for the name of a weight.

    Raises:
        ValueError: For anything else.
    """
    is_number = isinstance(value, numbers.Real)
    if not is_number or not math.isfinite(value):
        raise ValueError(
            f"`{name}` must be a finite number. Received: {name}={value!r}"
        )
    if name.endswith("weight") and value < 0:
        raise ValueError(
            f"`{name}` must be at least 0. Received: {name}={value!r}"
        )
    return float(value)


def whole_numbers(name: str, value: Any, wanted: tuple) -> tuple[int, ...]:
    """Returns whole numbers of at least 1 as a tuple.

    Args:
        name: The argument's name.
        value: Its value.
        wanted: `(int, int, int)` for three, `(int, ...)` for any number.

    Raises:
        ValueError: For anything else.
    """
    is_row = isinstance(value, (tuple, list, np.ndarray))
    count = None if Ellipsis in wanted else len(wanted)
    if not is_row or count not in (None, len(value)):
        many = "several" if count is None else count
        raise ValueError(
            f"`{name}` must be {many} whole numbers. Received: {name}={value!r}"
        )
    whole = [isinstance(n, numbers.Integral) and int(n) >= 1 for n in value]
    if not all(whole):
        raise ValueError(
            f"`{name}` must hold whole numbers of at least 1. "
            f"Received: {name}={value!r}"
        )
    return tuple(int(n) for n in value)
