"""The comparison of an export, in its own runtime, with Keras."""

from pathlib import Path

import keras
import numpy as np

from keras_gans.exporting.runtimes import RUNTIMES
from keras_gans.exporting.signature import OUTPUT, Signature

VISIBLE = 0.05
"""Six grey levels: rounding never comes near, a wrong export always does."""


def largest_difference(
    path: Path, format: str, reference: keras.Model, signature: Signature
) -> tuple[float, str]:
    """Runs an export and Keras on the same inputs.

    Args:
        path: The export.
        format: Its format.
        reference: The generator, in float32.
        signature: Its names and shapes. Where the batch size is open, one
            image and five are made.

    Returns:
        The largest absolute difference, and the runtime with its version.

    Raises:
        RuntimeError: If images are visibly different, or not numbers.
    """
    sizes = [signature.batch_size] if signature.batch_size else [1, 5]
    batches = [signature.sample(size) for size in sizes]
    results, runtime = RUNTIMES[format](path, batches)
    differences = []
    for batch, images in zip(batches, results, strict=True):
        expected = reference(signature.arrange(batch), training=False)
        expected = keras.ops.convert_to_numpy(expected)
        differences.append(np.abs(images - expected).max())
    largest = float(np.max(differences))
    if not largest <= VISIBLE:
        raise RuntimeError(
            f"The exported generator's {OUTPUT} in {runtime} are not those of "
            f"Keras. Received: a largest difference of {largest}"
        )
    return largest, runtime
