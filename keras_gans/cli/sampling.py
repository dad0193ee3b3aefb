"""What a GAN generates, as an image source."""

from typing import Any

import numpy as np

from keras_gans.data import ImageSource
from keras_gans.images import to_uint8


class Samples(ImageSource):
    """A GAN's samples, made when they are read, so any number fits.

    Args:
        gan: The GAN.
        num_images: How many.
        seed: Seed of the latents; they are those of
            `gan.generate(num_images, seed=seed)`.
        name: What to call the samples in a record.
    """

    read_ahead = False  # a GAN works in one thread

    def __init__(self, gan: Any, num_images: int, seed: int, name: str):
        self.gan = gan
        self.image_shape = gan.image_shape
        self.latents = gan.sample_latents(num_images, seed)
        self.seed = seed
        self.name = name

    def __len__(self) -> int:
        return len(self.latents)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Generates images; see `ImageSource.read`.

        Raises:
            ValueError: If they are not finite.
        """
        images = self.gan.generate(
            len(rows),
            seed=self.seed + int(rows[0]),  # for what else is random
            latents=self.latents[rows],
        )
        if not np.isfinite(images).all():
            raise ValueError(
                "The generator's images are not finite: its training "
                f"diverged. Received: {self.name}"
            )
        return to_uint8(images)
