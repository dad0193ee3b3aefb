"""What every image source can do."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np

from keras_gans.data.optional import import_package


class ImageSource(ABC):
    """A sequence of images of one shape, read by index.

    Attributes:
        image_shape: Height, width and channels of every image.
        labels: An int array of shape (N,), or None.
        class_names: What the labels mean, in their order, or None.
        name: What to call this data in a record.
        split: Which part of a data set it is, for a record, or None.
    """

    image_shape: tuple[int, int, int]
    labels: np.ndarray | None = None
    class_names: list[str] | None = None
    name: str = "images"
    split: str | None = None

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images.

        Args:
            rows: Their indices, from 0, as an int array of shape (n,).

        Returns:
            An array of shape (n, H, W, C), uint8 in [0, 255] or float in
            [-1, 1].
        """

    def __getitem__(self, indices: Any) -> np.ndarray:
        # Straight on with what a feed asks for: to pick a batch from the
        # numbers of ten million images takes 40 ms.
        is_rows = isinstance(indices, np.ndarray) and indices.dtype == "int64"
        if (
            is_rows
            and indices.ndim == 1
            and np.all((indices >= 0) & (indices < len(self)))
        ):
            return self.read(indices)
        rows = np.arange(len(self))[indices]
        return self.read(rows) if rows.ndim else self.read(rows[None])[0]

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self[:], dtype=dtype)

    def to_tf_dataset(
        self,
        batch_size: int = 64,
        shuffle_seed: int | None = None,
        epoch: int = 0,
        with_labels: bool = False,
    ) -> Any:
        """Streams through `tf.data`, one epoch at each iteration.

        Batches are read in parallel and ahead of time, by the same code as
        `source[indices]`, so the pixels are the same. The order is the one
        that `gan.fit` gives for the same seed and epoch, and what does not
        fill a batch is left out, as there.

        Args:
            batch_size: Images in a batch, at least 1.
            shuffle_seed: Seed of the order, or None for the source's order.
            epoch: The first iteration's epoch, from 0; with the seed it
                decides the order. Each further iteration is the next epoch.
            with_labels: Whether to give (images, labels) and not only images.

        Returns:
            A `tf.data.Dataset` of tensors of shape (batch_size, H, W, C).

        Raises:
            ValueError: Where a batch would be empty or larger than the data,
                or where labels are wanted and there are none.
        """
        tf = import_package("tensorflow", "tensorflow")
        if not 1 <= batch_size <= len(self):
            raise ValueError(
                "A batch must not be empty nor larger than the data. "
                f"Received: batch_size={batch_size}, {len(self)} images"
            )
        labels = self.labels if with_labels else None
        if with_labels and labels is None:
            raise ValueError(f"There are no labels. Received: {self.name}")
        batches = len(self) // batch_size
        epochs = itertools.count(epoch)
        dtype = self[:1].dtype

        def order() -> Iterator[np.ndarray]:
            rows = np.arange(len(self))
            if shuffle_seed is not None:
                rng = np.random.default_rng([shuffle_seed, next(epochs)])
                rows = rng.permutation(rows)
            yield from rows[: batches * batch_size].reshape(batches, -1)

        def read(rows: Any) -> Any:
            images = tf.numpy_function(self.read, [rows], dtype)
            images = tf.ensure_shape(images, (batch_size, *self.image_shape))
            if labels is None:
                return images
            return images, tf.gather(labels, rows)

        return (
            tf.data.Dataset.from_generator(
                order, output_signature=tf.TensorSpec([batch_size], tf.int64)
            )
            .apply(tf.data.experimental.assert_cardinality(batches))
            .map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
            .prefetch(tf.data.AUTOTUNE)
        )


def check_image_size(
    image_size: int | tuple[int, int] | None,
) -> tuple[int, int] | None:
    """Reads an `image_size` argument.

    Args:
        image_size: One side in pixels, (height, width), or None.

    Returns:
        (height, width), or None for None.

    Raises:
        ValueError: Where it is anything else.
    """
    if image_size is None:
        return None
    size = np.asarray(image_size)
    if size.shape not in ((), (2,)) or size.dtype.kind != "i" or size.min() < 1:
        raise ValueError(
            "`image_size` must be a whole number of pixels or (height, "
            f"width). Received: {image_size!r}"
        )
    height, width = np.broadcast_to(size, 2).tolist()
    return height, width


def check_channels(channels: int | None) -> None:
    """Refuses channel counts that image files cannot be turned into.

    Args:
        channels: 1 (grey), 3 (RGB), 4 (RGBA), or None.

    Raises:
        ValueError: Where it is anything else.
    """
    if channels not in (None, 1, 3, 4):
        raise ValueError(
            "`channels` must be 1 (grey), 3 (RGB) or 4 (RGBA). "
            f"Received: {channels!r}"
        )
