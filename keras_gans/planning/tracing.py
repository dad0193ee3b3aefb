"""The costs of a training step, from a trace of the step itself.

Every variant is counted as it trains, with its critic steps, its penalties of
second order and its own players.
"""

import collections
import dataclasses
import importlib
import math
import re
from typing import Any

import keras
import numpy as np

_backend = importlib.import_module(
    f"keras_gans.backend.{keras.backend.backend()}.tracing"
)

OUTSIDE = ""
"""The name of what is computed between the phases."""

# Layers whose output is their input, or a view of it.
FREE = (
    keras.layers.InputLayer,
    keras.layers.Identity,
    keras.layers.Reshape,
    keras.layers.Flatten,
)


@dataclasses.dataclass(frozen=True)
class StepCosts:
    """The costs of one step of training.

    Attributes:
        steps: Steps of each player's optimizer.
        flops: Multiplications and additions of the matrix products and
            convolutions in each player's phases; under "" those outside of
            all phases.
        activation_bytes: The most bytes that are kept at a time for
            gradients.
    """

    steps: dict[str, int]
    flops: dict[str, float]
    activation_bytes: float


def forward_flops(network: keras.Model) -> float:
    """Counts the products of one row's way through a network."""
    arrays = [
        np.zeros((1, *x.shape[1:]), keras.backend.standardize_dtype(x.dtype))
        for x in network.inputs
    ]
    structure = getattr(network, "_inputs_struct", network.inputs[0])

    def forward(*inputs: Any) -> Any:
        packed = keras.tree.pack_sequence_as(structure, inputs)
        return network(packed, training=False)

    return sum(flops for _, flops in _backend.products(forward, *arrays))


def activation_bytes(network: keras.Model) -> int:
    """Adds up the outputs of a network's layers, of one row.

    Of a subclassed model only its own output is known.
    """
    total = 0
    for layer in network.layers:
        if isinstance(layer, keras.Model) and hasattr(layer, "inputs"):
            total += activation_bytes(layer)
        elif not isinstance(layer, FREE):
            for output in keras.tree.flatten(layer.output):
                size = np.dtype(_numpy_name(output.dtype)).itemsize
                total += size * math.prod(output.shape[1:])
    return total


def trace_step(gan: Any, batch: dict[str, np.ndarray]) -> StepCosts:
    """Traces a training step; on PyTorch, which has no traces, takes one.

    Args:
        gan: A compiled GAN. Of a variant with stages, the stage is that of
            its next step.
        batch: Arrays by the names of what the GAN learns from.

    Returns:
        The costs of the step.
    """
    steps: dict[str, int] = collections.defaultdict(int)
    kept, most, depth = 0.0, 0.0, 0
    minimize = gan.minimize

    def named_minimize(loss_fn: Any, player: Any, *args: Any) -> Any:
        nonlocal kept, depth
        name = next(p for p in gan.players if getattr(gan, p) is player)
        steps[name] += 1
        before = kept
        depth += 1
        with _backend.scope(f"phase.{name}."):
            loss = minimize(loss_fn, player, *args)
        depth -= 1
        kept = before  # The gradient was taken, and what it needed is free.
        return loss

    def watched(call: Any, bytes_per_row: int) -> Any:
        def watched_call(inputs: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal kept, most
            if depth:  # no gradient is taken of what is outside of phases
                first = keras.tree.flatten(inputs)[0]
                kept += bytes_per_row * first.shape[0]
                most = max(most, kept)
            return call(inputs, *args, **kwargs)

        return watched_call

    networks = [n for p in gan.players for n in gan.networks_of(p)]
    calls = [network.call for network in networks]
    gan.begin_step(int(gan.steps.numpy()))
    try:
        gan.minimize = named_minimize
        for network, call in zip(networks, calls, strict=True):
            network.call = watched(call, activation_bytes(network))
        flops: dict[str, float] = collections.defaultdict(float)
        for path, count in _backend.products(_backend.step_of(gan), batch):
            flops[_innermost_phase(path)] += count
    finally:
        gan.begin_step(None)
        gan.minimize = minimize
        for network, call in zip(networks, calls, strict=True):
            network.call = call
    return StepCosts(dict(steps), dict(flops), most)


def _innermost_phase(path: str) -> str:
    return (re.findall(r"phase\.(\w+?)\.", path) or [OUTSIDE])[-1]


def _numpy_name(dtype: str) -> str:
    return "float16" if dtype == "bfloat16" else dtype
