"""Inputs that are made from the images themselves: grey, sketches, small."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from keras_gans.data.degraded.resizing import resize
from keras_gans.data.source import ImageSource

Make = Callable[[np.ndarray], np.ndarray]


def grey(image: np.ndarray) -> np.ndarray:
    """Returns the luma of an image, as `load(channels=1)` reads it.

    Args:
        image: uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 1).
    """
    return np.asarray(Image.fromarray(image).convert("L"))[..., None]


def sketch(image: np.ndarray) -> np.ndarray:
    """Returns the edges of an image, as dark lines on white.

    A pixel is white minus twice the length of the luma's gradient, by Sobel's
    filter, whose steps are those of one pixel to the next.

    Args:
        image: uint8 (H, W, 3).

    Returns:
        uint8 (H, W, 1).
    """
    luma = np.pad(grey(image)[..., 0].astype("float32"), 1, "edge")
    across = luma[:, 2:] - luma[:, :-2]
    down = luma[2:] - luma[:-2]
    across = across[:-2] + 2 * across[1:-1] + across[2:]
    down = down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]
    length = np.hypot(across, down) / 8
    lines = np.clip(255 - 2 * length, 0, 255)
    return np.rint(lines).astype("uint8")[..., None]


def quarter(image: np.ndarray) -> np.ndarray:
    """Returns an image at a quarter of its sides, as MATLAB reduces it.

    Args:
        image: uint8 (H, W, C); H and W are multiples of 4.

    Returns:
        uint8 (H / 4, W / 4, C).
    """
    height, width, _ = image.shape
    return resize(image, (height // 4, width // 4))


MAKERS: dict[str, Make] = {"grey": grey, "sketch": sketch, "quarter": quarter}
"""Functions of a uint8 image (H, W, 3) to a uint8 image."""


def maker_named(make: str | Make) -> Make:
    """Returns a function of `MAKERS` by its name, or the function given.

    Raises:
        ValueError: For an unknown name.
    """
    if isinstance(make, str) and make not in MAKERS:
        raise ValueError(
            f"`make` must be one of {[*MAKERS]}, a function from an image to "
            f"an image, or None. Received: make={make!r}"
        )
    return MAKERS[make] if isinstance(make, str) else make


class MadeImages(ImageSource):
    """Images that a function makes of those of a source.

    Args:
        source: The images.
        make: The function, from uint8 (H, W, C) to uint8 (h, w, c).
    """

    def __init__(self, source: ImageSource, make: Make):
        self.source = source
        self.make = make
        self.name = source.name
        self.split = source.split
        self.image_shape = self.read(np.array([0])).shape[1:]

    def __len__(self) -> int:
        return len(self.source)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images and makes others of them; see `ImageSource.read`."""
        return np.stack([self.make(image) for image in self.source[rows]])
