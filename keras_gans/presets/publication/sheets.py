"""The sheet of samples that a published preset shows."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.callbacks.sample_grid import real_of
from keras_gans.data import Rows
from keras_gans.data.degraded.resizing import resize
from keras_gans.engine.model import AdversarialModel
from keras_gans.pictures import save_samples
from keras_gans.pictures.samples import has_picture
from keras_gans.presets.publication.scoring import as_source, rows_to_take


def save_sheet(
    gan: AdversarialModel, path: str | os.PathLike, data: Any
) -> int:
    """Writes a sheet of samples that are not chosen.

    Args:
        gan: The GAN.
        path: The picture.
        data: Rows of what the generator takes and cannot draw. Where they
            hold what it is to make too, the sheet shows that as well.

    Returns:
        The number of samples, at most 100, of large images 16; 0 for what has
        no picture.
    """
    kinds = [m for m in gan.makes.values() if has_picture(m)]
    if not kinds:
        return 0
    rng = np.random.default_rng(0)
    height = max(m.pictures(m.noise(1, rng)).shape[1] for m in kinds)
    num = 100 if height <= 64 else 16
    real: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    if not all(m.is_drawn for m in gan.takes.values()):
        source = as_source(data)
        num = min(num, len(source))
        taken = rows_to_take(gan, source, num)
        real = real_of(gan, source, num)
    inputs = gan.inputs_for(num, 0, **taken)
    made = gan.generate_from(inputs)
    save_samples(path, gan, inputs, made, real, scale=None)
    return num


def photograph_tiles(side: int, scale: int) -> Rows:
    """Cuts a photograph in the public domain into tiles, with small copies.

    It is the portrait of Grace Hopper that ships with matplotlib (United
    States Navy, 1984), 512x600 pixels.

    Args:
        side: Side of a tile in pixels, a multiple of the scale.
        scale: How many times smaller the copies are, by bicubic
            interpolation.

    Returns:
        The rows "inputs", the copies, and "images", the tiles.
    """
    import matplotlib
    from PIL import Image

    folder = Path(matplotlib.get_data_path()) / "sample_data"
    with Image.open(folder / "grace_hopper.jpg") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    rows, columns = (n // side for n in pixels.shape[:2])
    tiles = pixels[: rows * side, : columns * side]
    tiles = tiles.reshape(rows, side, columns, side, 3).swapaxes(1, 2)
    tiles = tiles.reshape(-1, side, side, 3)
    small = (side // scale, side // scale)
    inputs = np.stack([resize(tile, small) for tile in tiles])
    return Rows({"inputs": inputs, "images": tiles}, name="Grace Hopper")
