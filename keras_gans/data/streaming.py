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

    def order() -> Iterator[tuple[np.ndarray, int]]:
        rows = np.arange(len(source))
        nth_pass = next(epochs)
        if shuffle_seed is not None:
            rng = np.random.default_rng([shuffle_seed, nth_pass])
            rows = rng.permutation(rows)
        for batch in rows[: batches * batch_size].reshape(batches, -1):
            yield batch, nth_pass

    def read_rows(rows: np.ndarray, nth_pass: int) -> np.ndarray:
        return source.in_pass(int(nth_pass)).read(rows)

    def read(rows: Any, nth_pass: Any) -> Any:
        images = tf.numpy_function(read_rows, [rows, nth_pass], dtype)
        images = tf.ensure_shape(images, (batch_size, *source.image_shape))
        if labels is None:
            return images
        return images, tf.gather(labels, rows)

    signature = (
        tf.TensorSpec([batch_size], tf.int64),
        tf.TensorSpec([], tf.int64),
    )
    dataset = (
        tf.data.Dataset.from_generator(order, output_signature=signature)
        .apply(tf.data.experimental.assert_cardinality(batches))
        .map(read, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        .prefetch(tf.data.AUTOTUNE)
    )
    # A look at the first batch would count as a pass.
    dataset.is_checked = True
    return dataset
