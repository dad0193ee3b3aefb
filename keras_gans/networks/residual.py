"""Residual blocks, and the projection discriminator's last layers."""

from collections.abc import Callable
from typing import Any

from keras import layers, ops

from keras_gans.layers import (
    SpectralConv2D,
    SpectralDense,
    SpectralEmbedding,
)
from keras_gans.modalities import Modality
from keras_gans.networks.conditions import embedded

Make = Callable[..., Any]


def spectral_conv(filters: int, size: int, **kwargs: Any) -> layers.Layer:
    """Returns a convolution with spectral normalisation."""
    return SpectralConv2D(filters, size, padding="same", **kwargs)


def spectral_conv_before_norm(
    filters: int, size: int, **kwargs: Any
) -> layers.Layer:
    """Returns the same without bias, which a norm after it would remove."""
    return spectral_conv(filters, size, use_bias=False, **kwargs)


def residual_up(x: Any, filters: int, conv: Make, norm: Make) -> Any:
    """Applies a residual block that doubles maps.

    The block is norm, ReLU, upsampling, convolution, norm, ReLU, convolution.
    The shortcut is upsampling and a 1x1 convolution. Gulrajani et al. 2017,
    appendix F; Miyato et al. 2018, figure 8a.

    Args:
        x: Maps (N, H, W, C).
        filters: Channels of the result.
        conv: Function from (filters, kernel_size) to a convolution.
        norm: Function that normalises maps.

    Returns:
        Maps (N, 2H, 2W, filters).
    """
    y = doubled(layers.ReLU()(norm(x)))
    y = layers.ReLU()(norm(conv(filters, 3)(y)))
    # The 1x1 convolution gives the same before upsampling, on smaller maps.
    return conv(filters, 3)(y) + doubled(conv(filters, 1)(x))


def doubled(x: Any) -> Any:
    """Repeats every pixel in height and width: (N, H, W, C), (N, 2H, 2W, C).

    The result is that of `keras.layers.UpSampling2D(2)`, by operations that
    LiteRT can convert.
    """
    _, height, width, channels = x.shape
    row = (height, 2 * width * channels)
    x = layers.Reshape(row)(layers.Concatenate()([x, x]))
    size = (2 * height, 2 * width, channels)
    return layers.Reshape(size)(layers.Concatenate()([x, x]))


def residual_down(
    x: Any, filters: int, conv: Make, down: bool = True, first: bool = False
) -> Any:
    """Applies a residual block that halves maps, or keeps their size.

    The block is ReLU, convolution, ReLU, convolution, 2x2 average pooling.
    The shortcut is average pooling and a 1x1 convolution, or `x` itself where
    its shape stays the same. Gulrajani et al. 2017, appendix F; Miyato et al.
    2018, figure 8b.

    Args:
        x: Maps (N, H, W, C).
        filters: Channels of the result.
        conv: Function from (filters, kernel_size) to a convolution.
        down: Whether to halve the maps.
        first: Whether `x` holds images; the block then has no ReLU before its
            first convolution.

    Returns:
        Maps (N, H / 2, W / 2, filters), or (N, H, W, filters).
    """
    y = conv(filters, 3)(x if first else layers.ReLU()(x))
    y = conv(filters, 3)(layers.ReLU()(y))
    if down:
        y, x = (layers.AveragePooling2D(2)(maps) for maps in (y, x))
    # As above, the 1x1 convolution is on the smaller maps.
    return y + (conv(filters, 1)(x) if down or x.shape[-1] != filters else x)


def projection(
    x: Any,
    labels: Any,
    condition: Modality | int,
    initializer: Any = "glorot_uniform",
) -> Any:
    """Returns the projection discriminator's logits, psi(h) + e_y . h.

    Miyato and Koyama 2018, equation 3: h is the sum of ReLU(x) over all
    places, psi is a linear function and e_y an embedding of the class, or a
    linear function of several labels or attributes. Both have spectral
    normalisation.

    Args:
        x: Maps (N, H, W, C).
        labels: (N,), whole numbers, or vectors (N, length).
        condition: Their modality, or a number of classes.
        initializer: Initializer of psi and of the embedding.

    Returns:
        float32 logits (N, 1).
    """
    maps = layers.Activation("relu", dtype="float32")(x)
    h = ops.sum(maps, axis=(1, 2))
    psi = SpectralDense(1, kernel_initializer=initializer, dtype="float32")
    e_y = embedded(
        labels,
        condition,
        h.shape[-1],
        initializer,
        SpectralEmbedding,
        SpectralDense,
        dtype="float32",
    )
    return psi(h) + ops.sum(e_y * h, axis=-1, keepdims=True)
