"""Residual blocks, of which several papers build their networks."""

from collections.abc import Callable
from typing import Any

from keras import layers, ops

from keras_gans.layers import (
    SpectralConv2D,
    SpectralDense,
    SpectralEmbedding,
)

Make = Callable[..., Any]


def spectral_conv(filters: int, size: int, **kwargs: Any) -> layers.Layer:
    """A convolution of spectral norm one."""
    return SpectralConv2D(filters, size, padding="same", **kwargs)


def spectral_conv_before_norm(
    filters: int, size: int, **kwargs: Any
) -> layers.Layer:
    """The same without biases, which a norm that follows would take away."""
    return spectral_conv(filters, size, use_bias=False, **kwargs)


def residual_up(x: Any, filters: int, conv: Make, norm: Make) -> Any:
    """Doubles maps: norm, ReLU, upsampling, conv, norm, ReLU, conv.

    To it x is added, doubled, through a 1x1 convolution of its own. Gulrajani
    et al. 2017, appendix F; Miyato et al. 2018, figure 8a.

    Args:
        x: Maps (N, H, W, C).
        filters: Channels of the result.
        conv: Makes a convolution of `(filters, kernel_size)`.
        norm: Normalises maps.

    Returns:
        Maps (N, 2H, 2W, filters).
    """
    y = doubled(layers.ReLU()(norm(x)))
    y = layers.ReLU()(norm(conv(filters, 3)(y)))
    # A 1x1 convolution before upsampling gives what one after it would.
    return conv(filters, 3)(y) + doubled(conv(filters, 1)(x))


def doubled(x: Any) -> Any:
    """Repeats every pixel twice each way: (N, H, W, C) to (N, 2H, 2W, C).

    As `keras.layers.UpSampling2D(2)` does, but LiteRT converts this one.
    """
    _, height, width, channels = x.shape
    row = (height, 2 * width * channels)
    x = layers.Reshape(row)(layers.Concatenate()([x, x]))
    size = (2 * height, 2 * width, channels)
    return layers.Reshape(size)(layers.Concatenate()([x, x]))


def residual_down(
    x: Any, filters: int, conv: Make, down: bool = True, first: bool = False
) -> Any:
    """Halves maps: ReLU, conv, ReLU, conv, mean of 2x2.

    To it x is added, through a 1x1 convolution of its own unless it stays as
    it is. Gulrajani et al. 2017, appendix F; Miyato et al. 2018, figure 8b.

    Args:
        x: Maps (N, H, W, C).
        filters: Channels of the result.
        conv: Makes a convolution of `(filters, kernel_size)`.
        down: Whether to halve.
        first: Whether `x` are images, which no ReLU must cut.

    Returns:
        Maps (N, H / 2, W / 2, filters), or (N, H, W, filters).
    """
    y = conv(filters, 3)(x if first else layers.ReLU()(x))
    y = conv(filters, 3)(layers.ReLU()(y))
    if down:
        y, x = (layers.AveragePooling2D(2)(maps) for maps in (y, x))
    # As above, the 1x1 convolution goes where maps are small.
    return y + (conv(filters, 1)(x) if down or x.shape[-1] != filters else x)


def projection(
    x: Any,
    labels: Any,
    num_classes: int,
    initializer: Any = "glorot_uniform",
) -> Any:
    """Logits psi(h) + e_y . h, where h is the sum of ReLU(x) over all places.

    Miyato and Koyama 2018, equation 3: psi is linear, and e_y, the class's
    own vector, is projected on the features. Both have spectral norm one.

    Args:
        x: Maps (N, H, W, C).
        labels: (N,), whole numbers.
        num_classes: How many classes there are.
        initializer: Initializer of psi and of the vectors.

    Returns:
        float32 logits (N, 1).
    """
    maps = layers.Activation("relu", dtype="float32")(x)
    h = ops.sum(maps, axis=(1, 2))
    psi = SpectralDense(1, kernel_initializer=initializer, dtype="float32")
    vectors = SpectralEmbedding(
        num_classes, h.shape[-1], initializer, dtype="float32"
    )
    return psi(h) + ops.sum(vectors(labels) * h, axis=-1, keepdims=True)
