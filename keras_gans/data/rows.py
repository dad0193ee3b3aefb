"""Named arrays in memory."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from keras_gans.data.source import Source
from keras_gans.modalities import ClassLabel, Image, Modality


class Rows(Source):
    """Named arrays of one length.

    Args:
        arrays: Arrays (N, ...) by name: carried values, or device values as
            the modality takes them. They are not copied where their type is
            right, and may be memory-mapped.
        modalities: The modality of every name. A name that is not given gets
            one by its array: `Image` for uint8 or float values of shape
            (N, H, W, C), `ClassLabel` for whole numbers or strings of shape
            (N,) or (N, 1).
        name: The name of the data in records and messages.

    Raises:
        ValueError: Where there are no arrays, arrays differ in length or are
            refused by their modality, or where a modality cannot be told from
            its array.

    Example:
    ```python
    rows = keras_gans.data.Rows({"inputs": photos, "images": drawings})
    ```
    """

    def __init__(
        self,
        arrays: Mapping[str, Any],
        modalities: Mapping[str, Modality] | None = None,
        name: str = "array",
    ):
        self.name = name
        arrays = {key: np.asanyarray(array) for key, array in arrays.items()}
        lengths = {key: array.shape[:1] for key, array in arrays.items()}
        if len(set(lengths.values())) != 1 or () in lengths.values():
            raise ValueError(
                "Rows need at least one array, and arrays of one length. "
                f"Received: shapes { {k: a.shape for k, a in arrays.items()} }"
            )
        given = modalities or {}
        self.modalities = {
            key: given[key] if key in given else _infer(key, array)
            for key, array in arrays.items()
        }
        self.arrays = {
            key: self.modalities[key].check(array, key)
            for key, array in arrays.items()
        }

    def __len__(self) -> int:
        return len(next(iter(self.arrays.values())))

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads rows; see `Source.rows`."""
        names = self.arrays if names is None else names
        return {name: np.asarray(self.arrays[name][indices]) for name in names}

    def check_column(self, name: str, modality: Modality) -> None:
        """Checks a column; see `Source.check_column`."""
        modality.check(self.arrays[name], name)

    def in_memory(self, name: str) -> np.ndarray | None:
        """Returns a column; see `Source.in_memory`."""
        return self.arrays[name]


def _infer(name: str, array: np.ndarray) -> Modality:
    kind = array.dtype.kind
    if array.ndim == 4 and (array.dtype == "uint8" or kind == "f"):
        return Image(*array.shape[1:])
    if len(array) and array.shape[1:] in ((), (1,)):
        if kind == "U":
            names = np.unique(array).tolist()
            return ClassLabel(len(names), names)
        if kind in "iu":
            return ClassLabel(int(array.max()) + 1)
    raise ValueError(
        f"`{name}` can be images or class labels by itself; for other values "
        f'give their modality, as in `modalities={{"{name}": ...}}`. '
        f"Received: {array.dtype} of shape {array.shape}"
    )
