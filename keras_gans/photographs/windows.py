"""How far layers look: which pixels of its input a layer's output depends on.

A window says, along one axis, that pixel i of an output depends on the pixels
from `i * step + first` to `i * step + last` of the input, and on no others.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import keras
from keras import layers

from keras_gans.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    ReflectionPadding2D,
    Resampling,
)
from keras_gans.layers.inpainting.holes import CutHoles, FillHoles
from keras_gans.layers.pixels.clipping import ClipAtInference
from keras_gans.layers.pixels.depth_to_space import DepthToSpace
from keras_gans.layers.pixels.space_to_depth import SpaceToDepth
from keras_gans.networks.super_resolution.rrdb import Trimmed


class Window(NamedTuple):
    """The pixels of an input that one pixel of an output depends on.

    Attributes:
        step: Pixels of the input from one pixel of the output to the next.
        first: The first pixel for output pixel 0, in pixels of the input.
        last: The last one.
    """

    step: Fraction
    first: Fraction
    last: Fraction


Windows = tuple[Window, Window]
"""The windows of rows and of columns."""

SAME = Window(Fraction(1), Fraction(0), Fraction(0))


def windows_of(layer: Any) -> Windows | None:
    """Returns the windows of a layer or operation.

    A layer of your own may have an attribute `windows`, a pair of `Window`.

    Args:
        layer: The layer, or the Keras operation.

    Returns:
        The windows, or None where an output may depend on all of the input
        (attention, an instance norm), and for an unknown layer.
    """
    own = getattr(layer, "windows", None)
    if own is not None:
        return own
    for kinds, read in _READERS:
        if isinstance(layer, kinds):
            return read(layer)
    if _is_pointwise(layer):
        return SAME, SAME
    return None


def convolution(
    kernel: int, stride: int = 1, dilation: int = 1, padding: str = "valid"
) -> Window:
    """Returns the window of a convolution or of pooling along an axis."""
    extent = (kernel - 1) * dilation
    before = max(extent + 1 - stride, 0) // 2 if padding == "same" else 0
    return Window(
        Fraction(stride), Fraction(-before), Fraction(extent - before)
    )


def transposed(kernel: int, stride: int, padding: str) -> Window:
    """Returns the window of a transposed convolution along an axis."""
    before = max(kernel - stride, 0) // 2 if padding == "same" else 0
    return Window(
        Fraction(1, stride),
        Fraction(before - kernel + 1, stride),
        Fraction(before, stride),
    )


def moved(pixels: int) -> Window:
    """Returns the window of a crop by some pixels, negative for padding."""
    return Window(Fraction(1), Fraction(pixels), Fraction(pixels))


def _repeated(factor: int) -> Window:
    return Window(Fraction(1, factor), Fraction(1 - factor, factor), SAME.last)


def _both(window: Window) -> Windows:
    return window, window


def _of_convolution(layer: Any) -> Windows:
    a, b = (
        convolution(*numbers, layer.padding)
        for numbers in zip(
            layer.kernel_size, layer.strides, layer.dilation_rate, strict=True
        )
    )
    return a, b


def _of_transposed(layer: Any) -> Windows | None:
    if set(layer.dilation_rate) != {1} or layer.output_padding is not None:
        return None
    a, b = (
        transposed(kernel, stride, layer.padding)
        for kernel, stride in zip(layer.kernel_size, layer.strides, strict=True)
    )
    return a, b


def _of_pooling(layer: Any) -> Windows:
    a, b = (
        convolution(size, stride, 1, layer.padding)
        for size, stride in zip(layer.pool_size, layer.strides, strict=True)
    )
    return a, b


_KERNELS = {"nearest": 0, "bilinear": 1, "bicubic": 2, "lanczos3": 3}


def _of_upsampling(layer: Any) -> Windows | None:
    reach = _KERNELS.get(layer.interpolation)
    if reach is None:
        return None
    if reach == 0:
        a, b = map(_repeated, layer.size)
        return a, b
    # Output i lies at (i + 0.5) / u - 0.5, and sees `reach` to either side.
    a, b = (
        Window(
            Fraction(1, u),
            Fraction(1 - u, 2 * u) - reach,
            Fraction(1 - u, 2 * u) + reach,
        )
        for u in layer.size
    )
    return a, b


def _of_padding(layer: Any) -> Windows:
    a, b = (moved(-pair[0]) for pair in layer.padding)
    return a, b


def _of_cropping(layer: Any) -> Windows:
    a, b = (moved(pair[0]) for pair in layer.cropping)
    return a, b


def _of_resampling(layer: Any) -> Windows:
    if layer.up:
        return _both(Window(Fraction(1, 2), Fraction(-1), Fraction(1, 2)))
    return _both(convolution(4, 2, padding="same"))


_READERS: list[tuple[Any, Callable[[Any], Windows | None]]] = [
    (layers.Conv2DTranspose, _of_transposed),
    (
        (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D),
        _of_convolution,
    ),
    ((layers.MaxPooling2D, layers.AveragePooling2D), _of_pooling),
    (layers.UpSampling2D, _of_upsampling),
    ((layers.ZeroPadding2D, ReflectionPadding2D), _of_padding),
    (layers.Cropping2D, _of_cropping),
    (Resampling, _of_resampling),
    (DepthToSpace, lambda layer: _both(_repeated(layer.factor))),
    (
        SpaceToDepth,
        lambda layer: _both(convolution(layer.factor, layer.factor)),
    ),
]

_POINTWISE = (
    BatchNormalization,
    ClipAtInference,
    ConditionalBatchNormalization,
    CutHoles,
    FillHoles,
    Trimmed,
    layers.Activation,
    layers.Add,
    layers.AlphaDropout,
    layers.Average,
    layers.BatchNormalization,
    layers.Dense,
    layers.Dropout,
    layers.ELU,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.Identity,
    layers.LeakyReLU,
    layers.Maximum,
    layers.Minimum,
    layers.Multiply,
    layers.PReLU,
    layers.ReLU,
    layers.Rescaling,
    layers.Softmax,
    layers.SpatialDropout2D,
    layers.Subtract,
)

_OPERATIONS = {
    "Abs", "Absolute", "Add", "Cast", "Clip", "Divide", "Elu", "Exp", "Gelu",
    "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "Maximum",
    "Minimum", "Multiply", "Negative", "OnesLike", "Power", "Relu", "Relu6",
    "Selu", "Sigmoid", "Sign", "Silu", "Softplus", "Sqrt", "Square",
    "Subtract", "Swish", "Tanh", "TrueDivide", "Where", "ZerosLike",
}  # fmt: skip
"""Keras operations that look at each pixel by itself."""


def _is_pointwise(layer: Any) -> bool:
    if isinstance(layer, _POINTWISE):
        return True
    if isinstance(layer, layers.Concatenate):
        return layer.axis in (-1, 3)
    if isinstance(layer, layers.LayerNormalization):
        axis = layer.axis
        return (axis if isinstance(axis, list | tuple) else [axis]) in ([-1],)
    is_layer = isinstance(layer, keras.layers.Layer)
    name = type(layer).__name__
    if name == "Concatenate" and not is_layer:
        return layer.axis in (-1, 3)
    return not is_layer and name in _OPERATIONS
