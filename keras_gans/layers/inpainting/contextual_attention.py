"""Contextual attention: Yu et al. 2018, arXiv:1801.07892, section 4.1."""

from typing import Any

import keras
import numpy as np
from keras import ops

SCALE = 10.0
"""The softmax's lambda in equation 7, of the authors' code."""


@keras.saving.register_keras_serializable("keras_gans")
class ContextualAttention(keras.layers.Layer):
    """Makes maps anew from those of their own patches that hold no hole.

    It takes maps (N, 2h, 2w, C) and the holes of maps of half the size
    (N, h, w, 1), 1 where anything is to be filled in, and returns maps
    (N, 2h, 2w, C).

    Patches of 3x3 of every second row and column are compared: the cosine of
    the angle between them (equation 6) is summed over neighbours that move
    along together, from left to right and from top to bottom (equation 8,
    the attention's propagation), times 10. A softmax over the patches without
    a hole (equation 7) says how much each counts. The result is put together
    from patches of 4x4, a mean where they overlap. Where no patch is without
    a hole, it is zero.
    """

    def call(self, inputs: Any) -> Any:
        """Returns the maps, made of their patches without a hole."""
        maps, holes = inputs
        _, height, width, channels = maps.shape
        size = height // 2, width // 2
        patches = _around(maps[:, ::2, ::2], size)
        patches = patches / _length(patches)
        cosines = ops.matmul(patches, ops.transpose(patches, (0, 2, 1)))
        known = 1.0 - ops.max(_around(holes, size), axis=-1)[:, None]
        known = ops.cast(known, cosines.dtype)
        scores = SCALE * _propagated(cosines, size)
        weights = ops.softmax(scores - 1e4 * (1.0 - known)) * known
        made = ops.matmul(weights, _squares(maps, size))
        return _put_together(made, size, channels)

    def compute_output_shape(self, shapes: Any) -> tuple[Any, ...]:
        """Returns the shape of the maps."""
        return tuple(shapes[0])


def _around(x: Any, size: tuple[int, int]) -> Any:
    """Returns the 3x3 patch around every place, (N, h * w, 9 * C)."""
    height, width = size
    padded = ops.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    parts = [
        padded[:, i : i + height, j : j + width]
        for i in range(3)
        for j in range(3)
    ]
    patches = ops.concatenate(parts, axis=-1)
    return ops.reshape(patches, (-1, height * width, 9 * x.shape[-1]))


def _length(patches: Any) -> Any:
    squares = ops.sum(ops.square(patches), axis=-1, keepdims=True)
    return ops.sqrt(ops.maximum(squares, 1e-8))


def _propagated(scores: Any, size: tuple[int, int]) -> Any:
    """Sums over places that lie beside both of two, along each axis."""
    height, width = size
    x = ops.reshape(scores, (-1, height, width, height, width))
    y = ops.pad(x, [(0, 0), (0, 0), (1, 1), (0, 0), (1, 1)])
    x = sum(y[:, :, i : i + width, :, i : i + width] for i in range(3))
    y = ops.pad(x, [(0, 0), (1, 1), (0, 0), (1, 1), (0, 0)])
    x = sum(y[:, i : i + height, :, i : i + height] for i in range(3))
    return ops.reshape(x, (-1, height * width, height * width))


OFFSETS = [(i, j) for i in range(2) for j in range(2)]


def _squares(x: Any, size: tuple[int, int]) -> Any:
    """Returns patches of 4x4, two apart, (N, h * w, 16 * C).

    Row t = 2b + a of a patch has offset b and phase a; offsets come first.
    """
    height, width = size
    padded = ops.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    parts = [
        padded[:, top : top + 2 * height : 2, left : left + 2 * width : 2]
        for b in OFFSETS
        for a in OFFSETS
        for top, left in [(2 * b[0] + a[0], 2 * b[1] + a[1])]
    ]
    patches = ops.concatenate(parts, axis=-1)
    return ops.reshape(patches, (-1, height * width, 16 * x.shape[-1]))


def _put_together(patches: Any, size: tuple[int, int], channels: int) -> Any:
    """Returns maps of patches as `_squares` cuts them, their mean."""
    height, width = size
    x = ops.reshape(patches, (-1, height, width, 16 * channels))
    total: Any = 0.0
    for k, (i, j) in enumerate(OFFSETS):
        part = x[..., 4 * k * channels : 4 * (k + 1) * channels]
        total += ops.pad(part, [(0, 0), (i, 1 - i), (j, 1 - j), (0, 0)])
    y = ops.reshape(total, (-1, height + 1, width + 1, 2, 2, channels))
    y = ops.transpose(y, (0, 1, 3, 2, 4, 5))
    y = ops.reshape(y, (-1, 2 * height + 2, 2 * width + 2, channels))
    counts = np.outer(_counts(2 * height), _counts(2 * width))
    return y[:, 1:-1, 1:-1] / ops.cast(counts[None, ..., None], y.dtype)


def _counts(side: int) -> np.ndarray:
    """Returns how many patches lie over each row or column."""
    counts = np.full(side, 2.0, "float32")
    counts[[0, -1]] = 1.0
    return counts
