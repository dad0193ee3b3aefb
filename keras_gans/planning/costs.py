"""The costs of training a GAN, and what to expect of more devices."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import keras

from keras_gans.planning.measuring import batch_for, measure_step
from keras_gans.planning.scaling import Link, Scale, scale
from keras_gans.planning.tracing import (
    StepCosts,
    activation_bytes,
    forward_flops,
    trace_step,
)

GRADIENT_BYTES = 4
"""Gradients are float32 whatever the layers compute in, as variables are."""


@dataclasses.dataclass(frozen=True)
class Player:
    """The costs of one player, of all its networks together.

    Attributes:
        name: "generator", "discriminator" and so on.
        parameters: Number of trainable parameters.
        forward_flops: FLOPs of one row's way through its networks.
        activation_bytes: Bytes of all layers' outputs for one row.
        steps: Steps of its optimizer in a step of training.
        training_flops: FLOPs of its phases in a step, for each row of the
            batch.
    """

    name: str
    parameters: int
    forward_flops: float
    activation_bytes: int
    steps: int
    training_flops: float


@dataclasses.dataclass(frozen=True)
class Plan:
    """The costs of training, and what to expect of more devices.

    FLOPs are the multiplications and additions of matrix products and
    convolutions, which is nearly all that a step computes.

    Attributes:
        variant: The GAN's class.
        makes: The shape of each value that it makes, by name, for instance
            {"images": (height, width, channels)}.
        dtype: Its dtype policy.
        backend: Keras's backend.
        batch_size: Rows of each device in a step.
        players: The costs of each player.
        training_flops: FLOPs of a step, for each row of the batch.
        activation_bytes: The most bytes that a step keeps at a time for
            gradients, for each row of the batch; an estimate from the
            outputs of layers.
        step_seconds: Time of a step on one device.
        link: The connection between devices.
        scales: A step on each number of devices.
    """

    variant: str
    makes: dict[str, tuple[int, ...]]
    dtype: str
    backend: str
    batch_size: int
    players: list[Player]
    training_flops: float
    activation_bytes: float
    step_seconds: float
    link: Link
    scales: list[Scale]

    def to_dict(self) -> dict[str, Any]:
        """Returns the plan as a dictionary that JSON can hold."""
        return dataclasses.asdict(self)


def plan(
    gan: Any,
    devices: Sequence[int] = (1, 2, 4, 8, 16, 32, 64, 128, 256),
    batch_size: int = 64,
    link: Link = Link(10.0, 50.0),  # noqa: B008, it cannot change
    step_seconds: float | None = None,
) -> Plan:
    """Counts a training step's costs and predicts it on more devices.

    Args:
        gan: A compiled GAN, not to be used afterwards: it may be trained on
            noise.
        devices: The numbers of devices to predict for.
        batch_size: Rows of each device in a step.
        link: The connection between devices.
        step_seconds: Time of a step on one device; None measures it on this
            one.

    Returns:
        The plan.

    Raises:
        ValueError: For less than one device or row, or no positive time.
    """
    if min([*devices, batch_size]) < 1 or (
        step_seconds is not None and not step_seconds > 0
    ):
        raise ValueError(
            "`devices` and `batch_size` must be at least 1 and `step_seconds` "
            f"positive. Received: devices={devices}, batch_size={batch_size}, "
            f"step_seconds={step_seconds}"
        )
    if step_seconds is None:
        step_seconds = measure_step(gan, batch_size)
    costs = trace_step(gan, batch_for(gan, batch_size))
    players = [_player(gan, name, costs, batch_size) for name in gan.players]
    messages = [
        GRADIENT_BYTES * player.parameters
        for player in players
        for _ in range(player.steps)
    ]
    return Plan(
        variant=type(gan).__name__,
        makes={name: m.shape for name, m in gan.makes.items()},
        dtype=gan.dtype_policy.name,
        backend=keras.backend.backend(),
        batch_size=batch_size,
        players=players,
        training_flops=sum(costs.flops.values()) / batch_size,
        activation_bytes=costs.activation_bytes / batch_size,
        step_seconds=step_seconds,
        link=link,
        scales=[scale(n, step_seconds, messages, link) for n in devices],
    )


def _player(gan: Any, name: str, costs: StepCosts, batch_size: int) -> Player:
    networks = gan.networks_of(name)
    return Player(
        name=name,
        parameters=sum(math.prod(v.shape) for v in gan.variables_of(name)),
        forward_flops=sum(map(forward_flops, networks)),
        activation_bytes=sum(map(activation_bytes, networks)),
        steps=costs.steps.get(name, 0),
        training_flops=costs.flops.get(name, 0.0) / batch_size,
    )
