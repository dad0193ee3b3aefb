"""What networks that grow share: sizes, and layers by their names."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from keras_gans.layers import EqualizedConv2D, EqualizedDense, FadeIn
from keras_gans.layers import MinibatchStandardDeviation as Deviation
from keras_gans.layers.styles.fir import FIR
from keras_gans.networks.conditions import (
    condition_input,
    vector_length,
    vectors,
)
from keras_gans.networks.sizes import MOST

SMALLEST = 4
"""Side of the first maps, and of the smallest images."""


def sizes_of(image_shape: Any) -> list[int]:
    """Returns the sides of maps from the smallest to that of the images.

    Args:
        image_shape: (height, width, channels): squares of 8 to 1024 pixels, a
            power of two.

    Raises:
        ValueError: For other sizes.
    """
    shape = tuple(image_shape)
    if len(shape) == 3 and shape[0] == shape[1] and shape[2] >= 1:
        sizes = [SMALLEST]
        while sizes[-1] < min(shape[0], MOST):
            sizes.append(2 * sizes[-1])
        if sizes[-1] == shape[0] and len(sizes) > 1:
            return sizes
    raise ValueError(
        "`image_shape` must be (side, side, channels), with a side that is a "
        f"power of two from {2 * SMALLEST} to {MOST}. "
        f"Received: image_shape={shape}"
    )


def channels_at(size: int, width: int) -> int:
    """Returns the channels of maps of a size (Karras et al. 2018, table 2).

    They are `width` up to 32x32, and halve with every doubling after that.
    """
    return max(1, width // max(1, size // 32))


class Parts:
    """Makes the layers of a network, or fetches them from one that has them.

    With it one function describes a network and those parts of it that are
    trained while it grows. All layers have names: TensorFlow adds gradients in
    an order that depends on them.

    Args:
        network: The network that has the layers; None to make them.
    """

    def __init__(self, network: keras.Model | None = None):
        self._network = network

    def __call__(self, kind: Any, *args: Any, name: str, **kwargs: Any) -> Any:
        """Returns the layer of a name: a new one of `kind`, or a fetched."""
        if self._network is None:
            return kind(*args, name=name, **kwargs)
        return self._network.get_layer(name)

    def leaky(self, x: Any, name: str) -> Any:
        """Applies a leaky ReLU, called after the layer before it."""
        leaky = self(layers.LeakyReLU, negative_slope=0.2, name=f"{name}_leaky")
        return leaky(x)

    def conv(self, x: Any, filters: int, size: int, name: str) -> Any:
        """Applies a convolution and a leaky ReLU."""
        conv = self(EqualizedConv2D, filters, size, name=name)
        return self.leaky(conv(x), name)


def part_name(size: int) -> str:
    """Returns the name of the layer that fades in images of a size."""
    return f"fade_in_{size}"


def shares_of(network: keras.Model) -> dict[int, Any]:
    """Returns the layers `FadeIn` of a network by the sizes they fade in."""
    return {
        int(layer.name.removeprefix("fade_in_")): layer
        for layer in network._flatten_layers(include_self=False)
        if isinstance(layer, FadeIn)
    }


def generator_part(network: keras.Model, size: int) -> keras.Model:
    """Returns the part of a growing generator that makes images of a size.

    Args:
        network: The generator, whose layers make images: `to_images_4` of the
            smallest size, and `fade_in_8` and so on of the others.
        size: Their side.
    """
    last = shares_of(network).get(size)
    last = last or network.get_layer(f"to_images_{size}")
    inputs = network._inputs_struct  # type: ignore[attr-defined]
    return keras.Model(inputs, last.output, name="generator_part")


def faded_in(x: Any, images: Any, size: int, channels: int) -> Any:
    """Returns images made of maps, blended with those of half the size.

    Args:
        x: Maps (N, size, size, C).
        images: Images of half the size; None for the first ones.
        size: The side of the maps.
        channels: Channels of the images.
    """
    last = {"gain": 1.0, "dtype": "float32", "name": f"to_images_{size}"}
    new = EqualizedConv2D(channels, 1, **last)(x)
    if images is None:
        return new
    old = layers.UpSampling2D(2, name=f"enlarge_{size}")(images)
    return FadeIn(dtype="float32", name=part_name(size))([old, new])


def judge_images(
    side: int,
    image_shape: Any,
    width: int,
    sizes: Sequence[int],
    smooth: bool = False,
    condition: Any = None,
    network: keras.Model | None = None,
) -> keras.Model:
    """Builds a discriminator, or the part of one for smaller images.

    Karras et al. 2018, table 2: at each size two convolutions, and average
    pooling; then the minibatch's standard deviation, a convolution and two
    dense layers.

    Args:
        side: Side of the images.
        image_shape: (height, width, channels) of the largest images.
        width: Channels of maps up to 32x32.
        sizes: Sides of images that it is trained on, from small to large.
        smooth: Whether maps are smoothed before they are halved, by the filter
            (1, 2, 1) (Karras et al. 2019).
        condition: The modality of the condition, or None. With one there is a
            logit for each class, of which that of the image's counts.
        network: A discriminator that this function made, whose layers the
            part has; None to make new ones.

    Returns:
        A network from images (N, side, side, channels), and labels where
        there is a condition, to logits (N, 1).
    """
    parts = Parts(network)
    images = small = keras.Input((side, side, image_shape[-1]), name="images")
    x = parts.conv(images, channels_at(side, width), 1, f"from_images_{side}")
    while (size := x.shape[1]) > SMALLEST:
        half = channels_at(size // 2, width)
        x = parts.conv(x, channels_at(size, width), 3, f"conv_{size}_0")
        if smooth:
            x = parts(FIR, "smooth", (1.0, 2.0, 1.0), name=f"blur_{size}")(x)
        name = f"conv_{size}_1"
        x = parts(EqualizedConv2D, half, 3, name=name)(x)
        pool = parts(layers.AveragePooling2D, 2, name=f"pool_{size}")
        x = parts.leaky(pool(x), name)
        if size in sizes[1:]:
            pool = parts(layers.AveragePooling2D, 2, name=f"halve_{size}")
            small = pool(small)
            old = parts.conv(small, half, 1, f"from_images_{size // 2}")
            x = parts(FadeIn, name=part_name(size))([old, x])
    if condition is None:
        logits = judge_maps(x, width, parts)
        return keras.Model(images, logits, name="discriminator")
    labels = condition_input(condition)
    each = judge_maps(x, width, parts, vector_length(condition))
    logits = layers.Dot(1, dtype="float32", name="of_condition")(
        [each, vectors(labels, condition)]
    )
    return keras.Model([images, labels], logits, name="discriminator")


def judge_maps(x: Any, width: int, parts: Parts, outputs: int = 1) -> Any:
    """Returns the logits of a discriminator's last maps, float32.

    Args:
        x: Maps (N, 4, 4, channels).
        width: Channels of the last layers.
        parts: Makes or fetches them.
        outputs: Number of logits of an image.
    """
    x = parts(Deviation, name="deviation")(x)
    x = parts.conv(x, channels_at(SMALLEST, width), 3, "conv_4")
    x = parts(layers.Flatten, name="flat")(x)
    x = parts(EqualizedDense, channels_at(SMALLEST, width), name="dense")(x)
    x = parts.leaky(x, "dense")
    last = parts(
        EqualizedDense, outputs, gain=1.0, dtype="float32", name="logits"
    )
    return last(x)
