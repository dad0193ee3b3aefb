"""Batch norms folded into the weights of the layers before them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from keras_gans.engine.building import building
from keras_gans.layers import DownsamplingConv2D, UpsamplingConv2D
from keras_gans.networks.copying import functional_copy

# Layers that are linear in their kernel, and the axis of what they make.
AXES: dict[type, int] = {
    keras.layers.Dense: -1,
    keras.layers.Conv2D: -1,
    DownsamplingConv2D: -1,
    keras.layers.Conv2DTranspose: -2,
    UpsamplingConv2D: -2,
}


class Folded(keras.layers.Layer):
    """The place of a layer that is part of the one before."""

    def call(self, x: Any, **_: Any) -> Any:
        """Returns what it takes."""
        return x


def folded(network: keras.Model) -> keras.Model:
    """Copies a network without the batch norms that follow a linear layer.

    At inference batch norm is an affine map of each channel, gamma (x - mean)
    / sqrt(variance + epsilon) + beta, so it is one with the layer before:
    its factor goes into the kernel, the rest into the bias. A ReLU after it
    becomes the layer's activation, which runtimes compute along.

    Args:
        network: A float32 Functional or Sequential model. Those inside are
            folded too.

    Returns:
        A model of the same function. Layers that are called several times,
        or whose output is used elsewhere too, are left as they are.
    """
    chains = {id(linear): rest for linear, *rest in _chains(network)}
    gone = {id(layer) for rest in chains.values() for layer in rest if layer}
    copies: dict[int, keras.layers.Layer] = {}

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if id(layer) not in copies:
            if id(layer) in gone:
                copies[id(layer)] = Folded(name=layer.name)
            elif _is_network(layer):
                copies[id(layer)] = folded(layer)
            else:
                copies[id(layer)] = _copied(layer, *chains.get(id(layer), ()))
        return copies[id(layer)]

    # Layers that a layer makes itself follow the global policy.
    with building(dtype="float32"):
        model = functional_copy(network, copy)
    for layer in network.layers:
        if id(layer) in copies and id(layer) not in gone:
            norm, _ = chains.get(id(layer), (None, None))
            if norm:
                copies[id(layer)].set_weights(_folded_weights(layer, norm))
            elif not _is_network(layer):
                copies[id(layer)].set_weights(layer.get_weights())
    return model


def _is_network(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.Model) and hasattr(layer, "inputs")


def _copied(layer: Any, norm: Any = None, relu: Any = None) -> Any:
    config = layer.get_config()
    if norm:
        config["use_bias"] = True
    if relu:
        config["activation"] = "relu"
    return type(layer).from_config(config)


def _chains(network: keras.Model) -> Iterator[tuple[Any, Any, Any]]:
    """Yields linear layers with the batch norm and the ReLU after them."""
    operations = getattr(network, "_functional", network).operations
    users = defaultdict(list)
    for operation in operations:
        for node in operation._inbound_nodes:
            for tensor in node.input_tensors:
                users[id(tensor)].append(operation)
    for tensor in network.outputs:
        users[id(tensor)].append(None)

    def following(layer: Any) -> Any:
        """Returns the only user of a layer's only output."""
        if len(layer._inbound_nodes) != 1:
            return None
        found = users[id(layer._inbound_nodes[0].output_tensors[0])]
        return found[0] if len(found) == 1 else None

    for layer in operations:
        if type(layer) not in AXES or layer.activation is not LINEAR:
            continue
        after = following(layer)
        # A reshape may be inside of a wrapper that states its shape.
        if isinstance(getattr(after, "layer", after), keras.layers.Reshape):
            after = following(after)
        norm = after if _is_norm(after) else None
        after = following(norm) if norm else after
        relu = after if _is_relu(after) else None
        if norm or relu:
            yield layer, norm, relu


LINEAR = keras.activations.linear


def _is_norm(layer: Any) -> bool:
    return (
        isinstance(layer, keras.layers.BatchNormalization)
        and layer.axis in (-1, len(layer.input.shape) - 1)
        and len(layer._inbound_nodes) == 1
    )


def _is_relu(layer: Any) -> bool:
    if isinstance(layer, keras.layers.Activation):
        return layer.activation is keras.activations.relu
    return (
        isinstance(layer, keras.layers.ReLU)
        and not layer.negative_slope
        and not layer.threshold
        and layer.max_value is None
    )


def _folded_weights(layer: Any, norm: Any) -> list[np.ndarray]:
    kernel, *bias = (w.astype("float64") for w in layer.get_weights())
    mean, variance = map(np.asarray, (norm.moving_mean, norm.moving_variance))
    factor = 1.0 / np.sqrt(variance.astype("float64") + norm.epsilon)
    if norm.scale:
        factor = factor * np.asarray(norm.gamma)
    shift = -mean * factor
    if norm.center:
        shift = shift + np.asarray(norm.beta)
    axis = AXES[type(layer)]
    # A dense layer makes all pixels of maps, channels last.
    pixels = kernel.shape[axis] // len(factor)
    factor, shift = np.tile(factor, pixels), np.tile(shift, pixels)
    if bias:
        shift = shift + bias[0] * factor
    along = factor if axis == -1 else factor[:, None]
    return [kernel * along, shift]
