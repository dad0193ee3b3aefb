"""Photographs to project."""

import os
from collections.abc import Sequence

import numpy as np


def read_targets(gan: object, paths: Sequence[str | os.PathLike]) -> np.ndarray:
    """Reads photographs, cut and resized to the images of a GAN.

    The largest part in the middle that has the images' proportions is cut
    out, and colours become grey where the GAN makes grey images.

    Args:
        gan: The GAN.
        paths: The files.

    Returns:
        uint8 images (N, H, W, C).

    Raises:
        ValueError: For a file that is no photograph.
    """
    from PIL import Image, ImageOps

    height, width, channels = gan.image_shape  # type: ignore[attr-defined]
    mode = {1: "L", 3: "RGB"}[channels]
    images = []
    for path in paths:
        try:
            with Image.open(path) as photograph:
                whole = ImageOps.exif_transpose(photograph).convert(mode)
        except OSError as error:
            raise ValueError(
                f"Each file must be a photograph. Received: {path} ({error})"
            ) from error
        filter = Image.Resampling.LANCZOS
        image = ImageOps.fit(whole, (width, height), filter)
        images.append(np.asarray(image).reshape(height, width, channels))
    return np.stack(images)
