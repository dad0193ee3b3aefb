"""Image sources through `tf.data`."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from keras_gans.data.optional import import_package


def stream(
    source: Any,
    batch_size: int,
    shuffle_seed: int | None,
    epoch: int,
    with_labels: bool,
) -> Any:
    """Makes a `tf.data.Dataset`; see `ImageSource.to_tf_dataset`."""
    tf = import_package("tensorflow", "tensorflow")
    if not 1 <= batch_size <= len(source):
        raise ValueError(
            "A batch must not be empty nor larger than the data. "
            f"Received: batch_size={batch_size}, {len(source)} images"
        )
    labels = source.labels if with_labels else None
    if with_labels and labels is None:
        raise ValueError(f"There are no labels. Received: {source.name}")
    batches = len(source) // batch_size
    epochs = itertools.count(epoch)
    dtype = source[:1].dtype

    def order() -> Iterator[np.ndarray]:
        rows = np.arange(len(source))
        if shuffle_seed is not None:
            rng = np.random.default_rng([shuffle_seed, next(epochs)])
            rows = rng.permutation(rows)
        yield from rows[: batches * batch_size].reshape(batches, -1)

    def read(rows: Any) -> Any:
        images = tf.numpy_function(source.read, [rows], dtype)
        images = tf.ensure_shape(images, (batch_size, *source.image_shape))
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
