"""The comparison of an export, in its own runtime, with Keras."""

from pathlib import Path

import keras
import numpy as np

from keras_gans.exporting.runtimes import RUNTIMES
from keras_gans.exporting.signature import Signature

VISIBLE = 0.05
"""A fortieth of the range [-1, 1], or a twentieth of the largest value where
that is above 1: rounding never comes near, a wrong export always does."""


def largest_difference(
    path: Path, format: str, reference: keras.Model, signature: Signature
) -> tuple[float, str]:
    """Runs an export and Keras on the same inputs.

    Args:
        path: The export.
        format: Its format.
        reference: What `named_copy` returned.
        signature: Its names and shapes. Where the batch size is open, one
            row and five are made.

    Returns:
        The largest absolute difference of all outputs, and the runtime with
        its version.

    Raises:
        RuntimeError: If outputs are clearly different, or not numbers.
    """
    sizes = [signature.batch_size] if signature.batch_size else [1, 5]
    batches = [signature.sample(size) for size in sizes]
    try:
        results, runtime = RUNTIMES[format](path, batches)
    except Exception as error:  # each runtime has kinds of its own
        raise RuntimeError(
            "The generator was converted, but its layers do not all run in "
            f"the runtime of {format!r}. Received: {str(error)[:1500]}"
        ) from error
    differences = [0.0]
    for batch, made in zip(batches, results, strict=True):
        expected = reference(batch, training=False)
        for name in signature.outputs:
            wanted = keras.ops.convert_to_numpy(expected[name])
            difference = float(np.abs(made[name] - wanted).max())
            if not difference <= VISIBLE * max(1.0, np.abs(wanted).max()):
                raise RuntimeError(
                    f"The exported generator's {name!r} in {runtime} is not "
                    "that of Keras. Received: a largest difference of "
                    f"{difference}"
                )
            differences.append(difference)
    return max(differences), runtime
