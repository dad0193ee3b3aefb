"""StyleGAN's generator, Karras et al. 2019, figure 1b."""

import functools
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from keras_gans.layers import (
    Bias,
    ClipAtInference,
    EqualizedConv2D,
    EqualizedDense,
)
from keras_gans.layers.styles.ada_in import AdaIN
from keras_gans.layers.styles.fir import FIR
from keras_gans.layers.styles.learned_constant import LearnedConstant
from keras_gans.layers.styles.noise_input import NoiseInput
from keras_gans.networks.growing import (
    SMALLEST,
    channels_at,
    faded_in,
    sizes_of,
)
from keras_gans.networks.mapping import FLOAT32, build_styled


def num_styles(size: int) -> int:
    """Returns the number of layers with a style, up to maps of a size."""
    return 2 * (size.bit_length() - SMALLEST.bit_length() + 1)


def finished(x: Any, style: Any, name: str) -> Any:
    """Adds noise and biases, and gives maps their style, after a layer."""
    x = NoiseInput(per_channel=True, name=f"{name}_noise")(x)
    x = Bias(name=f"{name}_bias")(x)
    x = layers.LeakyReLU(0.2, name=f"{name}_leaky")(x)
    linear = EqualizedDense(
        2 * x.shape[-1], gain=1.0, name=f"{name}_style", **FLOAT32
    )
    return AdaIN(name=f"{name}_norm")([x, linear(style)])


def build_synthesis(
    image_shape: tuple[int, int, int],
    style_dim: int,
    width: int,
    sizes: Sequence[int],
) -> keras.Model:
    """Builds the synthesis network, which begins with a learned constant.

    Args:
        image_shape: (side, side, channels).
        style_dim: Dimensions of w.
        width: Channels of maps up to 32x32.
        sizes: Sides of images that it is trained on, from small to large.

    Returns:
        A network from a w for each layer (N, num_styles(side), style_dim) to
        images, free in training and else bounded to [-1, 1].
    """
    conv = functools.partial(EqualizedConv2D, use_bias=False)
    num = num_styles(image_shape[0])
    styles = keras.Input((num, style_dim), name="styles")
    each = ops.unstack(styles, num, axis=1)
    images = None
    shape = (SMALLEST, SMALLEST, channels_at(SMALLEST, width))
    x = LearnedConstant(shape, name="constant")(styles)
    for i, size in enumerate(sizes_of(image_shape)):
        filters = channels_at(size, width)
        if i:
            x = layers.UpSampling2D(2, name=f"double_{size}")(x)
            x = conv(filters, 3, name=f"conv_{size}_0")(x)
            # The filter comes before bias and noise, as in the authors' code.
            x = FIR("smooth", (1.0, 2.0, 1.0), name=f"blur_{size}")(x)
        x = finished(x, each[2 * i], f"conv_{size}_0")
        x = conv(filters, 3, name=f"conv_{size}_1")(x)
        x = finished(x, each[2 * i + 1], f"conv_{size}_1")
        if size in sizes:
            images = faded_in(x, images, size, image_shape[-1])
    images = ClipAtInference(name="images", **FLOAT32)(images)
    return keras.Model(styles, images, name="synthesis")


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    style_dim: int,
    width: int,
    mapping_layers: int,
    sizes: Sequence[int],
    condition: Any = None,
) -> keras.Model:
    """Builds the generator, of the networks "mapping" and "synthesis".

    Args:
        image_shape: (side, side, channels).
        latent_dim: Dimensions of the latents.
        style_dim: Dimensions of w.
        width: Channels of maps up to 32x32.
        mapping_layers: Layers of the mapping network.
        sizes: As in `build_synthesis`.
        condition: The modality of the condition, or None.

    Returns:
        A network from latents, labels where there is a condition, and the
        truncation (N,), to images.
    """
    synthesis = functools.partial(
        build_synthesis, image_shape, style_dim, width, sizes
    )
    return build_styled(
        latent_dim, style_dim, mapping_layers, condition, synthesis
    )
