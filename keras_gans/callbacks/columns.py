"""The images of named rows, as an image source."""

from typing import Any

import numpy as np

from keras_gans.data.generated import image_name
from keras_gans.data.source import ImageSource, Source


class ColumnImages(ImageSource):
    """The images of a source of named rows, and their labels.

    Args:
        source: The source.
        name: The name of the images in it.
    """

    def __init__(self, source: Source, name: str):
        self.source = source
        self.column = name
        height, width, channels = source.modalities[name].shape
        self.image_shape = (height, width, channels)
        self.name = source.name
        self.split = source.split
        if "labels" in source.modalities:
            every = np.arange(len(source))
            self.labels = source.rows(every, ["labels"])["labels"]
            names = getattr(source.modalities["labels"], "names", None)
            self.class_names = names

    def __len__(self) -> int:
        return len(self.source)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images; see `ImageSource.read`."""
        return self.source.rows(rows, [self.column])[self.column]


def images_of(gan: Any, source: Source) -> ImageSource:
    """Returns those images of a source that a GAN learns to make.

    Args:
        gan: The GAN.
        source: The source.

    Raises:
        ValueError: For a GAN that makes no images.
    """
    name = image_name(gan)
    if isinstance(source, ImageSource) and name == "images":
        return source
    return ColumnImages(source, name)


def held_out_images(gan: Any) -> ImageSource:
    """Returns the images of the `validation_data` of the present `fit`.

    Args:
        gan: The GAN, in `fit`.

    Raises:
        ValueError: For a GAN that makes no images, and where there are no
            `validation_data`.
    """
    image_name(gan)
    if gan._held_out is None:
        raise ValueError(
            "Without `images`, FID compares with `validation_data`: "
            "`fit(..., validation_data=...)`. Received: images=None and no "
            "`validation_data`"
        )
    return images_of(gan, gan._held_out)
