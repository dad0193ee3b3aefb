"""Photographs to measure, real ones where they are at hand."""

import io
import pathlib
import tarfile

import numpy as np
import pytest
from PIL import Image

SHARED = pathlib.Path(__file__).parents[2] / "shared"


def scene(height=64, width=72, seed=0):
    """A picture with areas, edges and grain, uint8 (height, width, 3)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    waves = [np.sin(9 * x * k + 7 * y / k + k) for k in (1, 2, 3)]
    blocks = np.kron(rng.uniform(-1, 1, (8, 8)), np.ones((height, width)))
    blocks = blocks[::8, ::8]
    picture = 120 + 50 * np.stack(waves, -1) + 40 * blocks[..., None]
    picture += rng.normal(0, 8, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype("uint8")


def worse(picture, seed=1):
    """The picture by four reduced and enlarged again, with noise."""
    height, width = picture.shape[:2]
    small = Image.fromarray(picture).resize(
        (width // 4, height // 4), Image.Resampling.BICUBIC
    )
    large = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.clip(np.rint(large + noise), 0, 255).astype("uint8")


def photographs(folder):
    """Set5 or Set14, cropped to a multiple of four: a list of images."""
    path = SHARED / "data" / "sr_t91_set5_set14.tar.gz"
    if not path.exists():
        pytest.skip("needs ../shared/data/sr_t91_set5_set14.tar.gz")
    images = []
    with tarfile.open(path) as archive:
        for name in sorted(archive.getnames()):
            if name.startswith(f"{folder}/") and name.endswith(".png"):
                data = archive.extractfile(name).read()
                image = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
                height, width = (size // 4 * 4 for size in image.shape[:2])
                images.append(image[:height, :width])
    return images


def bicubic(image, factor=4):
    """Reduces and enlarges with PIL, whose bicubic is nearly MATLAB's."""
    picture = Image.fromarray(image)
    size = (picture.width // factor, picture.height // factor)
    small = picture.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(small.resize(picture.size, Image.Resampling.BICUBIC))
