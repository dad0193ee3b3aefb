"""Noise of synthesis networks that is given, in place of their own."""

import itertools
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.layers import NoiseInput


def noise_layers(network: keras.Model) -> list[NoiseInput]:
    """Returns the layers of a network that add noise, in their order."""
    return [n for n in network.layers if isinstance(n, NoiseInput)]


def noise_sizes(network: keras.Model) -> list[tuple[int, int]]:
    """Returns the height and width of each layer's noise."""
    return [tuple(n.noise.shape[:2]) for n in noise_layers(network)]


def fixed_noise(network: keras.Model) -> np.ndarray:
    """Returns the noise that is saved with a network, float32 (pixels,).

    It has the numbers of all layers, row by row, one layer after another.
    """
    each = [ops.convert_to_numpy(n.noise) for n in noise_layers(network)]
    return np.concatenate([m.ravel() for m in each]).astype("float32")


def split_noise(noise: Any, sizes: Sequence[int]) -> list[Any]:
    """Returns the noise of each layer, of that of all (N, pixels).

    Args:
        noise: An array or tensor.
        sizes: The number of pixels of each layer.
    """
    ends = list(itertools.accumulate(sizes))
    starts = [0, *ends[:-1]]
    return [noise[:, i:j] for i, j in zip(starts, ends, strict=True)]


def given_noise(network: keras.Model) -> keras.Model:
    """Returns a network that takes the noise of its layers as an input.

    Args:
        network: A synthesis network from one tensor, with layers `NoiseInput`.

    Returns:
        A network of the same layers, from what it takes and noise (N, pixels),
        in the order of `fixed_noise`, to what it makes.
    """
    sizes = [height * width for height, width in noise_sizes(network)]
    noise = keras.Input((sum(sizes),), name="noise")
    inputs = [keras.Input(network.input.shape[1:], name="styles"), noise]
    maps = split_noise(noise, sizes)
    by_layer = dict(zip(map(id, noise_layers(network)), maps, strict=True))

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if id(layer) in by_layer:
            kwargs["noise"] = by_layer[id(layer)]
        return layer(*args, **kwargs)

    # What is cloned must have the input that the clone is to use.
    unused = keras.Input(noise.shape[1:])
    return keras.models.clone_model(
        keras.Model([network.input, unused], network.output),
        input_tensors=inputs,
        clone_function=lambda layer: layer,
        call_function=call,
    )
