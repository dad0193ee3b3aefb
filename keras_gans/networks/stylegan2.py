"""StyleGAN2's networks, Karras et al. 2020, figures 2 and 7."""

import functools
import math
from typing import Any

import keras
from keras import layers, ops

from keras_gans.layers.pixels.clipping import ClipAtInference
from keras_gans.layers.styles.activation import scaled_leaky_relu
from keras_gans.layers.styles.bias import Bias
from keras_gans.layers.styles.equalized_conv import EqualizedConv2D
from keras_gans.layers.styles.equalized_dense import EqualizedDense
from keras_gans.layers.styles.fir import FIR
from keras_gans.layers.styles.fir_conv import DownsamplingFIRConv2D
from keras_gans.layers.styles.learned_constant import LearnedConstant
from keras_gans.layers.styles.minibatch_standard_deviation import (
    MinibatchStandardDeviation,
)
from keras_gans.layers.styles.modulated_conv import ModulatedConv2D
from keras_gans.layers.styles.noise_input import NoiseInput
from keras_gans.networks.conditions import condition_input
from keras_gans.networks.mapping import FLOAT32, build_mapping, build_styled
from keras_gans.networks.sizes import doublings, start_size

linear: Any = functools.partial(EqualizedDense, gain=1.0, **FLOAT32)
conv: Any = functools.partial(EqualizedConv2D, gain=1.0)
halving: Any = functools.partial(DownsamplingFIRConv2D, gain=1.0)
LEAKY: dict[str, Any] = {"activation": scaled_leaky_relu}


def channels_of(
    image_shape: tuple[int, int, int], channel_base: int, width: int
) -> list[int]:
    """Returns the channels at each size, from the first maps to the images.

    They are `channel_base` / 4 at the first maps and halve with each
    doubling, but are never more than `width`.
    """
    levels = range(doublings(image_shape) + 1)
    return [max(1, min(channel_base // 2 ** (2 + i), width)) for i in levels]


def num_styles(image_shape: tuple[int, int, int]) -> int:
    """Returns the number of layers that take a style, two at each size.

    The layer to images has the style of the layer after it, so that only the
    last one has a style of its own.
    """
    return 2 * doublings(image_shape) + 2


def build_synthesis(
    image_shape: tuple[int, int, int], style_dim: int, channels: list[int]
) -> keras.Model:
    """Builds the synthesis network, with skips to the images.

    Args:
        image_shape: (height, width, channels).
        style_dim: Dimensions of w.
        channels: Those of the maps, as `channels_of` returns them.

    Returns:
        A network from a w for each layer (N, num_styles, style_dim) to
        images, free in training and else bounded to [-1, 1].
    """
    num = num_styles(image_shape)
    styles = keras.Input((num, style_dim), name="styles")
    each = ops.unstack(styles, num, axis=1)

    def modulated(x: Any, w: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        scales = linear(
            x.shape[-1], bias_initializer="ones", name=f"{name}_style"
        )(w)
        return ModulatedConv2D(*args, name=name, **kwargs)([x, scales])

    def styled(x: Any, w: Any, filters: int, up: bool, name: str) -> Any:
        x = modulated(x, w, name, filters, up=up)
        x = NoiseInput(name=f"{name}_noise")(x)
        x = Bias(name=f"{name}_bias")(x)
        return layers.Activation(scaled_leaky_relu, name=f"{name}_leaky")(x)

    constant = (*start_size(image_shape), channels[0])
    start = keras.initializers.RandomNormal(stddev=1.0)
    x = LearnedConstant(constant, start, name="constant")(styles)
    images = None
    for i, filters in enumerate(channels):
        if i:
            x = styled(x, each[2 * i - 1], filters, True, f"conv_{i}_0")
        x = styled(x, each[2 * i], filters, False, f"conv_{i}_1")
        arguments = {"kernel_size": 1, "demodulate": False}
        name = f"to_images_{i}"
        y = modulated(
            x, each[2 * i + 1], name, image_shape[-1], **arguments, **FLOAT32
        )
        y = Bias(name=f"{name}_bias", **FLOAT32)(y)
        if images is not None:
            images = FIR("up", name=f"up_{i}", **FLOAT32)(images)
            y = layers.Add(name=f"sum_{i}", **FLOAT32)([images, y])
        images = y
    images = ClipAtInference(name="clip", **FLOAT32)(images)
    return keras.Model(styles, images, name="synthesis")


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    style_dim: int,
    channels: list[int],
    mapping_layers: int,
    condition: Any = None,
) -> keras.Model:
    """Builds the generator, of the networks "mapping" and "synthesis".

    Args:
        image_shape: (height, width, channels).
        latent_dim: Dimensions of the latents.
        style_dim: Dimensions of w.
        channels: As in `build_synthesis`.
        mapping_layers: Layers of the mapping network.
        condition: The modality of the condition, or None.

    Returns:
        A network from latents, labels where there is a condition, and the
        truncation (N,), to images.
    """
    synthesis = functools.partial(
        build_synthesis, image_shape, style_dim, channels
    )
    return build_styled(
        latent_dim, style_dim, mapping_layers, condition, synthesis
    )


def build_discriminator(
    image_shape: tuple[int, int, int],
    channels: list[int],
    mapping_layers: int,
    condition: Any = None,
    group_size: int = 4,
) -> keras.Model:
    """Builds the discriminator, of residual blocks that halve.

    With a condition the logit is a product of the last features with a
    mapped embedding of it (Miyato and Koyama 2018; Karras et al. 2020b).

    Args:
        image_shape: (height, width, channels).
        channels: Those of the maps, as `channels_of` returns them.
        mapping_layers: Layers of the mapping network of the condition.
        condition: The modality of the condition, or None.
        group_size: Images over which the standard deviation is taken.

    Returns:
        A network from images, and labels where there is a condition, to
        logits (N, 1).
    """
    given = [keras.Input(image_shape, name="images")]
    wide = channels[-1]
    x = conv(wide, 1, name="from_images", **LEAKY)(given[0])
    for i in range(len(channels) - 1, 0, -1):
        y = conv(channels[i], 3, name=f"conv_{i}_0", **LEAKY)(x)
        filters = channels[i - 1]
        y = halving(filters, 3, name=f"conv_{i}_1", **LEAKY)(y)
        x = halving(filters, 1, use_bias=False, name=f"skip_{i}")(x)
        x = layers.Add(name=f"sum_{i}")([x, y])
        x = layers.Rescaling(math.sqrt(0.5), name=f"scale_{i}")(x)
    x = MinibatchStandardDeviation(group_size, name="deviation", **FLOAT32)(x)
    x = conv(channels[0], 3, name="conv_0", **LEAKY, **FLOAT32)(x)
    x = layers.Flatten(name="flat", **FLOAT32)(x)
    x = linear(channels[0], name="dense", **LEAKY)(x)
    if condition is None:
        logits = linear(1, name="logits")(x)
        return keras.Model(given[0], logits, name="discriminator")
    given.append(condition_input(condition))
    dim = channels[0]
    mapped = build_mapping(0, dim, mapping_layers, condition)(given[1])
    x = linear(dim, name="features")(x)
    logits = layers.Dot(1, name="projection", **FLOAT32)([x, mapped])
    logits = layers.Rescaling(dim**-0.5, name="logits", **FLOAT32)(logits)
    return keras.Model(given, logits, name="discriminator")
