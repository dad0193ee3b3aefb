"""Building the networks of a variant, under its seed and dtype."""

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import keras

from keras_gans.engine.training.joining import widened

Builder: TypeAlias = keras.Model | Callable[[], keras.Model]
"""A network, or a function without arguments that builds one."""


@contextlib.contextmanager
def building(seed: int | None = None, dtype: Any = None) -> Iterator[None]:
    """Builds layers that start alike for a seed and follow a dtype policy.

    Args:
        seed: Seed of the weights and of the layers' own random state; None
            for new ones. Nothing outside the layers is seeded.
        dtype: A Keras dtype policy; None for the global one.
    """
    policy, state = keras.config.dtype_policy(), random.getstate()
    keras.config.set_dtype_policy(dtype or policy)
    if seed is not None:
        # Keras draws the seed of each initializer and of each dropout layer
        # from Python's generator.
        random.seed(seed)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
        random.setstate(state)


def build_players(
    players: dict[str, Builder | list[Builder]],
    seed: int | None,
    dtype: Any,
    together: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Builds the networks of every player, in the order of the players.

    Args:
        players: For each player's name a network, a function that builds
            one, or a list of such.
        seed: As in `building`.
        dtype: As in `building`.
        together: For a player's name the rows that it judges as one, joined
            along their last axis: what a function builds is widened for them,
            and a network must be for them already.

    Returns:
        For each name a network, or a list of networks.

    Raises:
        TypeError: For anything else.
        ValueError: For a network without known inputs and outputs. A
            subclassed model that is built gets a Functional one around it.
    """
    together = together or {}
    with building(seed, dtype):
        return {
            name: [_built(name, b, together.get(name, 1)) for b in builders]
            if isinstance(builders, (list, tuple))
            else _built(name, builders, together.get(name, 1))
            for name, builders in players.items()
        }


def _built(name: str, builder: Any, together: int) -> keras.Model:
    is_given = isinstance(builder, keras.Model)
    if not is_given and callable(builder):
        builder = builder()
    if not isinstance(builder, keras.Model):
        raise TypeError(
            f"The player {name!r} must be a Keras model, or a list of them. "
            f"Received: {name}={builder!r}"
        )
    if not _has_inputs(builder):
        builder = _with_inputs(name, builder)
    return builder if is_given or together == 1 else widened(builder, together)


def _has_inputs(network: keras.Model) -> bool:
    try:
        return bool(network.inputs and network.outputs)
    except (AttributeError, ValueError):
        return False


def _with_inputs(name: str, network: keras.Model) -> keras.Model:
    """Returns a Functional model around a subclassed one that is built."""
    built_for = network.get_build_config() if network.built else None
    if not built_for or "input_shape" not in built_for:
        raise ValueError(
            f"The player {name!r} must have inputs and outputs of known "
            "shapes: start a Sequential with `keras.Input(shape)`, and build a "
            "subclassed model, or call it once. "
            f"Received: {network!r}"
        )
    inputs = keras.tree.map_shape_structure(
        lambda shape: keras.Input(shape[1:]), built_for["input_shape"]
    )
    return keras.Model(inputs, network(inputs), name=network.name)
