"""Presets from files of weights that others published."""

import os
from pathlib import Path
from typing import Any

from keras_gans import models
from keras_gans.files import sha256_of
from keras_gans.presets.saving import save_to_preset
from keras_gans.pretrained.super_resolution.files import read_network

PATCH = 96
"""Side of the large images that such a GAN trains on; all scales divide it."""


def convert(
    file: str | os.PathLike,
    directory: str | os.PathLike,
    dtype: str = "float32",
) -> Any:
    """Makes a preset of a file of weights: Real-ESRGAN, ESRGAN or SRGAN.

    Such files hold a generator alone. The preset's discriminator is new and
    small; `from_preset(..., fine_tune=True, discriminator_width=64)` trains on
    with one of the papers' size.

    Args:
        file: A `.pth` file of Real-ESRGAN, ESRGAN, BasicSR or
            leftthomas/SRGAN, or one of ncnn's two files, as `read_network`
            takes it. It cannot run code.
        directory: The preset's folder, made where it is missing; it must be
            empty.
        dtype: "float32", or "float16" to halve the preset.

    Returns:
        The GAN, not compiled.

    Raises:
        FileNotFoundError: Where there is no such file.
        FileExistsError: Where the folder holds something.
        ValueError: For another kind of file, a damaged one, and for another
            network.

    Example:
    ```python
    from keras_gans.presets import convert

    gan = convert("RealESRGAN_x4plus.pth", "presets/realesrgan_x4plus")
    gan.generate(inputs=photographs)
    ```
    """
    folder = Path(directory)
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise FileExistsError(
            f"The preset's folder must be new or empty. Received: {folder}"
        )
    network = read_network(file)
    gan = getattr(models, network.variant)(
        image_shape=(PATCH, PATCH, network.channels),
        discriminator_width=4,
        pixel_steps=None,
        **network.arguments,
    )
    network.assign(gan.generator)
    path = Path(file)
    save_to_preset(
        gan,
        folder,
        dtype,
        {
            "description": f"{network.variant} x{gan.scale}, converted from "
            f"{path.name}",
            "converted_from": {path.name: sha256_of(path)},
        },
    )
    return gan
