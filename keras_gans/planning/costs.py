"""A GAN's costs in one table, and what to expect of more devices."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import keras

from keras_gans.planning.measuring import batch_for, measure_step
from keras_gans.planning.scaling import Link, Scale, scale
from keras_gans.planning.tracing import (
    activation_bytes,
    forward_flops,
    networks_of,
    trace_step,
)

GRADIENT_BYTES = 4
"""Gradients are float32 whatever the layers compute in, as variables are."""


@dataclasses.dataclass(frozen=True)
class Player:
    """What one player costs.

    Attributes:
        name: "generator", "discriminator" and so on.
        parameters: Trainable numbers.
        forward_flops: Of one image's way through it.
        activation_bytes: Of one image, all layers' outputs.
        steps: Steps of its optimizer in a step of training.
        training_flops: Of its phases in a step, for each image of the batch.
    """

    name: str
    parameters: int
    forward_flops: float
    activation_bytes: int
    steps: int
    training_flops: float


@dataclasses.dataclass(frozen=True)
class Plan:
    """What training costs, and what to expect of more devices.

    FLOPs are the multiplications and additions of matrix products and
    convolutions, which is nearly all that a step computes.

    Attributes:
        variant: The GAN's class.
        image_shape: (height, width, channels).
        dtype: Its dtype policy.
        backend: What computes.
        batch_size: Images of each device in a step.
        players: What each costs.
        training_flops: Of a step, for each image of the batch.
        activation_bytes: The most that a step keeps at a time for gradients,
            for each image of the batch; an estimate from layers' outputs.
        step_seconds: A step on one device.
        link: What connects devices.
        scales: A step on more of them.
    """

    variant: str
    image_shape: tuple[int, ...]
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
        """Returns all of it as JSON has it."""
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
        devices: For how many devices to predict.
        batch_size: Images of each device in a step.
        link: What connects devices.
        step_seconds: A step on one device; measured on this one where None.

    Returns:
        The plan.

    Raises:
        ValueError: For fewer than one device or image, or no positive time.
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
    players = [
        Player(
            name,
            sum(
                math.prod(variable.shape)
                for network in networks
                for variable in network.trainable_variables
            ),
            sum(map(forward_flops, networks)),
            sum(map(activation_bytes, networks)),
            costs.steps.get(name, 0),
            costs.flops.get(name, 0.0) / batch_size,
        )
        for name in gan.players
        for networks in [networks_of(gan, name)]
    ]
    messages = [
        GRADIENT_BYTES * player.parameters
        for player in players
        for _ in range(player.steps)
    ]
    return Plan(
        variant=type(gan).__name__,
        image_shape=tuple(gan.image_shape),
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
