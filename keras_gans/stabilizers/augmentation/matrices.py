"""Homogeneous matrices, one for each row of a batch."""

import math
from typing import Any

import numpy as np
from keras import ops

LUMA = np.array([1.0, 1.0, 1.0, 0.0]) / math.sqrt(3.0)
"""The axis of grey colours."""


def matrix(*rows: list[Any]) -> Any:
    """Returns matrices of numbers and of tensors (N,), at least one of these.

    Args:
        *rows: The rows, lists of the same length.

    Returns:
        A tensor (N, rows, columns).
    """
    entries = [entry for row in rows for entry in row]
    zeros = next(0.0 * e for e in entries if not isinstance(e, (int, float)))
    stacked = ops.stack([entry + zeros for entry in entries], axis=-1)
    return ops.reshape(stacked, (-1, len(rows), len(rows[0])))


def translation(x: Any, y: Any) -> Any:
    """Returns matrices that move by x columns and y rows."""
    return matrix([1, 0, x], [0, 1, y], [0, 0, 1])


def scaling(x: Any, y: Any) -> Any:
    """Returns matrices that scale columns by x and rows by y."""
    return matrix([x, 0, 0], [0, y, 0], [0, 0, 1])


def rotation(angle: Any) -> Any:
    """Returns matrices that turn the x axis towards the y axis."""
    cos, sin = ops.cos(angle), ops.sin(angle)
    return matrix([cos, -sin, 0], [sin, cos, 0], [0, 0, 1])


def colour_translation(by: Any) -> Any:
    """Returns matrices that add a number to all three colours."""
    return matrix([1, 0, 0, by], [0, 1, 0, by], [0, 0, 1, by], [0, 0, 0, 1])


def colour_scaling(by: Any) -> Any:
    """Returns matrices that multiply all three colours."""
    return matrix([by, 0, 0, 0], [0, by, 0, 0], [0, 0, by, 0], [0, 0, 0, 1])


def luma_reflection(times: Any) -> Any:
    """Returns matrices that reverse the luma where `times` is 1, not 0."""
    return constant(np.eye(4)) - 2.0 * times[:, None, None] * along_luma()


def hue_rotation(angle: Any) -> Any:
    """Returns matrices that turn colours about the axis of luma."""
    cos, sin = ops.cos(angle), ops.sin(angle)
    part, third = (1.0 - cos) / 3.0, sin / math.sqrt(3.0)
    same, up, down = part + cos, part + third, part - third
    return matrix(
        [same, down, up, 0],
        [up, same, down, 0],
        [down, up, same, 0],
        [0, 0, 0, 1],
    )


def saturation_scaling(by: Any) -> Any:
    """Returns matrices that multiply the distance to the axis of luma."""
    luma, by = along_luma(), by[:, None, None]
    return luma + (constant(np.eye(4)) - luma) * by


def along_luma() -> Any:
    """Returns the matrix that keeps of a colour what is grey."""
    return constant(np.outer(LUMA, LUMA))


def constant(values: np.ndarray) -> Any:
    """Returns numbers as a float32 tensor."""
    return ops.convert_to_tensor(values, "float32")
