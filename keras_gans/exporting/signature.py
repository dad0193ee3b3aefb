"""The names and shapes by which an export is called."""

import re
from typing import Any

import keras
import numpy as np

OUTPUT = "images"

# Keras numbers what has no name through the whole session, and calls it
# differently once it has been saved and loaded.
_NAMELESS = re.compile(r"(keras_tensor|input_layer)(_\d+)?").fullmatch

Shape = tuple[int | None, ...]


class Signature:
    """A generator's inputs and output, under names that are always the same.

    Args:
        generator: A Functional model with one output.
        batch_size: Images at a time, or None for any.
        num_classes: Of the labels, where it takes any.
    """

    def __init__(
        self,
        generator: keras.Model,
        batch_size: int | None,
        num_classes: int = 1,
    ):
        self.tensors: dict[str, Any] = {}
        named = {t.name for t in generator.inputs if not _NAMELESS(t.name)}
        for i, tensor in enumerate(generator.inputs):
            name = tensor.name
            if name not in named:
                name = f"input_{i}" if "latents" in named else "latents"
                named.add(name)
            self.tensors[name] = tensor
        self.structure = generator.input
        self.batch_size = batch_size
        self.num_classes = num_classes
        self.inputs: dict[str, Shape] = {
            name: (batch_size, *tensor.shape[1:])
            for name, tensor in self.tensors.items()
        }
        self.outputs: dict[str, Shape] = {
            OUTPUT: (batch_size, *generator.output_shape[1:])
        }

    def specs(self) -> dict[str, keras.InputSpec]:
        """Returns what `keras.Model.export` wants to know of each input."""
        return {
            name: keras.InputSpec(
                dtype=tensor.dtype, shape=self.inputs[name], name=name
            )
            for name, tensor in self.tensors.items()
        }

    def arrange(self, inputs: dict[str, Any]) -> Any:
        """Returns inputs by name as the generator itself takes them."""
        return keras.tree.pack_sequence_as(
            self.structure, [inputs[name] for name in self.tensors]
        )

    def sample(self, num: int) -> dict[str, np.ndarray]:
        """Draws inputs: N(0, 1), and of whole numbers any of the labels."""
        rng = np.random.default_rng(0)
        drawn = {}
        for name, tensor in self.tensors.items():
            shape = (num, *tensor.shape[1:])
            values: np.ndarray
            if "int" in tensor.dtype:
                values = rng.integers(0, self.num_classes, shape)
            else:
                values = rng.standard_normal(shape)
            drawn[name] = values.astype(tensor.dtype)
        return drawn
