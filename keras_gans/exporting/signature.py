"""The names, shapes and types of an export's inputs and outputs."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.engine.any_size import network_at
from keras_gans.engine.declarations import Part
from keras_gans.engine.generating import arrange
from keras_gans.exporting.folding import folded
from keras_gans.exporting.metadata import class_names
from keras_gans.networks.copying import float32_copy

Shape = tuple[int | None, ...]


class Signature:
    """The inputs and outputs of an export, as the GAN declares them.

    Args:
        part: The network with what it takes and makes.
        generator: What `named_copy` made of it.
        batch_size: Rows at a time, or None for any.

    Attributes:
        batch_size: Rows at a time, or None for any.
        inputs: The shape of each input, by name.
        outputs: The shape of each output, by name.
        class_names: The names of the classes of each input that is a label
            and has them.
    """

    def __init__(self, part: Part, generator: keras.Model, batch_size: Any):
        self.batch_size: int | None = batch_size
        self._takes = part.takes
        self.inputs: dict[str, Shape] = {
            name: (batch_size, *generator.input[name].shape[1:])
            for name in part.takes
        }
        self.outputs: dict[str, Shape] = {
            name: (batch_size, *generator.output[name].shape[1:])
            for name in part.makes
        }
        self.class_names = class_names(part)

    def sample(self, num: int) -> dict[str, np.ndarray]:
        """Makes `num` rows of valid inputs, always the same."""
        rng = np.random.default_rng(0)
        return {name: m.noise(num, rng) for name, m in self._takes.items()}


class NotANumber(keras.layers.Layer):
    """Makes NaN of a row whose label, or id of a word, is out of range.

    Graphs of LiteRT and ONNX cannot raise an error, and of a label out of
    range most generators make something that looks right.

    Args:
        num_classes: Number of classes, or of ids.
    """

    def __init__(self, num_classes: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.num_classes = num_classes

    def call(self, made: Any, labels: Any) -> Any:
        """Returns what was made (N, ...) of labels (N,) or ids (N, L)."""
        least = most = labels
        if len(labels.shape) > 1:
            least, most = ops.min(labels, 1), ops.max(labels, 1)
        known = ops.logical_and(least >= 0, most < self.num_classes)
        added = ops.where(known, 0.0, float("nan"))
        return made + ops.reshape(added, (-1,) + (1,) * (len(made.shape) - 1))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {**super().get_config(), "num_classes": self.num_classes}


def named_copy(
    part: Part,
    subpixel: bool | None = None,
    marks_labels: bool = False,
    is_open: bool = False,
    folds: bool = False,
) -> keras.Model:
    """Copies a network into float32, and names what goes in and out.

    Args:
        part: The network with what it takes and makes.
        subpixel: As in `float32_copy`.
        marks_labels: Whether a label out of range makes NaN.
        is_open: Whether images that may have any size have none.
        folds: Whether batch norms go into the weights before them.

    Returns:
        A Functional model from a dictionary of what the network takes to a
        dictionary of what it makes.
    """
    network = float32_copy(part.network, subpixel)
    if folds:
        network = folded(network)
    shapes: dict[str, Shape] = {name: m.shape for name, m in part.takes.items()}
    for name, m in part.takes.items():
        if is_open and getattr(m, "any_size", False):
            network = network_at(network, (None, None))
            shapes[name] = (None, None, m.shape[-1])
    inputs = {
        name: keras.Input(shapes[name], name=name, dtype=m.dtype)
        for name, m in part.takes.items()
    }
    made = network(arrange(network, inputs), training=False)
    outputs = dict(zip(part.makes, keras.tree.flatten(made), strict=True))
    for name, modality in part.takes.items():
        if marks_labels and modality.num_values is not None:
            mark = NotANumber(modality.num_values)
            outputs = {n: mark(x, inputs[name]) for n, x in outputs.items()}
    return keras.Model(inputs, outputs)
