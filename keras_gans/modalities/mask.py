"""Masks: which pixels of an image are to be filled in."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.modalities.modality import Modality


class Mask(Modality):
    """Maps of 0 (keep) and 1 (fill in), one rectangle each where drawn.

    A drawn rectangle has sides of a quarter to a half of the mask's.

    Args:
        height: Height in pixels.
        width: Width in pixels.
    """

    is_drawn = True
    is_data = False
    suffix = ".png"

    def __init__(self, height: int, width: int):
        self.shape = (int(height), int(width), 1)

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.shape[1]

    def check(self, values: Any, name: str = "masks") -> np.ndarray:
        """Checks masks (N, H, W, 1) of 0 and 1, or of 0 and 255 in uint8."""
        values = np.asarray(values)
        if values.dtype == np.uint8 and values.size and values.max() > 1:
            values = values / 255.0
        values = super().check(values, name)
        if not np.isin(values, (0.0, 1.0)).all():
            raise ValueError(
                f"`{name}` must hold 0 (keep) and 1 (fill in). Received: "
                f"values from {values.min():.4g} to {values.max():.4g}"
            )
        return values

    def carry(self, values: Any) -> np.ndarray:
        """Returns masks as uint8, 0 or 255."""
        return (np.asarray(values) > 0.5).astype("uint8") * np.uint8(255)

    def to_device(self, values: Any) -> Any:
        """Maps uint8 masks of 0 and 255, or of 0 and 1, to 0.0 and 1.0."""
        return ops.cast(ops.cast(values, "float32") > 0.5, "float32")

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Draws one rectangle a mask, float32 (num, H, W, 1)."""
        numbers = rng.uniform(size=(num, 4)).astype("float32")
        return ops.convert_to_numpy(self._rectangles(numbers))

    def sample(self, draw: Any, num: Any) -> Any:
        """Draws one rectangle a mask in a training step."""
        return self._rectangles(draw(keras.random.uniform, num, 4))

    def _rectangles(self, numbers: Any) -> Any:
        rows = _span(numbers[:, 0], numbers[:, 1], self.shape[0])
        columns = _span(numbers[:, 2], numbers[:, 3], self.shape[1])
        return (rows[:, :, None] * columns[:, None, :])[..., None]

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Draws masks."""
        return self.draw(num, rng)

    def pictures(self, values: Any) -> np.ndarray:
        """Returns masks as uint8 pictures, white where they fill in."""
        return self.carry(values)

    def write(self, path: Path, value: np.ndarray) -> None:
        """Writes one mask to a PNG file."""
        from PIL import Image as Picture

        Picture.fromarray(self.carry(value)[..., 0]).save(path, format="PNG")


def _span(length: Any, place: Any, side: int) -> Any:
    """Returns 1.0 within a span of a quarter to a half of the side, else 0."""
    length = ops.floor((0.25 + 0.25 * length) * side)
    first = ops.floor(place * (side - length + 1.0))
    places = ops.arange(side, dtype="float32")[None]
    first, length = first[:, None], length[:, None]
    inside = ops.logical_and(places >= first, places < first + length)
    return ops.cast(inside, "float32")
