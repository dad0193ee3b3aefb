"""Several labels at once: multi-hot vectors."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.modalities.condition import Condition
from keras_gans.modalities.modality import Modality


@keras.saving.register_keras_serializable("keras_gans")
class MultiLabel(Condition):
    """Any number of classes for each row, as a multi-hot vector.

    The vector has 1 for each class that the row belongs to, and 0 for the
    others: uint8 in files and feeds, float32 on the device.

    Args:
        num_classes: Number of classes.
        names: The name of every class, in the order of the vectors; None
            where they have none.
        frequencies: The share of rows in each class, in [0, 1]: one number or
            one for each class. Labels that are not given to `generate` are
            drawn with them, each class by itself. None takes those of the
            array in `fit`, and is 0.5 until then.

    Raises:
        ValueError: For less than one class, another number of names or
            frequencies, and frequencies outside of [0, 1].

    Example:
    ```python
    faces = keras_gans.modalities.MultiLabel(3, ["smiling", "young", "hat"])
    gan = keras_gans.ConditionalGAN((64, 64, 3), condition=faces)
    gan.fit(images, vectors)  # (N, 3), of 0 and 1
    gan.generate(labels=["smiling+young", "hat"])
    gan.generate(labels={"smiling": [0, 1]})
    ```
    """

    frequencies: float | list[float] | None
    suffix = ".txt"

    def __init__(
        self,
        num_classes: int,
        names: Sequence[str] | None = None,
        frequencies: float | Sequence[float] | None = None,
    ):
        super().__init__(num_classes, names)
        self.frequencies = None
        if frequencies is not None:
            self.frequencies = self.per_number("frequencies", frequencies)
            if np.min(frequencies) < 0 or np.max(frequencies) > 1:
                raise ValueError(
                    "`frequencies` must be in [0, 1]. "
                    f"Received: frequencies={frequencies}"
                )

    @property
    def num_classes(self) -> int:
        """Number of classes."""
        return self.shape[0]

    @property
    def default(self) -> float:
        """A class that a dictionary does not name is off."""
        return 0.0

    def check(self, values: Any, name: str = "labels") -> np.ndarray:
        """Checks labels, and returns multi-hot vectors uint8 (N, num_classes).

        Args:
            values: Vectors of 0 and 1 (N, num_classes); a dictionary of
                columns (N,) by name; or names (N,), several joined by "+".
            name: What to call the values in an error.

        Raises:
            ValueError: For another shape, unknown names, and for other
                numbers than 0 and 1.
        """
        values = np.asarray(values)
        if values.ndim == 1 and values.dtype.kind in "UO":
            values = np.array([self._row(text) for text in values.tolist()])
        vectors = super().check(values, name)
        if not ((vectors == 0) | (vectors == 1)).all():
            raise ValueError(
                f"`{name}` must hold 0 and 1, for each class whether a row "
                f"belongs to it. Received: values from {vectors.min():.4g} to "
                f"{vectors.max():.4g}"
            )
        return vectors.astype("uint8")

    def _row(self, text: Any) -> np.ndarray:
        row = np.zeros(self.shape, "uint8")
        for name in str(text).split("+") if text != "none" else ():
            row[self.place_of(name)] = 1
        return row

    def check_data(self, values: Any, name: str = "labels") -> np.ndarray:
        """Checks labels to train on, and learns the frequencies from them."""
        vectors = self.check(values, name)
        if self.frequencies is None and len(vectors):
            self.frequencies = vectors.mean(0).round(6).tolist()
        return vectors

    def carry(self, values: Any) -> np.ndarray:
        """Returns vectors as uint8."""
        return np.asarray(values).astype("uint8")

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Draws each class by itself, float32 (num, num_classes)."""
        frequencies = 0.5 if self.frequencies is None else self.frequencies
        drawn = rng.uniform(size=(num, *self.shape)) < frequencies
        return drawn.astype("float32")

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws 0 and 1 evenly, float32 (num, num_classes)."""
        return rng.integers(0, 2, (num, *self.shape)).astype("float32")

    def write(self, path: Any, value: np.ndarray) -> None:
        """Writes the classes of one row to a text file."""
        path.write_text(self.name_of(value) + "\n")

    def name_of(self, row: Any) -> str:
        """Returns the names of a row's classes, joined by "+"."""
        places = np.flatnonzero(np.asarray(row)).tolist()
        return "+".join(self.name_at(place) for place in places) or "none"

    def learn(self, data: Modality) -> dict[str, Any]:
        """Takes over names and frequencies, where it has none."""
        learnt = super().learn(data)
        theirs = getattr(data, "frequencies", None)
        if self.frequencies is not None or theirs is None:
            return learnt
        self.frequencies = theirs
        return {"condition": self}

    def describe(self) -> str:
        """Returns the number of classes in words."""
        return f"any of {self.num_classes} classes"
