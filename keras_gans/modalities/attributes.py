"""Real-valued attributes: an age, an angle, a measurement."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.modalities.condition import Condition


@keras.saving.register_keras_serializable("keras_gans")
class Attributes(Condition):
    """Real numbers for each row, in their own units: float32 vectors.

    Networks see (x - mean) / std, by a layer of their own, so that an export
    takes the units of the data too. Attributes that are not given to
    `generate` are drawn from N(mean, std^2), each by itself.

    Args:
        num: Number of attributes.
        names: The name of every attribute, in the order of the vectors; None
            where they have none.
        mean: The mean of each attribute: one number, or one for each.
        std: Their standard deviations, above 0, likewise.

    Raises:
        ValueError: For less than one attribute, another number of names,
            means or deviations, and deviations that are not above 0.

    Example:
    ```python
    face = keras_gans.modalities.Attributes.from_data(ages_and_yaws)
    gan = keras_gans.SAGAN((64, 64, 3), condition=face)
    gan.fit(images, ages_and_yaws)  # (N, 2)
    ```
    """

    mean: float | list[float]
    std: float | list[float]

    def __init__(
        self,
        num: int,
        names: Sequence[str] | None = None,
        mean: float | Sequence[float] = 0.0,
        std: float | Sequence[float] = 1.0,
    ):
        super().__init__(num, names)
        self.mean = self.per_number("mean", mean)
        self.std = self.per_number("std", std)
        if np.min(std) <= 0:
            raise ValueError(f"`std` must be above 0. Received: std={std!r}")

    @classmethod
    def from_data(
        cls, values: Any, names: Sequence[str] | None = None
    ) -> "Attributes":
        """Makes the attributes of data, with their mean and deviation.

        Args:
            values: Vectors (N, num), of which none is constant.
            names: As in the constructor.
        """
        values = np.asarray(values, "float64")
        mean, std = (f(values, axis=0).tolist() for f in (np.mean, np.std))
        return cls(values.shape[1], names, mean, std)

    @property
    def num(self) -> int:
        """Number of attributes."""
        return self.shape[0]

    @property
    def default(self) -> Any:
        """An attribute that a dictionary does not name has its mean."""
        return self.mean

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Draws each attribute by itself, float32 (num, attributes)."""
        normal = rng.standard_normal((num, *self.shape))
        return (self.mean + np.multiply(self.std, normal)).astype("float32")

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws attributes."""
        return self.draw(num, rng)

    def name_of(self, row: Any) -> str:
        """Returns a row's attributes in words, such as "age=31.5"."""
        values = enumerate(np.asarray(row).tolist())
        return ",".join(f"{self.name_at(i)}={v:.4g}" for i, v in values)

    def describe(self) -> str:
        """Returns the number of attributes in words."""
        return f"{self.num} attributes"
