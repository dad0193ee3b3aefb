"""A network as a file describes it: its arguments and its weights."""

import dataclasses
from typing import Any

import keras
import numpy as np


@dataclasses.dataclass(frozen=True)
class FileNetwork:
    """A network that was read from a file.

    Attributes:
        variant: The variant whose generator it is, "SRGAN" or "ESRGAN".
        arguments: The arguments of the variant that give such a network.
        channels: Channels of its images.
        weights: The weights of each layer by its name, in Keras's layout.
    """

    variant: str
    arguments: dict[str, Any]
    channels: int
    weights: dict[str, list[np.ndarray]]

    def assign(self, network: keras.Model) -> None:
        """Gives its weights to a network of the same layers.

        Args:
            network: A generator of the variant with the arguments.

        Raises:
            ValueError: For layers or weights that one of the two lacks, and
                for other shapes.
        """
        layers = {layer.name: layer for layer in network.layers}
        weighty = {name for name, layer in layers.items() if layer.weights}
        unlike = sorted(weighty ^ set(self.weights))
        if unlike:
            raise ValueError(
                "The file must hold the weights of all layers of its network "
                f"and no others. Received: a difference in {unlike[:5]}"
            )
        for name, values in self.weights.items():
            wanted = [tuple(w.shape) for w in layers[name].weights]
            given = [value.shape for value in values]
            if given != wanted:
                raise ValueError(
                    f"The file must hold weights of {wanted} for {name!r}. "
                    f"Received: {given}"
                )
            layers[name].set_weights(values)


def from_torch_conv(kernel: np.ndarray, *bias: np.ndarray) -> list[np.ndarray]:
    """Returns a convolution's weights as Keras has them.

    Args:
        kernel: (out, in, height, width).
        *bias: (out,), or nothing.
    """
    return [np.transpose(kernel, (2, 3, 1, 0)), *bias]


def before_shuffle(weights: list[np.ndarray], factor: int) -> list[np.ndarray]:
    """Orders what a convolution gives for `DepthToSpace`.

    Args:
        weights: Kernel and bias in Keras's layout, whose outputs are in the
            order of PyTorch's `PixelShuffle`.
        factor: The factor of the shuffle.
    """
    return [_phases_first(weight, factor, -1) for weight in weights]


def after_unshuffle(weights: list[np.ndarray], factor: int) -> list[np.ndarray]:
    """Orders what a convolution takes for `SpaceToDepth`, likewise."""
    kernel, *bias = weights
    return [_phases_first(kernel, factor, -2), *bias]


def _phases_first(weight: np.ndarray, factor: int, axis: int) -> np.ndarray:
    # Channel c * factor^2 + phase becomes channel phase * C + c.
    order = np.arange(weight.shape[axis]).reshape(-1, factor**2).T.ravel()
    return np.take(weight, order, axis=axis)
