"""The comparison of an export, in its own runtime, with Keras."""

from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from keras_gans.exporting.runtimes import RUNTIMES
from keras_gans.exporting.signature import Signature

VISIBLE = 0.05
"""A fortieth of the range [-1, 1], or a twentieth of the largest value where
that is above 1: rounding never comes near, a wrong export always does."""

INT8_MEAN = 0.2
"""A tenth of the range, or a fifth of the largest value where that is above
1, of the mean difference. Single pixels at an edge may turn from black to
white in int8; another image differs by more than this on average."""

ADVICE = ": 'dynamic_int8' is more exact than 'int8', 'float16' more yet"


class Difference(NamedTuple):
    """How far an export's outputs are from those of Keras.

    Attributes:
        largest: The largest absolute difference of all values.
        mean: The mean absolute difference.
        runtime: What the export was run by, with its version.
    """

    largest: float
    mean: float
    runtime: str


def compare(
    path: Path,
    format: str,
    reference: keras.Model,
    signature: Signature,
    is_int8: bool = False,
) -> Difference:
    """Runs an export and Keras on the same inputs.

    Args:
        path: The export.
        format: Its format.
        reference: What `named_copy` returned.
        signature: Its names and shapes. Where the batch size is open, one
            row and five are made.
        is_int8: Whether values were rounded to 8 bits: the mean difference
            is then held to a limit, not the largest one.

    Returns:
        The differences of all outputs.

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
    differences = []
    for batch, made in zip(batches, results, strict=True):
        expected = reference(batch, training=False)
        for name in signature.outputs:
            wanted = keras.ops.convert_to_numpy(expected[name])
            difference = np.abs(made[name] - wanted)
            largest, mean = float(difference.max()), float(difference.mean())
            scale = max(1.0, np.abs(wanted).max())
            if not (
                mean <= INT8_MEAN * scale
                if is_int8
                else largest <= VISIBLE * scale
            ):
                raise RuntimeError(
                    f"The exported generator's {name!r} in {runtime} is not "
                    f"that of Keras{ADVICE if is_int8 else ''}. Received: a "
                    f"largest difference of {largest}, and a mean of {mean}"
                )
            differences.append((largest, mean))
    largest, mean = np.max(differences, axis=0).tolist()
    return Difference(largest, mean, runtime)
