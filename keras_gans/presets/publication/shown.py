"""What sheets of samples show where the data may not be published."""

from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.data import Images, Rows, load
from keras_gans.data.degraded.resizing import resize
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities.image import to_uint8
from keras_gans.presets.origins.sources import CHECKOUT


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
    pixels = _photograph()
    rows, columns = (n // side for n in pixels.shape[:2])
    tiles = pixels[: rows * side, : columns * side]
    tiles = tiles.reshape(rows, side, columns, side, 3).swapaxes(1, 2)
    tiles = tiles.reshape(-1, side, side, 3)
    small = (side // scale, side // scale)
    inputs = np.stack([resize(tile, small) for tile in tiles])
    return Rows({"inputs": inputs, "images": tiles}, name="Grace Hopper")


def portraits(side: int, num: int = 16) -> Images:
    """Returns faces that may be published, where real ones may not.

    The first is that of Grace Hopper (`photograph_tiles`); the others are
    samples of the preset `stylegan2_faces`.

    Args:
        side: Side of the images in pixels, at most 64.
        num: Number of images.

    Returns:
        A source of the images, side x side x 3.
    """
    gan = AdversarialModel.from_preset("stylegan2_faces")
    made = to_uint8(gan.generate(num - 1, seed=0))
    face = _photograph()[20:320, 106:406]
    images = [resize(image, (side, side)) for image in (face, *made)]
    return Images(np.stack(images), name="portraits")


def _photograph() -> np.ndarray:
    import matplotlib
    from PIL import Image

    folder = Path(matplotlib.get_data_path()) / "sample_data"
    with Image.open(folder / "grace_hopper.jpg") as picture:
        return np.asarray(picture.convert("RGB"))


def aerials(side: int) -> np.ndarray:
    """Returns aerial pictures that may be published.

    The preset `pix2pix_map_to_aerial` makes them of the maps that were drawn
    for its card.

    Args:
        side: Side of the images in pixels.

    Returns:
        uint8 (N, side, side, 3).
    """
    gan = AdversarialModel.from_preset("pix2pix_map_to_aerial")
    maps: Any = load(CHECKOUT / "pix2pix_map_to_aerial" / "drawn", 256)
    made = to_uint8(gan.generate(inputs=maps[:], seed=0))
    return np.stack([resize(image, (side, side)) for image in made])
