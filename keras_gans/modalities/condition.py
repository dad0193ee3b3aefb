"""Conditions that are vectors: what several labels and attributes share."""

import numbers
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras_gans.modalities.modality import Modality


class Condition(Modality):
    """A vector of named numbers for each row, which a generator is told.

    Args:
        num: Length of the vectors.
        names: The name of every number, in their order; None where they have
            none.

    Raises:
        ValueError: For less than one number, and for another number of names
            or equal ones.
    """

    names: list[str] | None
    is_drawn = True

    def __init__(self, num: int, names: Sequence[str] | None = None):
        if not isinstance(num, numbers.Integral) or num < 1:
            raise ValueError(
                f"A {type(self).__name__} must have at least 1 number, a whole "
                f"one. Received: {num!r}"
            )
        if names is not None and not len(set(names)) == len(names) == num:
            raise ValueError(
                f"`names` must name each of the {num} numbers, and no two "
                f"alike. Received: names={list(names)}"
            )
        self.shape = (int(num),)
        self.names = None if names is None else [str(n) for n in names]

    def per_number(self, argument: str, value: Any) -> Any:
        """Returns an argument, one number or one for each, as JSON has it.

        Raises:
            ValueError: For another count, and for what is not finite.
        """
        array = np.asarray(value, "float64")
        if array.shape not in ((), self.shape) or not np.isfinite(array).all():
            raise ValueError(
                f"`{argument}` must be one finite number, or {self.shape[0]} "
                f"of them. Received: {argument}={value!r}"
            )
        return array.tolist()

    def check(self, values: Any, name: str = "labels") -> np.ndarray:
        """Checks vectors (N, num), or columns (N,) by name in a dictionary.

        Columns that a dictionary does not name are `default`.

        Raises:
            ValueError: For unknown names, another shape or type, and for
                values that are not finite.
        """
        values = np.asarray(values)
        if values.dtype == object and values.shape == ():
            values = self._from_columns(values.item(), name)
        if values.dtype.kind not in "buif":
            raise ValueError(
                f"`{name}` must be numbers. Received: {values.dtype} of shape "
                f"{values.shape}"
            )
        return super().check(values, name)

    @property
    def default(self) -> Any:
        """What stands where a dictionary of columns names nothing."""
        raise NotImplementedError

    def _from_columns(self, columns: Any, name: str) -> np.ndarray:
        if not isinstance(columns, Mapping):
            raise ValueError(
                f"`{name}` must be an array (N, {self.shape[0]}), or a "
                f"dictionary of columns. Received: {columns!r}"
            )
        num = max((np.size(column) for column in columns.values()), default=1)
        rows = np.empty((num, *self.shape), "float32")
        rows[:] = self.default
        for key, column in columns.items():
            rows[:, self.place_of(key)] = column
        return rows

    def place_of(self, name: Any) -> int:
        """Returns the place of a name.

        Raises:
            ValueError: Where there is no such name.
        """
        if self.names is None or name not in self.names:
            raise ValueError(
                f"The names are {self.names or 'none here'}. Received: {name!r}"
            )
        return self.names.index(name)

    def name_at(self, place: int) -> str:
        """Returns the name at a place, or its number where it has none."""
        return str(place) if self.names is None else self.names[place]

    def arguments(self, name: str) -> dict[str, Any]:
        """Returns `condition`."""
        return {"condition": self}

    def learn(self, data: Modality) -> dict[str, Any]:
        """Takes over the names of as many numbers, where it has none."""
        theirs = getattr(data, "names", None)
        if self.names or not theirs or len(theirs) != self.shape[0]:
            return {}
        self.names = list(theirs)
        return {"condition": self}

    def agrees_with(self, data: Modality) -> bool:
        """Returns whether data are such vectors, of the same names if any."""
        theirs = getattr(data, "names", None)
        same = not (self.names and theirs) or self.names == theirs
        return super().agrees_with(data) and same

    def renumbered(self, values: np.ndarray, theirs: Modality) -> Any:
        """Returns vectors (N, num) of the same names, in its order."""
        names = getattr(theirs, "names", None) or []
        if not self.names or sorted(names) != sorted(self.names):
            return None
        return values[:, [names.index(name) for name in self.names]]

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Makes what `get_config` described."""
        return cls(**config)

    def __repr__(self) -> str:
        kind = type(self).__name__
        return f"{kind}({self.shape[0]}, names={self.names})"
