"""The names, shapes and types of an export's inputs and outputs."""

from typing import Any

import keras
import numpy as np

from keras_gans.engine.generating import arrange
from keras_gans.networks.copying import float32_copy

Shape = tuple[int | None, ...]


class Signature:
    """The inputs and outputs of an export, as the GAN declares them.

    Args:
        gan: The GAN, whose `takes` and `makes` are read.
        batch_size: Rows at a time, or None for any.

    Attributes:
        batch_size: Rows at a time, or None for any.
        inputs: The shape of each input, by name.
        outputs: The shape of each output, by name.
        class_names: The names of the classes of each input that is a label
            and has them.
    """

    def __init__(self, gan: Any, batch_size: int | None):
        self.batch_size = batch_size
        self._takes = gan.takes
        self.inputs: dict[str, Shape] = {
            name: (batch_size, *m.shape) for name, m in gan.takes.items()
        }
        self.outputs: dict[str, Shape] = {
            name: (batch_size, *m.shape) for name, m in gan.makes.items()
        }
        self.class_names: dict[str, list[str]] = {
            name: list(m.names)
            for name, m in gan.takes.items()
            if getattr(m, "names", None)
        }

    def sample(self, num: int) -> dict[str, np.ndarray]:
        """Makes `num` rows of valid inputs, always the same."""
        rng = np.random.default_rng(0)
        return {name: m.noise(num, rng) for name, m in self._takes.items()}


def named_copy(gan: Any, subpixel: bool | None = None) -> keras.Model:
    """Copies a GAN's generator into float32, and names what goes in and out.

    Args:
        gan: The GAN, whose `inference_generator` is copied.
        subpixel: As in `float32_copy`.

    Returns:
        A Functional model from a dictionary of what the generator takes to a
        dictionary of what it makes.
    """
    network = float32_copy(gan.inference_generator, subpixel)
    inputs = {
        name: keras.Input(m.shape, name=name, dtype=m.dtype)
        for name, m in gan.takes.items()
    }
    made = network(arrange(network, inputs), training=False)
    outputs = zip(gan.makes, keras.tree.flatten(made), strict=True)
    return keras.Model(inputs, dict(outputs))
