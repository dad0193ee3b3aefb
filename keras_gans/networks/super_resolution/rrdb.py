"""RRDBNet: Wang et al. 2018, arXiv:1809.00219, section 3.1."""

from typing import Any

import keras
from keras import layers

from keras_gans.layers import DepthToSpace, SpaceToDepth
from keras_gans.networks.super_resolution.ends import (
    LEAK,
    conv,
    doublings,
    field,
    from_minus_one_to_one,
    from_zero_to_one,
    photographs,
)

SCALES = (1, 2, 4, 8)
UNSHUFFLES = (1, 2, 4)

# He's initialization at a tenth of its deviation (section 3.1; the factor is
# that of the authors' code).
SMALL: Any = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2 * 0.1**2, "mode": "fan_in"},
}
RESIDUAL = 0.2
"""The paper's beta: by what residuals are multiplied."""


def build_rrdb(
    channels: int,
    scale: int,
    width: int,
    blocks: int,
    growth: int,
    unshuffle: int = 1,
) -> keras.Model:
    """Builds a generator of residual-in-residual dense blocks.

    Layers have the names of BasicSR's files, with underscores for dots.
    Heights and widths are open. All layers between have names too: TensorFlow
    adds gradients in an order that depends on names, so with automatic ones
    a second network of a process would be trained with other rounding.

    Args:
        channels: Channels of the images.
        scale: By how much images are enlarged: 1, 2, 4 or 8.
        width: Channels of the maps, 64 in the paper.
        blocks: Residual-in-residual dense blocks, 23 in the paper.
        growth: Channels that each dense layer adds, 32 in the paper.
        unshuffle: Side of the blocks of input pixels that become channels
            first, so that the body works on smaller maps: 2 in Real-ESRGAN's
            network of scale 2, 4 in its network of scale 1, else 1. Sides
            that are no multiples of it are filled up at the end.

    Returns:
        A model from images in [-1, 1] to images in [-1, 1].
    """
    images = photographs(channels)
    x = from_zero_to_one(images)
    x = SpaceToDepth(unshuffle)(x) if unshuffle > 1 else x
    first = x = conv(width, "conv_first")(x)
    for i in range(blocks):
        y = x
        for j in (1, 2, 3):
            y = _dense_block(y, growth, f"body_{i}_rdb{j}")
        x = _added(y, x, f"body_{i}")
    x = layers.Add(name="add_body")([first, conv(width, "conv_body")(x)])
    for i in range(1, doublings(scale * unshuffle) + 1):
        x = _leak(conv(width, f"conv_up{i}")(doubled(x, f"up{i}")), f"up{i}")
    x = _leak(conv(width, "conv_hr")(x), "hr")
    larger = from_minus_one_to_one(conv(channels, "conv_last")(x))
    if unshuffle > 1:
        larger = Trimmed(scale)([larger, images])
    return keras.Model(images, larger, name="generator")


def rrdb_field(scale: int, blocks: int, unshuffle: int = 1) -> int:
    """Returns the side of the receptive field, in pixels of the inputs."""
    factor = scale * unshuffle
    ups = sum(0.5**i for i in range(1, doublings(factor) + 1))
    radius = 1 + 15 * blocks + 1 + ups + 2 / factor
    return field(unshuffle * (radius + 1) - 1 if unshuffle > 1 else radius)


def _dense_block(x: Any, growth: int, name: str) -> Any:
    """Applies four dense layers and a fifth one, and adds the result."""
    seen = [x]
    for k in range(1, 5):
        joined = _joined(seen, f"{name}_{k}") if k > 1 else x
        y = conv(growth, f"{name}_conv{k}", kernel_initializer=SMALL)(joined)
        seen.append(_leak(y, f"{name}_{k}"))
    last = conv(x.shape[-1], f"{name}_conv5", kernel_initializer=SMALL)
    return _added(last(_joined(seen, f"{name}_5")), x, name)


def _joined(maps: list[Any], name: str) -> Any:
    return layers.Concatenate(name=f"{name}_joined")(maps)


def _leak(x: Any, name: str) -> Any:
    return layers.LeakyReLU(LEAK, name=f"{name}_leak")(x)


def _added(residual: Any, x: Any, name: str) -> Any:
    residual = layers.Rescaling(RESIDUAL, name=f"{name}_scaled")(residual)
    return layers.Add(name=f"{name}_sum")([residual, x])


def doubled(x: Any, name: str, factor: int = 2) -> Any:
    """Repeats every pixel of maps whose height and width may be open."""
    copies = _joined([x] * factor**2, name)
    return DepthToSpace(factor, name=f"{name}_doubled")(copies)


@keras.saving.register_keras_serializable("keras_gans")
class Trimmed(keras.layers.Layer):
    """Cuts off what inputs were filled up by, below and on the right.

    Args:
        scale: By how much images are enlarged.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, scale: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs: Any) -> Any:
        """Returns the first input, `scale` times as large as the second."""
        larger, images = inputs
        height, width = keras.ops.shape(images)[1:3]
        return larger[:, : self.scale * height, : self.scale * width]

    def compute_output_shape(self, shapes: Any) -> tuple[Any, ...]:
        """Returns the shape of what is kept."""
        (num, *_, channels), (_, *sides, _) = shapes
        sizes = (None if n is None else self.scale * n for n in sides)
        return num, *sizes, channels

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "scale": self.scale}
