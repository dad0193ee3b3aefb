"""What a GAN generates, as an image source."""

from os import PathLike
from typing import Any

import keras
import numpy as np
from PIL import Image, PngImagePlugin

from keras_gans.data.source import ImageSource
from keras_gans.modalities.image import to_uint8

GENERATED = "generated"
"""The `split` of images that a GAN made, in records and statistics files."""

SOFTWARE = "keras_gans"
"""What the PNG files of such images name as the software that made them."""


class NotFiniteError(ValueError):
    """A generator made NaN or infinite pixels, as after diverged training."""


class GeneratedImages(ImageSource):
    """A GAN's samples, made when they are read, so that any number fits.

    They are those of `gan.generate(num_images, seed=seed)`, rounded to 8 bits
    as a file would hold them.

    Args:
        gan: The GAN.
        num_images: How many, at least 1.
        seed: Seed of the latents, a whole number from 0.
        labels: What to make, int (num_images,), for a conditional GAN; None
            leaves it to the GAN.
        name: What to call them in a record.
        truncation: As in `BigGAN.sample_latents`, for GANs that have it.

    Raises:
        ValueError: For labels that `generate` would refuse.
        TypeError: For a truncation where there is none.
    """

    split = GENERATED

    read_ahead = False
    """Generating shares the processor with whatever looks at the images."""

    def __init__(
        self,
        gan: Any,
        num_images: int,
        seed: int = 0,
        labels: Any = None,
        name: str = "generated",
        truncation: float | None = None,
    ):
        conditions = {} if labels is None else {"labels": labels}
        how = {} if truncation is None else {"truncation": truncation}
        self.gan = gan
        self.image_shape = gan.image_shape
        self.name = name
        self.labels = None if labels is None else np.asarray(labels)
        self.num_images = num_images
        # All at once: what to make of an image follows from its place among
        # all, whichever rows are read together.
        self.inputs = gan.generator_inputs(
            gan.sample_latents(num_images, seed, **how), **conditions
        )

    def __len__(self) -> int:
        return self.num_images

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Generates images; see `ImageSource.read`.

        Raises:
            NotFiniteError: If they are not finite.
        """
        images = self.gan.generate_from(
            keras.tree.map_structure(lambda x: x[rows], self.inputs)
        )
        if not np.isfinite(images).all():
            raise NotFiniteError(
                "The generator's images are not finite: its training "
                f"diverged. Received: {self.name}"
            )
        return to_uint8(images)


def save_generated(path: str | PathLike, image: np.ndarray) -> None:
    """Writes a generated image to a PNG file that says that it is one.

    Args:
        path: The file.
        image: uint8 (H, W, C), C being 1, 3 or 4.
    """
    note = PngImagePlugin.PngInfo()
    note.add_text("Software", SOFTWARE)
    image = image[..., 0] if image.shape[-1] == 1 else image
    Image.fromarray(image).save(path, format="PNG", pnginfo=note)


def is_generated(path: str | PathLike) -> bool:
    """Returns whether an image file says that `save_generated` wrote it."""
    with Image.open(path) as image:
        return image.info.get("Software") == SOFTWARE
