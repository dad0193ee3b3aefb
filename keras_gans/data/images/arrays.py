"""Images in memory."""

from typing import Any

import numpy as np

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.images.decoding import fit_array
from keras_gans.data.source import ImageSource
from keras_gans.modalities.image import check_images, to_uint8


class Images(ImageSource):
    """Images in an array.

    Args:
        images: An array of shape (N, H, W, C), uint8 in [0, 255] or float in
            [-1, 1]. It is not copied, and may be memory-mapped.
        labels: Whole numbers of shape (N,) or (N, 1), or None.
        class_names: What the labels mean, or None.
        name: What to call this data in a record.

    Raises:
        ValueError: Where the images or labels are not such.
    """

    def __init__(
        self,
        images: Any,
        labels: Any = None,
        class_names: list[str] | None = None,
        name: str = "array",
    ):
        self.images = check_images(images)
        self.image_shape = self.images.shape[1:]
        self.labels = labels
        self.class_names = class_names
        self.name = name
        if labels is not None:
            self.labels = _check_labels(labels, len(self.images))

    def __len__(self) -> int:
        return len(self.images)

    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images; see `ImageSource.read`."""
        return np.asarray(self.images[rows])

    def fit(
        self,
        image_size: int | tuple[int, int] | None = None,
        channels: int | None = None,
    ) -> "Images":
        """Resizes (antialiased), crops to the centre and converts.

        Float images that have to change are first quantised to 8 bits, as a
        file would hold them.

        Args:
            image_size: One side in pixels or (height, width), or None to keep.
            channels: 1 (grey), 3 (RGB) or 4 (RGBA), or None to keep.

        Returns:
            The images in the shape asked for; this object where they had it.
        """
        check_channels(channels)
        height, width, depth = self.image_shape
        size = check_image_size(image_size) or (height, width)
        shape = (*size, channels or depth)
        if shape == self.image_shape:
            return self
        images = fit_array(to_uint8(self.images), shape)
        return Images(images, self.labels, self.class_names, self.name)


def _check_labels(labels: Any, num_images: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.shape == (num_images, 1):
        labels = labels[:, 0]
    if labels.shape != (num_images,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"Labels must be whole numbers of shape ({num_images},), one for "
            f"each image. Received: {labels.dtype} of shape {labels.shape}"
        )
    return labels.astype("int32")
