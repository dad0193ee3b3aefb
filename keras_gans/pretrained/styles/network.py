"""A StyleGAN2 as a file describes it: its arguments and its weights."""

import dataclasses
from typing import Any

import keras
import numpy as np

Weights = dict[str, Any]
"""Weights of each layer by its name, in Keras's layout: a list of arrays, or
such a dictionary for a network within the network."""


@dataclasses.dataclass(frozen=True)
class StyleFile:
    """What was read from a file.

    Attributes:
        arguments: The arguments of `StyleGAN2` that give such networks.
        generator: The weights of the generator, the averaged ones where the
            file holds both.
        trained: The weights of the generator that was trained; None where the
            file holds one generator.
        discriminator: The weights of the discriminator, or None.
    """

    arguments: dict[str, Any]
    generator: Weights
    trained: Weights | None
    discriminator: Weights | None


def assign(network: keras.Model, weights: Weights) -> None:
    """Gives weights to a network of the same layers.

    Args:
        network: The network.
        weights: Its weights.

    Raises:
        ValueError: For layers or weights that one of the two lacks, and for
            other shapes.
    """
    layers = {layer.name: layer for layer in network.layers if layer.weights}
    unlike = sorted(layers.keys() ^ weights.keys())
    if unlike:
        raise ValueError(
            "The file must hold the weights of all layers of its network and "
            f"no others. Received: a difference in {unlike[:5]}"
        )
    for name, values in weights.items():
        if isinstance(values, dict):
            assign(layers[name], values)
            continue
        wanted = [tuple(w.shape) for w in layers[name].weights]
        given = [np.shape(value) for value in values]
        if given != wanted:
            raise ValueError(
                f"The file must hold weights of {wanted} for {name!r}. "
                f"Received: {given}"
            )
        layers[name].set_weights(values)


def sizes_in(channels: list[int]) -> dict[str, int]:
    """Returns `width` and `channel_base` of the channels at each size.

    Args:
        channels: Those of the maps, from the smallest to the largest.

    Raises:
        ValueError: For channels that no two such numbers give.
    """
    width, last = max(channels), len(channels) - 1
    base = channels[last] * 2 ** (2 + last)
    if [min(base // 2 ** (2 + i), width) for i in range(last + 1)] != channels:
        raise ValueError(
            "The channels of the maps must halve with each doubling, but for "
            f"the most that they have. Received: {channels}"
        )
    return {"width": width, "channel_base": base}


def with_axes(tensor: np.ndarray, count: int) -> np.ndarray:
    """Returns a tensor that must have so many axes.

    Raises:
        ValueError: For another number.
    """
    if np.ndim(tensor) != count:
        raise ValueError(
            f"Such a tensor of a StyleGAN2 has {count} axes. "
            f"Received: shape {np.shape(tensor)}"
        )
    return tensor


def dense(kernel: np.ndarray, *bias: np.ndarray) -> list[np.ndarray]:
    """Returns a dense layer's weights, of a kernel (out, in)."""
    return [with_axes(kernel, 2).T, *bias]


def conv(kernel: np.ndarray, *bias: np.ndarray) -> list[np.ndarray]:
    """Returns a convolution's weights, of a kernel (out, in, h, w)."""
    return [np.transpose(with_axes(kernel, 4), (2, 3, 1, 0)), *bias]


def dense_of_maps(
    size: tuple[int, int], kernel: np.ndarray, bias: np.ndarray
) -> list[np.ndarray]:
    """Returns a dense layer's weights behind flattened maps.

    Args:
        size: Height and width.
        kernel: (out, channels * height * width).
        bias: (out,).
    """
    maps = with_axes(kernel, 2).reshape(len(kernel), -1, *size)
    return [np.transpose(maps, (2, 3, 1, 0)).reshape(-1, len(kernel)), bias]
