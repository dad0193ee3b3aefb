"""How networks that enlarge images begin and end."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from keras_gans.layers import ClipAtInference

LEAK = 0.2


def photographs(channels: int) -> keras.KerasTensor:
    """Returns an input of images of any height and width."""
    return keras.Input((None, None, channels), name="inputs")


def from_zero_to_one(images: Any) -> Any:
    """Maps [-1, 1] to [0, 1], where padding with zeros means black."""
    return layers.Rescaling(0.5, 0.5)(images)


def from_minus_one_to_one(x: Any) -> Any:
    """Maps [0, 1] to [-1, 1]; what lies outside is cut off at inference."""
    x = layers.Rescaling(2.0, -1.0, dtype="float32")(x)
    return ClipAtInference(dtype="float32")(x)


def conv(filters: int, name: str, size: int = 3, **options: Any) -> Any:
    """Returns a convolution that keeps height and width."""
    return layers.Conv2D(filters, size, padding="same", name=name, **options)


def check_scale(scale: int, scales: Sequence[int]) -> None:
    """Refuses a factor of enlargement that a network does not have.

    Raises:
        ValueError: For a scale that is not among `scales`.
    """
    if scale not in scales:
        raise ValueError(
            f"`scale` must be one of {list(scales)}. Received: scale={scale}"
        )


def doublings(scale: int) -> int:
    """Returns how often maps are doubled on the way to `scale`."""
    return int(math.log2(scale))


def field(radius: float) -> int:
    """Returns the side of the receptive field of a radius in pixels."""
    return 2 * math.ceil(radius) + 1
