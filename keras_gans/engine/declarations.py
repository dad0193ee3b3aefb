"""What a variant declares, and whether its networks fit it."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras

from keras_gans import losses
from keras_gans.engine.training.joining import joined_shape
from keras_gans.modalities import Image, Modality
from keras_gans.stabilizers import STABILIZERS, Stabilizer


class Part(NamedTuple):
    """A network for inference, and what goes in and out of it.

    Attributes:
        network: A Functional model.
        takes: What it takes, by name, in the order of its inputs.
        makes: What it makes, by name.
    """

    network: keras.Model
    takes: Mapping[str, Modality]
    makes: Mapping[str, Modality]


def default_makes(maker: keras.Model) -> dict[str, Modality]:
    """Returns one image of the shape of a network's output.

    Raises:
        ValueError: For an output of another rank.
    """
    shape = tuple(maker.outputs[0].shape[1:])
    if len(shape) != 3:
        raise ValueError(
            f"The network {maker.name!r} must make images (height, width, "
            f"channels). Received: [{shape}]"
        )
    return {"images": Image(*shape)}


def default_learns_from(
    takes: dict[str, Modality], makes: dict[str, Modality]
) -> dict[str, Modality]:
    """Returns what is made, and what is taken and not drawn in training."""
    return {**makes, **{n: m for n, m in takes.items() if m.is_data}}


def check_maker(
    maker: keras.Model, takes: dict[str, Modality], makes: dict[str, Modality]
) -> None:
    """Refuses a network that does not take and make what is declared.

    Raises:
        ValueError: For other numbers or shapes of inputs or outputs.
    """
    inputs = getattr(maker, "_inputs_struct", maker.inputs)
    outputs = getattr(maker, "_outputs_struct", maker.outputs)
    check_tensors(maker, inputs, takes, "take")
    check_tensors(maker, outputs, makes, "make")


def check_tensors(
    network: keras.Model,
    tensors: Any,
    declared: dict[str, Modality],
    verb: str,
    together: int = 1,
) -> None:
    """Refuses inputs or outputs of other shapes than those declared.

    Args:
        network: The network.
        tensors: Its inputs or outputs: one, several or a dictionary.
        declared: The modality of each, by name.
        verb: "take" or "make".
        together: The rows that are joined to one.

    Raises:
        ValueError: For another number or other shapes.
    """
    wanted = {n: joined_shape(m.shape, together) for n, m in declared.items()}
    if isinstance(tensors, dict):
        tensors = [tensors[name] for name in wanted if name in tensors]
    found = [tuple(t.shape[1:]) for t in keras.tree.flatten(tensors)]
    if len(found) != len(wanted) or not all(
        map(_takes_shape, found, wanted.values())
    ):
        raise ValueError(
            f"The network {network.name!r} must {verb} {wanted}, each "
            f"without the batch. Received: {found}"
        )


def _takes_shape(open_shape: tuple, shape: tuple) -> bool:
    """Returns whether a tensor, whose sides may be open, can have a shape."""
    return len(open_shape) == len(shape) and all(
        side in (None, wanted)
        for side, wanted in zip(open_shape, shape, strict=True)
    )


def chosen_stabilizers(
    own: Sequence[Stabilizer], given: Sequence[Stabilizer] | None
) -> list[Stabilizer]:
    """Returns the paper's stabilizers, with the user's in place or added.

    Args:
        own: The paper's.
        given: The user's; one of the same class takes the place of the
            paper's, the others follow.

    Raises:
        ValueError: For what is no stabilizer, and for two of one class.
    """
    if isinstance(given, str | Stabilizer):
        given = [given]  # type: ignore[list-item]
    given = list(given or [])
    kinds = [type(s) for s in given]
    strangers = [s for s in given if not isinstance(s, Stabilizer)]
    if strangers or len(set(kinds)) < len(kinds):
        first = strangers[0] if strangers else None
        name = (
            first if isinstance(first, str) else getattr(first, "__name__", "")
        )
        near = difflib.get_close_matches(name, STABILIZERS)
        such = f", such as {near[0]}()" if near else ""
        raise ValueError(
            f"`stabilizers` takes a list of `keras_gans.stabilizers`{such}, "
            f"one of each class at most. Received: {given}"
        )
    by_kind = {type(s): s for s in (*own, *given)}
    return list(by_kind.values())


def check_judge(
    judge: keras.Model,
    seen: dict[str, Modality],
    heads: Sequence[int] = (),
    together: int = 1,
) -> None:
    """Refuses a discriminator of other inputs or outputs than are needed.

    Args:
        judge: The network.
        seen: The modality of all that it sees, by name.
        heads: Numbers that each of its outputs after the logits predicts.
        together: The rows that are joined to one.

    Raises:
        ValueError: For other numbers or shapes.
    """
    check_tensors(judge, judge.inputs, seen, "take", together)
    found = [tuple(t.shape[1:]) for t in keras.tree.flatten(judge.outputs)]
    if [shape[-1:] for shape in found[1:]] != [(n,) for n in heads]:
        also = "".join(f", and then {n} predictions" for n in heads)
        raise ValueError(
            f"The network {judge.name!r} must give one tensor of logits{also}, "
            f"each without the batch. Received: {found}"
        )


UNBOUNDED = (
    *losses.CROSS_ENTROPIES,
    losses.hinge_discriminator,
    losses.relativistic_discriminator,
    losses.relativistic_average_discriminator,
    losses.wasserstein_critic,
)
"""Losses of logits, or of a critic whose outputs have no bounds."""


def check_range(maker: keras.Model, judge: keras.Model, loss: Any) -> None:
    """Refuses networks whose last activation is wrong.

    Args:
        maker: The generator, whose images are in [-1, 1].
        judge: The discriminator.
        loss: The discriminator's loss.

    Raises:
        ValueError: For a generator that makes nothing below 0, and for
            probabilities under a loss of numbers without bounds.
    """
    if (last := last_activation(maker)) in NEVER_NEGATIVE:
        raise ValueError(
            f"The network {maker.name!r} must make values in [-1, 1]: let it "
            f"end in tanh. Received: a network that ends in a {last}"
        )
    if (last := last_activation(judge)) in PROBABILITIES and loss in UNBOUNDED:
        raise ValueError(
            f"The network {judge.name!r} must give numbers without bounds, "
            f"which the loss `{loss.__name__}` takes: let it end without an "
            f"activation. Received: a network that ends in a {last}"
        )


PROBABILITIES = ("sigmoid", "hard_sigmoid", "softmax")
NEVER_NEGATIVE = (*PROBABILITIES, "relu", "relu6", "softplus", "exponential")


def last_activation(network: keras.Model) -> str | None:
    """Returns the name of the activation of a Functional model's first output.

    Networks inside of it, and layers that only arrange values, are seen
    through.

    Returns:
        A name such as "sigmoid"; None where none is known.
    """
    tensor = network.outputs[0]
    while True:
        layer, node, which = tensor._keras_history
        if isinstance(layer, keras.Model):
            inner = getattr(layer, "outputs", None)
            if inner is None:  # a subclassed model
                return None
            tensor = inner[which]
            continue
        activation = getattr(layer, "activation", None)
        is_linear = activation is keras.activations.linear
        if activation is not None and not is_linear:
            return getattr(activation, "__name__", None)
        is_bare = is_linear and isinstance(layer, keras.layers.Activation)
        if not (is_bare or isinstance(layer, ARRANGING)):
            return _named_after(layer)
        tensor = layer._inbound_nodes[node].input_tensors[0]


def _named_after(layer: Any) -> str | None:
    """Returns the activation that a layer or operation is, by its class.

    What `keras.ops.sigmoid` adds to a network has no public class.
    """
    if getattr(layer, "negative_slope", 0):  # a leaky rectifier
        return None
    name = type(layer).__name__
    return {"HardSigmoid": "hard_sigmoid"}.get(name, name.lower())


ARRANGING = (
    keras.layers.Flatten,
    keras.layers.Reshape,
    keras.layers.Permute,
    keras.layers.Identity,
    keras.layers.Dropout,
    keras.layers.Cropping1D,
    keras.layers.Cropping2D,
    keras.layers.UpSampling1D,
    keras.layers.UpSampling2D,
    keras.layers.AveragePooling2D,
    keras.layers.MaxPooling2D,
    keras.layers.GlobalAveragePooling2D,
)
"""Layers that keep the range of values."""
