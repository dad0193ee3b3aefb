"""The names, shapes and types of an export's inputs and outputs."""

import keras
import numpy as np

from keras_gans.engine.declarations import Part
from keras_gans.engine.generating import arrange
from keras_gans.networks.copying import float32_copy

Shape = tuple[int | None, ...]


class Signature:
    """The inputs and outputs of an export, as the GAN declares them.

    Args:
        part: The network with what it takes and makes.
        batch_size: Rows at a time, or None for any.

    Attributes:
        batch_size: Rows at a time, or None for any.
        inputs: The shape of each input, by name.
        outputs: The shape of each output, by name.
        class_names: The names of the classes of each input that is a label
            and has them.
    """

    def __init__(self, part: Part, batch_size: int | None):
        self.batch_size = batch_size
        self._takes = part.takes
        self.inputs: dict[str, Shape] = {
            name: (batch_size, *m.shape) for name, m in part.takes.items()
        }
        self.outputs: dict[str, Shape] = {
            name: (batch_size, *m.shape) for name, m in part.makes.items()
        }
        self.class_names: dict[str, list[str]] = {
            name: list(names)
            for name, m in part.takes.items()
            if (names := getattr(m, "names", None))
        }

    def sample(self, num: int) -> dict[str, np.ndarray]:
        """Makes `num` rows of valid inputs, always the same."""
        rng = np.random.default_rng(0)
        return {name: m.noise(num, rng) for name, m in self._takes.items()}


def named_copy(part: Part, subpixel: bool | None = None) -> keras.Model:
    """Copies a network into float32, and names what goes in and out.

    Args:
        part: The network with what it takes and makes.
        subpixel: As in `float32_copy`.

    Returns:
        A Functional model from a dictionary of what the network takes to a
        dictionary of what it makes.
    """
    network = float32_copy(part.network, subpixel)
    inputs = {
        name: keras.Input(m.shape, name=name, dtype=m.dtype)
        for name, m in part.takes.items()
    }
    made = network(arrange(network, inputs), training=False)
    outputs = zip(part.makes, keras.tree.flatten(made), strict=True)
    return keras.Model(inputs, dict(outputs))
