"""Photographs to project."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans.data.images.decoding import MODES, fit_image, open_image


def read_targets(gan: Any, paths: Sequence[str | os.PathLike]) -> np.ndarray:
    """Reads photographs, cut and resized to the images of a GAN.

    The largest part in the middle that has the images' proportions is cut
    out. Colours become grey where the GAN makes grey images, and what is
    transparent white.

    Args:
        gan: The GAN.
        paths: The files, of any size and mode.

    Returns:
        uint8 images (N, H, W, C).

    Raises:
        ValueError: For a file that is no photograph, and for a GAN of other
            images than grey or coloured ones.
    """
    shape = gan.image_shape
    if shape[-1] not in MODES:
        raise ValueError(
            "Photographs have 1, 3 or 4 channels. "
            f"Received: a GAN of images {shape}"
        )
    if not paths:
        raise ValueError("One photograph at least. Received: none")
    images = []
    for path in paths:
        try:
            images.append(fit_image(open_image(path), shape))
        except FileNotFoundError:
            raise
        except Exception as error:  # a damaged file can raise nearly any
            raise ValueError(
                f"Each file must be a photograph. Received: {path} ({error})"
            ) from error
    return np.stack(images)
