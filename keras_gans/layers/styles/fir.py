"""FIR filters on maps: doubling, halving and smoothing without aliasing."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

TAPS = (1.0, 3.0, 3.0, 1.0)
"""The binomial filter of Karras et al. 2019 and 2020."""

Pair = tuple[int, int]


def normalized(taps: Sequence[float]) -> np.ndarray:
    """Returns taps as float64 whose sum is one."""
    values = np.asarray(taps, "float64")
    return values / values.sum()


def resampling_matrix(
    side: int,
    taps: Sequence[float] | np.ndarray,
    up: int = 1,
    down: int = 1,
    padding: Pair = (0, 0),
) -> np.ndarray:
    """Returns the matrix of an FIR filter along one axis.

    It puts `up` - 1 zeros behind each value, pads with zeros, convolves with
    the taps where they lie inside, and keeps every `down`-th value.

    Args:
        side: Number of values along the axis.
        taps: The filter, as it is: its sum is the gain.
        up: Factor of up-sampling.
        down: Factor of down-sampling.
        padding: Zeros before and after, negative to crop.

    Returns:
        A float32 matrix (values after, side).
    """
    before, after = padding
    length = side * up + before + after
    places = before + up * np.arange(side)
    inside = (places >= 0) & (places < length)
    spread = np.zeros((length, side))
    spread[places[inside], np.arange(side)[inside]] = 1.0
    flipped = np.asarray(taps, "float64")[::-1]
    rows = range(0, length - len(flipped) + 1, down)
    windows = [flipped @ spread[i : i + len(flipped)] for i in rows]
    return np.array(windows, "float32")


def along_axes(maps: Any, rows: Any, columns: Any) -> Any:
    """Multiplies maps (N, H, W, C) by matrices (H', H) and (W', W)."""
    height, width, channels = maps.shape[1:]
    rows, columns = (ops.cast(m, maps.dtype) for m in (rows, columns))
    y = ops.matmul(rows, ops.reshape(maps, (-1, height, width * channels)))
    y = ops.matmul(columns, ops.reshape(y, (-1, width, channels)))
    shape = (-1, rows.shape[0], columns.shape[0], channels)
    return ops.reshape(y, shape)


def resample(
    maps: Any,
    taps: Sequence[float] = TAPS,
    up: int = 1,
    down: int = 1,
    padding: Pair = (0, 0),
    form: str = "auto",
) -> Any:
    """Filters maps along both axes, as `resampling_matrix` says.

    There are two forms with the same result: a depthwise convolution, and a
    product with a matrix along each axis. The convolution is the faster one
    with TensorFlow and PyTorch, the products many times so with JAX on a CPU.
    What is up-sampled, in these networks images of few channels, is always
    multiplied by matrices.

    Args:
        maps: (N, H, W, C); H and W must be known.
        taps: The filter of each axis. It is normalised to a sum of `up`, so
            that the mean of the maps stays.
        up: Factor of up-sampling.
        down: Factor of down-sampling.
        padding: Zeros before and after each axis, negative to crop.
        form: "depthwise", "product" or "auto".

    Returns:
        Maps (N, H', W', C).
    """
    values = up * normalized(taps)
    if form == "auto":
        is_jax = keras.backend.backend() == "jax"
        form = "product" if is_jax or up > 1 else "depthwise"
    if form == "product":
        rows, columns = (
            resampling_matrix(side, values, up, down, padding)
            for side in maps.shape[1:3]
        )
        return along_axes(maps, rows, columns)
    height, width, channels = maps.shape[1:]
    if up > 1:
        maps = ops.reshape(maps, (-1, height, 1, width, 1, channels))
        zeros = (0, up - 1)
        maps = ops.pad(maps, [(0, 0), (0, 0), zeros, (0, 0), zeros, (0, 0)])
        maps = ops.reshape(maps, (-1, up * height, up * width, channels))
    before, after = (max(side, 0) for side in padding)
    if before or after:
        ends = (before, after)
        maps = ops.pad(maps, [(0, 0), ends, ends, (0, 0)])
    if min(padding) < 0:
        first, last = (max(-side, 0) for side in padding)
        height, width = maps.shape[1:3]
        maps = maps[:, first : height - last, first : width - last]
    # What backends call a convolution does not flip the kernel.
    kernel = np.outer(values[::-1], values[::-1])[:, :, None, None]
    kernel = ops.cast(np.tile(kernel, (1, 1, channels, 1)), maps.dtype)
    return ops.depthwise_conv(
        maps, kernel, down, "valid", data_format="channels_last"
    )


def upsample(maps: Any, taps: Sequence[float] = TAPS, factor: int = 2) -> Any:
    """Enlarges maps (N, H, W, C) by a factor, centred."""
    length = len(taps)
    padding = ((length + factor - 1) // 2, (length - factor) // 2)
    return resample(maps, taps, up=factor, padding=padding)


def downsample(maps: Any, taps: Sequence[float] = TAPS, factor: int = 2) -> Any:
    """Shrinks maps (N, H, W, C) by a factor, centred."""
    length = len(taps)
    padding = ((length - factor + 1) // 2, (length - factor) // 2)
    return resample(maps, taps, down=factor, padding=padding)


def smooth(maps: Any, taps: Sequence[float] = TAPS) -> Any:
    """Filters maps (N, H, W, C) of any size, which they keep."""
    length = len(taps)
    return resample(maps, taps, padding=(length // 2, (length - 1) // 2))


@keras.saving.register_keras_serializable("keras_gans")
class FIR(keras.layers.Layer):
    """Filters maps with an FIR filter and doubles, halves or keeps their size.

    Karras et al. 2019, section 2, and Karras et al. 2020, appendix B: the
    filter (1, 3, 3, 1) along both axes, against aliasing. Maps are padded with
    zeros.

    Args:
        mode: "up" to double height and width, "down" to halve them, which
            must then be even, or "smooth" to keep them.
        taps: The filter of each axis, normalised to keep the maps' mean.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For another mode.
    """

    def __init__(self, mode: str, taps: Sequence[float] = TAPS, **kwargs: Any):
        super().__init__(**kwargs)
        if mode not in MODES:
            raise ValueError(
                f"`mode` must be one of {[*MODES]}. Received: mode={mode!r}"
            )
        self.mode = mode
        self.taps = tuple(map(float, taps))

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, C) to (N, 2H, 2W, C), (N, H/2, W/2, C) or itself."""
        return MODES[self.mode](x, self.taps)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        own = {"mode": self.mode, "taps": self.taps}
        return {**super().get_config(), **own}


MODES = {"up": upsample, "down": downsample, "smooth": smooth}
