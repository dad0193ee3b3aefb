"""Class labels: whole numbers, and the names of the classes."""

import difflib
import numbers
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.modalities.modality import Modality


class ClassLabel(Modality):
    """A class for each row, a whole number in [0, num_classes).

    Args:
        num_classes: Number of classes.
        names: The name of every class, in the order of the numbers; None
            where they have none.

    Raises:
        ValueError: For less than one class, and for another number of names.
    """

    num_classes: int
    names: list[str] | None
    shape = ()
    dtype = "int32"
    is_drawn = True
    suffix = ".txt"

    def __init__(self, num_classes: int, names: Sequence[str] | None = None):
        if not isinstance(num_classes, numbers.Integral) or num_classes < 1:
            raise ValueError(
                "`num_classes` must be a whole number, at least 1. "
                f"Received: num_classes={num_classes!r}"
            )
        if names is not None and len(names) != num_classes:
            raise ValueError(
                "`class_names` must name every class once. "
                f"Received: {len(names)} names for {num_classes} classes"
            )
        self.num_classes = self.num_values = int(num_classes)
        self.names = None if names is None else [str(n) for n in names]

    def check(self, values: Any, name: str = "labels") -> np.ndarray:
        """Checks labels (N,) or (N, 1), numbers or names; returns int32 (N,).

        Raises:
            ValueError: For labels that are not whole numbers in
                [0, num_classes), and for unknown names.
        """
        labels = np.asarray(values)
        if labels.dtype.kind in "UO" and labels.size:
            labels = np.array(
                [self._number(n) for n in labels.ravel().tolist()]
            )
        if labels.ndim == 2 and labels.shape[1] == 1:  # keras.datasets' shape
            labels = labels[:, 0]
        if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                "Labels must be whole numbers, one for each image: of shape "
                "(N,). Several labels at once, or real numbers, need a "
                "variant's argument `condition=keras_gans.modalities."
                f"MultiLabel({labels.shape[-1] if labels.ndim > 1 else 'num'})"
                "` or `Attributes`. "
                f"Received: {labels.dtype} of shape {labels.shape}"
            )
        if len(labels) and not (
            labels.min() >= 0 and labels.max() < self.num_classes
        ):
            raise ValueError(
                f"Labels must be in [0, {self.num_classes}), as `num_classes` "
                f"says. Received: labels from {labels.min()} to {labels.max()}"
            )
        return labels.astype("int32")

    def _number(self, name: Any) -> int:
        if isinstance(name, numbers.Integral):
            return int(name)
        if self.names is not None and name in self.names:
            return self.names.index(name)
        folded = [n.casefold() for n in self.names or ()]
        if folded.count(str(name).casefold()) == 1:
            return folded.index(str(name).casefold())
        if self.names is None:
            raise ValueError(
                "The classes have no names here: labels must be numbers in "
                f"[0, {self.num_classes}). Received: {name!r}"
            )
        near = difflib.get_close_matches(str(name), self.names, 3, 0.4)
        raise ValueError(
            f"There is no class of this name; the nearest: "
            f"{near or self.names[:3]}. Received: {name!r}"
        )

    def to_device(self, values: Any) -> Any:
        """Returns labels (N,) or (N, 1) as int32 (N,).

        Raises:
            ValueError: For one-hot labels.
        """
        if len(values.shape) > 1 and values.shape[-1] != 1:
            raise ValueError(
                "Labels must be whole numbers, one for each image, not "
                f"one-hot. Received: batches of shape {tuple(values.shape)}"
            )
        return keras.ops.cast(keras.ops.reshape(values, (-1,)), "int32")

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Returns the classes in turn, int32 (num,), whatever the seed."""
        return np.arange(num, dtype="int32") % self.num_classes

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws any of the labels, int32 (num,)."""
        return rng.integers(0, self.num_classes, num).astype("int32")

    def name_of(self, label: int) -> str:
        """Returns the name of a class, or its number where it has none."""
        return str(label) if self.names is None else self.names[label]

    def arguments(self, name: str) -> dict[str, Any]:
        """Returns `num_classes` and, where there are names, `class_names`."""
        names = {} if self.names is None else {"class_names": self.names}
        return {"num_classes": self.num_classes, **names}

    def learn(self, data: Modality) -> dict[str, Any]:
        """Takes over the names of as many classes, where it has none."""
        theirs = getattr(data, "names", None)
        if self.names or not theirs or len(theirs) != self.num_classes:
            return {}
        self.names = list(theirs)
        return {"class_names": self.names}

    def agrees_with(self, data: Modality) -> bool:
        """Returns whether the data have labels, of the same names if any.

        The values of labels are checked.
        """
        if not isinstance(data, ClassLabel):
            return False
        return not (self.names and data.names) or self.names == data.names

    def renumbered(self, values: np.ndarray, theirs: Modality) -> Any:
        """Returns labels (N,) of classes of the same names, in its numbers."""
        names = getattr(theirs, "names", None)
        if not self.names or not names or not set(names) <= set(self.names):
            return None
        return np.array([self.names.index(n) for n in names], "int32")[values]

    def describe(self) -> str:
        """Returns the number of classes in words."""
        return f"{self.num_classes} classes"

    def __repr__(self) -> str:
        return f"ClassLabel({self.num_classes}, names={self.names})"
