"""Convolutions that double or halve maps through an FIR filter."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.layers.styles import fir
from keras_gans.layers.styles.equalized_conv import EqualizedConv2D


def conv(maps: Any, kernel: Any, padding: str = "same", stride: int = 1) -> Any:
    """Convolves maps (N, H, W, C) by a kernel (height, width, C, F)."""
    return ops.conv(maps, kernel, stride, padding, data_format="channels_last")


def conv_up(
    maps: Any, kernel: Any, taps: Sequence[float] = fir.TAPS, form: str = "auto"
) -> Any:
    """Doubles maps by a 3x3 transposed convolution, which the filter smooths.

    Karras et al. 2020, appendix B. There are two forms with the same result.
    The native form is the backend's transposed convolution and the filter
    after it. The folded form convolves the kernel by the filter, to 6x6, of
    which each of the output's four phases (even or odd row, even or odd
    column) reads 3x3: it is one 3x3 convolution to four times the channels.
    The native form has a quarter of the multiplications; on JAX's CPU backend
    transposed convolutions are slow, and the folded form is faster.

    Args:
        maps: (N, H, W, C).
        kernel: (3, 3, C, F).
        taps: Four taps, normalised as in `fir.resample`.
        form: "native", "folded" or "auto".

    Returns:
        Maps (N, 2H, 2W, F).
    """
    if _chosen(form) == "native":
        kernel = ops.transpose(kernel, (0, 1, 3, 2))
        y = ops.conv_transpose(
            maps, kernel, 2, "valid", data_format="channels_last"
        )
        # The sum of the filter is doubled, for the zeros between the values.
        return 4.0 * fir.resample(y, taps, padding=(1, 1))
    height, width = maps.shape[1:3]
    channels, filters = kernel.shape[2:]
    # Row 2i + q of the output depends on row i + a - 1 of the input through
    # row 2 (2 - a) + q of the kernel, for the phase q and the offset a.
    large = folded(kernel, 2.0 * fir.normalized(taps))
    large = ops.reshape(large, (3, 2, 3, 2, channels, filters))
    large = ops.transpose(ops.flip(large, (0, 2)), (0, 2, 4, 1, 3, 5))
    large = ops.reshape(large, (3, 3, channels, 4 * filters))
    y = ops.reshape(conv(maps, large), (-1, height, width, 2, 2, filters))
    y = ops.transpose(y, (0, 1, 3, 2, 4, 5))
    return ops.reshape(y, (-1, 2 * height, 2 * width, filters))


def conv_down(
    maps: Any, kernel: Any, taps: Sequence[float] = fir.TAPS, form: str = "auto"
) -> Any:
    """Halves maps by the filter and a convolution with a stride of 2.

    It has two forms as `conv_up` has. A 1x1 convolution follows the halving.

    Args:
        maps: (N, H, W, C), H and W even.
        kernel: (3, 3, C, F) or (1, 1, C, F).
        taps: Four taps, normalised.
        form: "native", "folded" or "auto".

    Returns:
        Maps (N, H / 2, W / 2, F).
    """
    if kernel.shape[0] == 1:
        return conv(fir.downsample(maps, taps), kernel)
    if _chosen(form) == "native":
        smooth = fir.resample(maps, taps, padding=(2, 2))
        return conv(smooth, kernel, "valid", stride=2)
    height, width = maps.shape[1:3]
    channels, filters = kernel.shape[2:]
    # Row i of the output depends on row 2 (i + a) + q of the padded input
    # through row 2a + q of the kernel.
    large = folded(kernel, fir.normalized(taps)[::-1])
    large = ops.reshape(large, (3, 2, 3, 2, channels, filters))
    large = ops.transpose(large, (0, 2, 1, 3, 4, 5))
    large = ops.reshape(large, (3, 3, 4 * channels, filters))
    pairs = (-1, height // 2, 2, width // 2, 2, channels)
    y = ops.transpose(ops.reshape(maps, pairs), (0, 1, 3, 2, 4, 5))
    y = ops.reshape(y, (-1, height // 2, width // 2, 4 * channels))
    return conv(y, large)


def folded(kernel: Any, taps: np.ndarray) -> Any:
    """Returns a kernel (3, 3, C, F) convolved by four taps, (6, 6, C, F)."""
    once = np.stack([np.pad(taps, (i, 2 - i)) for i in range(3)], axis=1)
    once = ops.cast(once, kernel.dtype)
    return ops.einsum("ak,bl,klio->abio", once, once, kernel)


def _chosen(form: str) -> str:
    if form == "auto":
        return "folded" if keras.backend.backend() == "jax" else "native"
    return form


@keras.saving.register_keras_serializable("keras_gans")
class DownsamplingFIRConv2D(EqualizedConv2D):
    """An equalised convolution that halves maps through an FIR filter.

    Karras et al. 2019, section 2, and Karras et al. 2020, appendix B: the maps
    are smoothed with (1, 3, 3, 1) before a convolution with a stride of 2.

    Args:
        filters: Number of output channels.
        kernel_size: Side of the kernel, 3 or 1.
        **kwargs: As in `EqualizedConv2D`.
    """

    def __init__(self, filters: int, kernel_size: Any = 3, **kwargs: Any):
        super().__init__(filters, kernel_size, **kwargs)

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, channels) to (N, H / 2, W / 2, filters)."""
        return self.finished(conv_down(x, self.scaled_kernel()))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, H / 2, W / 2, filters)."""
        n, height, width, _ = input_shape
        return n, height // 2, width // 2, self.filters
