"""Pixels in the range and the colour space of papers."""

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans.metrics.pairs.image_pairs import ImagePairMetric

COLORS = ("rgb", "y")


def check_color(color: str, border: int) -> None:
    """Refuses an unknown colour space or border.

    Args:
        color: "rgb" or "y".
        border: Number of pixels to crop, 0 or more.

    Raises:
        ValueError: For other values.
    """
    if color not in COLORS or border < 0:
        raise ValueError(
            '`color` must be "rgb" or "y", and `border` 0 or more pixels. '
            f"Received: color={color!r}, border={border!r}"
        )


def to_pixels(images: Any, color: str = "rgb", border: int = 0) -> Any:
    """Scales images to [0, 255], the range in which metrics are defined.

    Args:
        images: Tensor or array (n, H, W, C), uint8 or float in [-1, 1].
        color: "rgb" for all channels as they are, also for grey images; "y"
            for the luma of RGB images, ITU-R BT.601 in studio range
            [16, 235], not rounded. It is that of MATLAB's `rgb2ycbcr`, which
            papers on super-resolution use.
        border: Number of pixels to crop on every side.

    Returns:
        Float tensor (n, H - 2 border, W - 2 border, C or 1); float64 for
        float64 images where the backend has it, else float32.

    Raises:
        ValueError: For a colour space that the images do not have, and for a
            border that leaves no pixels.
    """
    check_color(color, border)
    height, width, channels = images.shape[1:]
    if color == "y" and channels != 3:
        raise ValueError(
            '`color="y"` needs images of 3 channels. '
            f"Received: {channels} channels"
        )
    if None not in (height, width) and min(height, width) <= 2 * border:
        raise ValueError(
            "`border` must leave at least one pixel of the images. "
            f"Received: border={border}, images of {height}x{width}"
        )
    images = ops.convert_to_tensor(images)
    dtype = keras.backend.standardize_dtype(images.dtype)
    pixels = ops.cast(images, "float64" if dtype == "float64" else "float32")
    if dtype != "uint8":
        pixels = (pixels + 1.0) * 127.5
    if border:
        pixels = pixels[:, border:-border, border:-border]
    if color == "y":
        red, green, blue = (pixels[..., i : i + 1] for i in range(3))
        pixels = 16.0 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255
    return pixels


class PixelMetric(ImagePairMetric):
    """A metric that compares pixels in a colour space, without a border.

    Args:
        color: "rgb" or "y": see `to_pixels`.
        border: Number of pixels to crop on every side.
        name: Name of the metric; None gives `<metric>[<color>]`.
    """

    compare_pixels: Callable[[Any, Any, str, int], Any]

    def __init__(
        self, color: str = "rgb", border: int = 0, name: str | None = None
    ):
        check_color(color, border)
        super().__init__(color, name=name)
        self.color = color
        self.border = border

    def compare(self, real: Any, fake: Any) -> Any:
        """Compares uint8 images; returns a tensor (n,)."""
        return self.compare_pixels(real, fake, self.color, self.border)

    def details(self) -> dict[str, float | int]:
        """Returns the spread over images, and the border."""
        return {**super().details(), "border": self.border}

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {"color": self.color, "border": self.border, "name": self.name}
