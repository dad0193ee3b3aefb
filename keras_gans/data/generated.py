"""What a GAN generates, as an image source."""

from typing import Any

import numpy as np

from keras_gans.data.source import ImageSource
from keras_gans.modalities import Image, Modality
from keras_gans.modalities.image import is_generated as is_generated

GENERATED = "generated"
"""The `split` of images that a GAN made, in records and statistics files."""


class NotFiniteError(ValueError):
    """A generator made NaN or infinite values, as after diverged training."""


class GeneratedImages(ImageSource):
    """A GAN's samples, made when they are read, so that any number fits.

    They are those of `gan.generate(num_images, seed=seed)`, rounded to 8 bits
    as a file would hold them. Of a GAN that makes several things they are the
    first that are images.

    Args:
        gan: The GAN.
        num_images: Number of images, at least 1.
        seed: Seed of what is drawn, a whole number from 0.
        labels: The class of every image, for a GAN that takes classes:
            numbers or names (num_images,), or one for all; None for the
            classes in turn.
        name: The name of the images in a record.
        **given: What else the generator takes, and options such as
            `truncation`, as in `gan.generate`.

    Attributes:
        inputs: All that the generator takes, by name.
        labels: The classes of the images, int32 (num_images,), given or
            drawn; None for a GAN that takes none.
        class_names: The names of the classes, or None.

    Raises:
        ValueError: For a GAN that makes no images, and for whatever
            `generate` refuses.
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
        **given: Any,
    ):
        self.gan = gan
        self.made = image_name(gan)
        self.image_shape = gan.makes[self.made].shape
        self.name = name
        self.num_images = num_images
        # All at once: what to make of an image follows from its place among
        # all, whichever rows are read together.
        self.inputs = gan.inputs_for(num_images, seed, labels=labels, **given)
        self.labels = self.inputs.get("labels")
        self.class_names = getattr(gan.takes.get("labels"), "names", None)

    @property
    def modalities(self) -> dict[str, Modality]:  # type: ignore[override]
        """`images`, and `labels` where the GAN takes them."""
        images = {"images": self.gan.makes[self.made]}
        if self.labels is None:
            return images
        return {**images, "labels": self.gan.takes["labels"]}

    def __len__(self) -> int:
        return self.num_images

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Generates images; see `ImageSource.read`.

        Raises:
            NotFiniteError: If they are not finite.
        """
        inputs = {name: values[rows] for name, values in self.inputs.items()}
        return generate_carried(self.gan, inputs, self.name)[self.made]


def generate_carried(
    gan: Any, inputs: dict[str, np.ndarray], name: str = "generated"
) -> dict[str, np.ndarray]:
    """Generates values as files hold them, for instance uint8 images.

    Args:
        gan: The GAN.
        inputs: All that its generator takes, as `gan.inputs_for` returns it.
        name: The name of the values in an error.

    Returns:
        Carried values by the names of `gan.makes`.

    Raises:
        NotFiniteError: If values are not finite.
    """
    made = gan.generate_from(inputs)
    if not all(np.isfinite(values).all() for values in made.values()):
        raise NotFiniteError(
            "What the generator makes is not finite: its training diverged. "
            f"Received: {name}"
        )
    return {key: gan.makes[key].carry(values) for key, values in made.items()}


def image_name(gan: Any) -> str:
    """Returns the name of the first images that a GAN makes.

    Raises:
        ValueError: For a GAN that makes none.
    """
    for name, modality in gan.makes.items():
        if isinstance(modality, Image):
            return name
    made = ", ".join(modality.describe() for modality in gan.makes.values())
    raise ValueError(
        "The GAN must make images. "
        f"Received: {type(gan).__name__}, which makes {made}"
    )
