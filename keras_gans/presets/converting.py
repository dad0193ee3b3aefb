"""Presets from files of weights that others published."""

import os
from pathlib import Path
from typing import Any

from keras_gans import models
from keras_gans.files import sha256_of
from keras_gans.presets.saving import save_to_preset
from keras_gans.pretrained.styles.files import holds_styles, read_style_file
from keras_gans.pretrained.styles.network import assign
from keras_gans.pretrained.super_resolution.files import read_network
from keras_gans.pretrained.torch_files import read_torch_tensors

PATCH = 96
"""Side of the large images that such a GAN trains on; all scales divide it."""


def convert(
    file: str | os.PathLike,
    directory: str | os.PathLike,
    dtype: str = "float32",
) -> Any:
    """Makes a preset of a file of weights: of a StyleGAN2, ESRGAN or SRGAN.

    Files of ESRGAN, Real-ESRGAN and SRGAN hold a generator alone. The preset's
    discriminator is new and small; `from_preset(..., fine_tune=True,
    discriminator_width=64)` trains on with one of the papers' size. Those of
    StyleGAN2 may hold one.

    Args:
        file: A `.pth` file of Real-ESRGAN, ESRGAN, BasicSR or
            leftthomas/SRGAN, or one of ncnn's two files, as `read_network`
            takes it; or a state dictionary of stylegan2-ada-pytorch or of
            rosinality's stylegan2-pytorch, in a `.pth`, `.npz` or
            `.safetensors` file, as `read_style_file` takes it. It cannot run
            code.
        directory: The preset's folder, made where it is missing; it must be
            empty.
        dtype: "float32", or "float16" to halve the preset.

    Returns:
        The GAN, not compiled.

    Raises:
        FileNotFoundError: Where there is no such file.
        FileExistsError: Where the folder holds something.
        ValueError: For another kind of file, a damaged one, and for another
            network; for a `.pkl` with the way to convert it.

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
    path = Path(file)
    gan, what = _read_styles(path) or _read_super_resolution(path)
    save_to_preset(
        gan,
        folder,
        dtype,
        {
            "description": f"{what}, converted from {path.name}",
            "converted_from": {path.name: sha256_of(path)},
        },
    )
    return gan


def _read_super_resolution(path: Path) -> tuple[Any, str]:
    network = read_network(path)
    gan = getattr(models, network.variant)(
        image_shape=(PATCH, PATCH, network.channels),
        discriminator_width=4,
        pixel_steps=None,
        **network.arguments,
    )
    network.assign(gan.generator)
    return gan, f"{network.variant} x{gan.scale}"


def _read_styles(path: Path) -> tuple[Any, str] | None:
    """Returns a StyleGAN2, or None where the file may be of another network."""
    suffix = path.suffix.lower()
    if suffix not in (".npz", ".safetensors", ".pkl"):
        is_torch = suffix in (".pth", ".pt") and path.is_file()
        if not (is_torch and holds_styles(read_torch_tensors(path))):
            return None
    file = read_style_file(path)
    gan = models.StyleGAN2(**file.arguments)
    assign(gan.ema_generator, file.generator)
    assign(gan.generator, file.trained or file.generator)
    _measure_mean_style(gan)
    if file.discriminator:
        assign(gan.discriminator, file.discriminator)
    height, width, _ = gan.image_shape
    return gan, f"StyleGAN2 of {height}x{width}"


def _measure_mean_style(gan: Any) -> None:
    """Takes the mean of w from 10,000 latents, where a file held none.

    Checkpoints of rosinality's training have none: its `generate.py` takes the
    mean of 4,096 latents when it truncates.
    """
    if gan.inference_generator.get_layer("mean_style").mean.numpy().any():
        return
    mean = gan.to_styles(num=10_000, seed=0)[:, 0].mean(0)
    for network in (gan.ema_generator, gan.generator):
        network.get_layer("mean_style").mean.assign(mean)
