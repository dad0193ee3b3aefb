"""Decoding, resizing and cropping of images, by Pillow on every backend."""

from os import PathLike
from typing import IO, Any

import numpy as np
from PIL import Image, ImageOps

MODES: dict[int, str] = {1: "L", 3: "RGB", 4: "RGBA"}


def open_image(file: str | PathLike | IO[bytes]) -> Image.Image:
    """Decodes an image file wholly, upright, with 8 bits a channel.

    Of an animation it takes the first frame. 16-bit grey is scaled by
    255 / 65535 (Pillow's own conversion would clip it to white), and EXIF
    orientation is applied.

    Args:
        file: A path, or an open binary file.

    Returns:
        An image of mode "L" (grey without transparency), "RGBA" (anything
        with transparency) or "RGB" (the rest).

    Raises:
        ValueError: Where the values have no stated range (32-bit images).
        Exception: Where the file is damaged, an error of nearly any type.
    """
    with Image.open(file) as opened:
        opened.load()
        image = ImageOps.exif_transpose(opened)
    if image.mode.startswith("I"):
        values = np.asarray(image)
        if values.min() < 0 or values.max() > 65535:
            raise ValueError(
                "grey values must lie in [0, 65535]. "
                f"Received: {values.min()} to {values.max()}"
            )
        scaled = np.rint(values.astype("float32") / 257)
        return Image.fromarray(scaled.astype("uint8"))
    if image.mode == "F":
        raise ValueError("float images have no stated range. Received: mode F")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def fit_image(
    image: Image.Image,
    image_shape: tuple[int, int, int],
    background: Any = "white",
) -> np.ndarray:
    """Composites, converts, resizes and crops an image to a shape.

    The image is scaled to cover the shape, antialiased (Lanczos over the
    whole footprint of each new pixel), and cropped evenly on both sides.

    Args:
        image: An image of mode "L", "RGB" or "RGBA".
        image_shape: Height, width, and 1 (grey by ITU-R 601 luma), 3 (RGB) or
            4 channels (RGBA: transparency is kept).
        background: The colour that transparent images are laid over: a name,
            "#rrggbb" or (r, g, b).

    Returns:
        A uint8 array of shape `image_shape`.
    """
    height, width, channels = image_shape
    if image.mode == "RGBA" and channels != 4:
        canvas = Image.new("RGBA", image.size, background)
        image = Image.alpha_composite(canvas, image).convert("RGB")
    image = image.convert(MODES[channels])
    image = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(image).reshape(image_shape)


def fit_array(
    images: np.ndarray,
    image_shape: tuple[int, int, int],
    background: Any = "white",
) -> np.ndarray:
    """Fits every image of a uint8 array to a shape, as `fit_image` does.

    Images of other numbers of channels than 1, 3 and 4 keep theirs: every
    channel is resized like a grey image.

    Args:
        images: A uint8 array of shape (N, H, W, C).
        image_shape: The height, width and channels that are wanted.
        background: The colour that transparent images are laid over.

    Returns:
        A uint8 array of shape (N, *image_shape).
    """
    height, width, channels = image_shape
    if images.shape[-1] not in MODES:
        planes = [images[..., [i]] for i in range(channels)]
        planes = [fit_array(plane, (height, width, 1)) for plane in planes]
        return np.concatenate(planes, axis=-1)
    out = np.empty((len(images), *image_shape), "uint8")
    for i, image in enumerate(images):
        pixels = image[..., 0] if image.shape[-1] == 1 else image
        out[i] = fit_image(Image.fromarray(pixels), image_shape, background)
    return out
