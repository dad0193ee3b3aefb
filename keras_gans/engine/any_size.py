"""Networks of images, called on images of another size than they were built."""

import contextlib
import weakref
from collections.abc import Iterator
from typing import Any

import keras

Size = tuple[int | None, int | None]

_KEPT = 8
"""Forms of one network that are kept; the oldest one goes first."""

_forms: Any = weakref.WeakKeyDictionary()


class FixedSizeError(ValueError):
    """A network takes images of one size only."""


def network_at(network: keras.Model, size: Size) -> keras.Model:
    """Returns a network for images of a size, with the same layers.

    Convolutions have no size. A Functional model still states the size of its
    inputs, and refuses others: what is returned is the same graph behind
    inputs of another size. Its weights are the network's own, not copies.

    Args:
        network: A Functional or Sequential model whose inputs, of rank 4, have
            one height and width.
        size: Height and width.

    Returns:
        The network itself where it takes that size.

    Raises:
        FixedSizeError: Where it cannot take that size, for instance because
            of a dense layer, or where its output would not grow with it.
    """
    if size_of(network) in (size, (None, None)):
        return network
    forms = _forms.setdefault(network, {})
    if size not in forms:
        form = _form(network, size)
        while len(forms) >= _KEPT:
            forms.pop(next(iter(forms)))
        forms[size] = form
    return forms[size]


def size_of(network: keras.Model) -> Size:
    """Returns the height and width of a network's inputs, or None for any."""
    shape = next(x.shape for x in network.inputs if len(x.shape) == 4)
    return shape[1], shape[2]


def _form(network: keras.Model, size: Size) -> keras.Model:
    graph = getattr(network, "_functional", network)  # of a Sequential
    inputs = keras.tree.map_structure(
        lambda x: keras.Input(
            (*size, x.shape[-1]) if len(x.shape) == 4 else x.shape[1:],
            dtype=x.dtype,
            name=x.name,
        ),
        graph._inputs_struct,
    )
    try:
        with _unchanged(graph.operations):
            form = keras.models.clone_model(
                graph, input_tensors=inputs, clone_function=_inner
            )
    except FixedSizeError:
        raise
    except Exception as error:  # Each layer has its own.
        raise _refusal(network, size) from error
    for old, new in zip(network.outputs, form.outputs, strict=True):
        if not _grows(old.shape, new.shape, size_of(network), size):
            raise _refusal(network, size)
    return form


@contextlib.contextmanager
def _unchanged(layers: list[Any]) -> Iterator[None]:
    """Keeps layers from noting where else they are called.

    Keras notes each call in a layer for good, and then there is no one
    `layer.output` any more.
    """
    names = "_inbound_nodes", "_outbound_nodes"
    noted = [[len(getattr(layer, n)) for n in names] for layer in layers]
    try:
        yield
    finally:
        for layer, lengths in zip(layers, noted, strict=True):
            for name, length in zip(names, lengths, strict=True):
                del getattr(layer, name)[length:]


def _inner(layer: Any) -> Any:
    """Returns a layer as it is, and a network within the network of any size.

    The maps that an inner network sees need not have the images' size.
    """
    is_network = isinstance(layer, keras.Model) and hasattr(layer, "inputs")
    return _form(layer, (None, None)) if is_network else layer


def _grows(old: Any, new: Any, own: Size, size: Size) -> bool:
    """Returns whether an output's size follows that of the inputs."""
    if len(old) != 4:
        return False
    for i in range(2):
        if size[i] is None:
            if new[i + 1] is not None:
                return False
        elif new[i + 1] * own[i] != old[i + 1] * size[i]:
            return False
    return True


def _refusal(network: keras.Model, size: Size) -> FixedSizeError:
    return FixedSizeError(
        f"{network.name} takes images of {size_of(network)} only (height, "
        f"width). Received: {size}"
    )
