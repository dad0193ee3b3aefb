"""Masks: which pixels of an image are to be filled in."""

import functools
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.modalities.holes import (
    OF_A_BOX,
    OF_STROKES,
    boxes,
    strokes,
)
from keras_gans.modalities.modality import Modality

HOLES = ("boxes", "strokes", "both")
"""What masks show where they are drawn: "both" is a box and strokes."""


class Mask(Modality):
    """Maps of 0 (keep) and 1 (fill in), of boxes and brush strokes if drawn.

    Args:
        height: Height in pixels.
        width: Width in pixels.
        holes: What is drawn, as in `keras_gans.modalities.holes`: "boxes" for
            one box in each mask, "strokes" for up to three brush strokes, or
            "both" for a box and strokes, which may overlap.

    Raises:
        ValueError: For other holes.
    """

    is_drawn = True
    is_data = False
    suffix = ".png"

    def __init__(self, height: int, width: int, holes: str = "boxes"):
        if holes not in HOLES:
            raise ValueError(
                f"`holes` must be one of {HOLES}. Received: holes={holes!r}"
            )
        self.shape = (int(height), int(width), 1)
        self.holes = holes

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.shape[1]

    def check(self, values: Any, name: str = "masks") -> np.ndarray:
        """Checks masks (N, H, W, 1): bool, of 0 and 1, or of 0 and 255."""
        values = np.asarray(values)
        if values.dtype.kind in "iu" and values.size and values.max() > 1:
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
        """Draws masks, float32 (num, H, W, 1)."""
        count = OF_A_BOX + OF_STROKES
        numbers = rng.uniform(size=(num, count)).astype("float32")
        return ops.convert_to_numpy(self._drawn(ops.convert_to_tensor(numbers)))

    def sample(self, draw: Any, num: Any) -> Any:
        """Draws masks in a training step."""
        count = OF_A_BOX + OF_STROKES
        return self._drawn(draw(keras.random.uniform, num, count))

    def _drawn(self, numbers: Any) -> Any:
        height, width, _ = self.shape
        drawn = []
        if self.holes != "strokes":
            drawn.append(boxes(numbers[:, :OF_A_BOX], height, width))
        if self.holes != "boxes":
            drawn.append(strokes(numbers[:, OF_A_BOX:], height, width))
        return functools.reduce(ops.maximum, drawn)

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
