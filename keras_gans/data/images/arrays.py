"""Images in memory."""

from typing import Any

import numpy as np

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.images.decoding import fit_array
from keras_gans.data.report import uniform_origin
from keras_gans.data.source import ImageSource
from keras_gans.modalities import ClassLabel
from keras_gans.modalities.image import check_images, to_uint8


class Images(ImageSource):
    """Images in an array.

    Args:
        images: An array of shape (N, H, W, C), uint8 in [0, 255] or float in
            [-1, 1]. It is not copied, and may be memory-mapped.
        labels: Whole numbers from 0 of shape (N,) or (N, 1), or None.
        class_names: The name of every class, in the order of the labels, or
            None.
        name: The name of the data in records and messages.

    Raises:
        ValueError: For images or labels of another shape, type or range, and
            for labels that have no name where there are names.
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
            self.labels = _check_labels(labels, len(self.images), class_names)

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
            channels: 1 (grey), 3 (RGB) or 4 (RGBA), or None to keep. Images
                of other numbers of channels keep theirs.

        Returns:
            The images in that shape; this object where they have it already.

        Raises:
            ValueError: For another size or number of channels.
        """
        height, width, depth = self.image_shape
        check_channels(channels, depth)
        size = check_image_size(image_size) or (height, width)
        shape = (*size, channels or depth)
        if shape == self.image_shape:
            return self
        images = fit_array(to_uint8(self.images), shape)
        fitted = Images(images, self.labels, self.class_names, self.name)
        fitted.fitted_from = uniform_origin(len(self), self.image_shape, shape)
        return fitted


def _check_labels(
    labels: Any, num_images: int, class_names: list[str] | None
) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.shape == (num_images, 1):
        labels = labels[:, 0]
    if labels.shape != (num_images,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"Labels must be whole numbers of shape ({num_images},), one for "
            f"each image. Received: {labels.dtype} of shape {labels.shape}"
        )
    num_classes = len(class_names) if class_names else int(labels.max()) + 1
    return ClassLabel(max(num_classes, 1), class_names).check(labels)
