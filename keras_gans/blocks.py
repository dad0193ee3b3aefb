"""Residual blocks, of which several papers build their networks."""

from collections.abc import Callable
from typing import Any

from keras import layers

Make = Callable[..., Any]


def residual_up(x: Any, filters: int, conv: Make, norm: Make) -> Any:
    """Doubles maps: norm, ReLU, upsampling, conv, norm, ReLU, conv; and x.

    Gulrajani et al. 2017, appendix F; Miyato et al. 2018, figure 8a.

    Args:
        x: Maps (N, H, W, C).
        filters: Channels of the result.
        conv: Makes a convolution of `(filters, kernel_size)`.
        norm: Normalises maps.

    Returns:
        Maps (N, 2H, 2W, filters).
    """
    y = layers.UpSampling2D(2)(layers.ReLU()(norm(x)))
    y = layers.ReLU()(norm(conv(filters, 3)(y)))
    # A 1x1 convolution before upsampling gives what one after it would.
    x = x if x.shape[-1] == filters else conv(filters, 1)(x)
    return conv(filters, 3)(y) + layers.UpSampling2D(2)(x)


def residual_down(
    x: Any, filters: int, conv: Make, down: bool = True, first: bool = False
) -> Any:
    """Halves maps: ReLU, conv, ReLU, conv, mean of 2x2; and x.

    Gulrajani et al. 2017, appendix F; Miyato et al. 2018, figure 8b.

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
    x = x if x.shape[-1] == filters else conv(filters, 1)(x)
    return y + x
