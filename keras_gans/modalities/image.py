"""Images: uint8 in files and feeds, float32 in [-1, 1] on the device."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.modalities.modality import Modality


class Image(Modality):
    """Images of one size.

    Args:
        height: Height in pixels.
        width: Width in pixels.
        channels: Number of channels: 1 (grey), 3 (RGB), 4 (RGBA) or any other.
        any_size: Whether a generator takes images of other heights and widths
            too; in training all have these.
    """

    def __init__(
        self, height: int, width: int, channels: int, any_size: bool = False
    ):
        self.suffix = ".png" if channels <= len(PNG_CHANNELS) else ".npy"
        self.shape = (int(height), int(width), int(channels))
        self.any_size = any_size

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.shape[1]

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.shape[2]

    def check(self, values: Any, name: str = "images") -> np.ndarray:
        """Checks images (N, H, W, C): uint8, or float in [-1, 1]."""
        if not self.any_size:
            return check_images(values, self.shape, name)
        values = check_images(values, None, name)
        if values.shape[-1] != self.channels:
            raise ValueError(
                f"`{name}` must hold images of {self.channels} channels. "
                f"Received: {values.shape[-1]}"
            )
        return values

    def check_data(self, values: Any, name: str = "images") -> np.ndarray:
        """Checks images to train on.

        Raises:
            ValueError: For what `check` refuses, for float images that are
                nowhere below mid-grey (they are in [0, 1]) and for uint8
                images of 0 and 1 alone (they are masks).
        """
        values = np.asarray(values)
        if _is_in_255(values) and values.shape[1:] == self.shape:
            raise ValueError(
                f"`{name}` must be uint8 in [0, 255] or float in [-1, 1]. "
                f"{FROM_255} Received: {values.dtype} from "
                f"{values.min():.4g} to {values.max():.4g}"
            )
        values = check_images(values, self.shape, name)
        low, high = float(values.min()), float(values.max())
        if values.dtype != np.uint8 and low >= 0.0:
            raise ValueError(
                f"`{name}` must be float in [-1, 1], and none is below 0, "
                "mid-grey. 0..1 floats: use 2 * x - 1. "
                f"Received: {values.dtype} from {low:.4g} to {high:.4g}"
            )
        if values.dtype == np.uint8 and high == 1.0:
            raise ValueError(
                f"`{name}` must be uint8 in [0, 255], and none is above 1. "
                "Masks of 0 and 1: use 255 * x. "
                f"Received: uint8 from {low:.0f} to {high:.0f}"
            )
        return values

    def carry(self, values: Any) -> np.ndarray:
        """Rounds images to uint8, as a file holds them."""
        return to_uint8(values)

    def to_device(self, values: Any) -> Any:
        """Maps uint8 to float32 in [-1, 1]; float images pass."""
        return to_float(values)

    def pictures(self, values: Any) -> np.ndarray:
        """Returns the images as uint8 (N, H, W, C)."""
        return to_uint8(values)

    def write(self, path: Path, value: np.ndarray) -> None:
        """Writes one image to a PNG file that says that it was generated.

        An image of more channels than PNG has is written as an array.
        """
        if self.suffix == ".npy":
            np.save(path, value)
            return
        from PIL import Image as Picture
        from PIL import PngImagePlugin

        note = PngImagePlugin.PngInfo()
        note.add_text("Software", SOFTWARE)
        value = value[..., 0] if value.shape[-1] == 1 else value
        Picture.fromarray(value).save(path, format="PNG", pnginfo=note)

    def describe(self) -> str:
        """Returns the size in words."""
        return f"images of {'x'.join(map(str, self.shape))}"


def _is_in_255(values: np.ndarray) -> bool:
    """Returns whether values are in [0, 255], but not of the type for it."""
    if values.dtype == np.uint8 or values.dtype.kind not in "iuf":
        return False
    return bool(values.size and values.min() >= 0 and 1 < values.max() <= 255)


FROM_255 = (
    'Values in [0, 255] of another type: use `x.astype("uint8")`, or '
    '`dataset.map(lambda x, *y: (tf.cast(x, "uint8"), *y))`.'
)
PNG_CHANNELS = ("grey", "grey and alpha", "RGB", "RGBA")
SOFTWARE = "keras_gans"
"""The software that PNG files of generated images name."""


def is_generated(path: str | Path) -> bool:
    """Returns whether an image file names this package as its software."""
    from PIL import Image as Picture

    with Picture.open(path) as image:
        return image.info.get("Software") == SOFTWARE


def to_float(images: Any) -> Any:
    """Maps uint8 images in [0, 255] to float32 in [-1, 1].

    Args:
        images: An array or tensor of any shape; uint8, or float already in
            [-1, 1], which passes through as float32.

    Returns:
        The same kind of array or tensor, float32 in [-1, 1].
    """
    is_uint8 = keras.backend.standardize_dtype(images.dtype) == "uint8"
    if isinstance(images, np.ndarray):
        images = images.astype("float32")
    else:
        images = keras.ops.cast(images, "float32")
    return images / 127.5 - 1.0 if is_uint8 else images


def to_uint8(images: Any) -> np.ndarray:
    """Quantises float images in [-1, 1] to uint8, as a file would hold them.

    Args:
        images: An array of any shape; float in [-1, 1] (values outside are
            clipped), or uint8, which passes through.

    Returns:
        A uint8 NumPy array of the same shape.
    """
    images = np.asarray(images)
    if images.dtype == np.uint8:
        return images
    scaled = np.rint((images.astype("float32") + 1.0) * 127.5)
    return np.clip(scaled, 0, 255).astype("uint8")


def check_images(
    images: Any,
    image_shape: tuple[int, ...] | None = None,
    name: str = "images",
) -> np.ndarray:
    """Refuses what a GAN cannot be trained on, before anything is lost.

    Args:
        images: An array of shape (N, H, W, C); uint8 in [0, 255] or float in
            [-1, 1].
        image_shape: The (H, W, C) that is wanted, or None for any.
        name: What to call the images in an error.

    Returns:
        The images as a NumPy array, of the type that came.

    Raises:
        ValueError: Where rank, size, channels, type or range are wrong, or
            where a value is not finite.
    """
    images = np.asarray(images)
    if images.ndim != 4 or 0 in images.shape:
        raise ValueError(
            f"`{name}` must have the shape (N, H, W, C) with nothing empty; "
            "grey images need a last axis of 1. "
            f"Received: shape {images.shape}"
        )
    if image_shape is not None and images.shape[1:] != tuple(image_shape):
        raise ValueError(
            f"`{name}` must hold images of {tuple(image_shape)} (height, "
            "width, channels). `keras_gans.data.load` resizes and converts. "
            f"Received: {images.shape[1:]}"
        )
    if images.dtype == np.uint8:
        return images
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(
            f"`{name}` must be uint8 in [0, 255] or float in [-1, 1]. "
            f"Received: {images.dtype}"
        )
    low, high = float(images.min()), float(images.max())
    if not np.isfinite(low) or not np.isfinite(high):
        raise ValueError(
            f"`{name}` must be finite. Received: values from {low} to {high}"
        )
    # A generator may make images that are all a little above grey.
    looks_0_to_1 = 0.0 <= low < 0.1 and 0.5 < high <= 1.0
    if low < -1.0 or high > 1.0 or looks_0_to_1:
        hint = " (0..1 floats: use 2 * x - 1)" if looks_0_to_1 else ""
        raise ValueError(
            f"`{name}` must be uint8 in [0, 255] or float in [-1, 1]{hint}. "
            f"Received: {images.dtype} from {low:.4g} to {high:.4g}"
        )
    return images
