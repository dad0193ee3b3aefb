"""Convolutions with a 4x4 kernel and a stride of 2, as matrix products.

The bfloat16 gradients of wide convolutions run in oneDNN at a fraction of the
speed of a matrix product. Here they are slices and matrix products.

Row i of the small maps depends on row 2i + t of the padded large maps through
row t of the kernel, t = 2b + a. Space to depth turns row 2i + t into phase a
of row i + b. Each of the four offsets b, of rows and columns, is then one
slice and one matrix product.

In these functions `large` is (N, 2H, 2W, C), `small` is (N, H, W, F) and
`kernel` is (4, 4, C, F), of a convolution or of a transposed convolution.
"""

from typing import Any

import keras

OFFSETS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def pay(large: Any, kernel: Any, channels: int = 128) -> bool:
    """Returns whether matrix products are faster than the convolution.

    They are for wide layers in bfloat16 on a CPU, with TensorFlow.

    Args:
        large: The shape of the large maps.
        kernel: The kernel.
        channels: The smallest number of channels that counts as wide.
    """
    return (
        keras.backend.backend() == "tensorflow"
        and kernel.dtype == "bfloat16"
        and min(kernel.shape[2:]) >= channels
        and large[1] is not None
        and large[1] % 2 == large[2] % 2 == 0
        and not keras.distribution.list_devices("gpu")
    )


def kernel_gradient(large: Any, small: Any) -> Any:
    """Returns the gradient with respect to the kernel.

    Args:
        large: The input of a convolution, or the gradient of the output of a
            transposed convolution.
        small: The gradient of the output, or the input.
    """
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
    """Returns a transposed convolution of the small maps.

    It is also the gradient of a convolution with respect to its input, where
    `small` is the gradient of its output.

    Args:
        small: The small maps.
        kernel: The kernel.
    """
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
    # Axes (b_h, b_w, a_h, a_w) to (t_h, t_w) = (b_h, a_h, b_w, a_w), or back.
    kernel = keras.ops.reshape(kernel, (2, 2, 2, 2, channels, filters))
    kernel = keras.ops.transpose(kernel, (0, 2, 1, 3, 4, 5))
    return keras.ops.reshape(kernel, (*size, channels, filters))
