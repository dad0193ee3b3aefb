"""Convolutions of kernel 4, stride 2 as slices and matrix products.

oneDNN's bfloat16 gradients of wide convolutions reach a fraction of what a
matrix product does. Output pixel i meets the row 2i + t of the padded maps
through the kernel's row t = 2b + a. With the rows folded in twos (row i + b,
phase a), each of the four offsets b is one slice and one product. In these
functions `large` is (N, 2H, 2W, C), `small` (N, H, W, F), the kernel
(4, 4, C, F), whichever way it convolves.
"""

from typing import Any

import keras

OFFSETS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def pay(large: Any, kernel: Any, channels: int = 128) -> bool:
    """Whether products are faster here: wide, in bfloat16, on a CPU."""
    return (
        keras.backend.backend() == "tensorflow"
        and kernel.dtype == "bfloat16"
        and min(kernel.shape[2:]) >= channels
        and large[1] is not None
        and large[1] % 2 == large[2] % 2 == 0
        and not keras.distribution.list_devices("gpu")
    )


def kernel_gradient(large: Any, small: Any) -> Any:
    """The kernel's gradient, from one side and the gradient of the other."""
    import tensorflow as tf

    height, width, filters = small.shape[1:]
    channels = large.shape[-1]
    padded = tf.pad(large, [(0, 0), (1, 1), (1, 1), (0, 0)])
    folded = tf.nn.space_to_depth(padded, 2)
    small = tf.reshape(small, (-1, filters))
    taps = []
    for i, j in OFFSETS:
        part = folded[:, i : i + height, j : j + width]
        part = tf.reshape(part, (-1, 4 * channels))
        taps.append(tf.matmul(part, small, transpose_a=True))
    return _swap_offsets(tf.stack(taps), channels, filters, (4, 4))


def transposed(small: Any, kernel: Any) -> Any:
    """The transposed convolution, or the input's gradient of the other."""
    import tensorflow as tf

    height, width, filters = small.shape[1:]
    channels = kernel.shape[2]
    taps = _swap_offsets(kernel, channels, filters, (4, 4))
    taps = tf.reshape(taps, (4, 4 * channels, filters))
    small = tf.reshape(small, (-1, filters))
    parts = []
    for tap, (i, j) in zip(tf.unstack(taps), OFFSETS, strict=True):
        part = tf.matmul(small, tap, transpose_b=True)
        part = tf.reshape(part, (-1, height, width, 4 * channels))
        parts.append(tf.pad(part, [(0, 0), (i, 1 - i), (j, 1 - j), (0, 0)]))
    return tf.nn.depth_to_space(tf.add_n(parts), 2)[:, 1:-1, 1:-1]


def _swap_offsets(kernel: Any, channels: int, filters: int, size: Any) -> Any:
    # (b_h, b_w, a_h, a_w) to (t_h, t_w) = (b_h, a_h, b_w, a_w), and back.
    kernel = keras.ops.reshape(kernel, (2, 2, 2, 2, channels, filters))
    kernel = keras.ops.transpose(kernel, (0, 2, 1, 3, 4, 5))
    return keras.ops.reshape(kernel, (*size, channels, filters))
