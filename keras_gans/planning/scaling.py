"""Data parallel training on many devices: bytes sent, and time.

Each device trains on a batch of its own, and each phase of a step averages
its player's gradients by a ring: the gradients are cut into n parts, which go
round twice, once to be added up and once to be handed out. In 2 (n - 1) turns
each device sends 2 (n - 1) / n of the gradients' bytes (Patarasuk and Yuan
2009, "Bandwidth optimal all-reduce algorithms for clusters of workstations",
section 3).
"""

import dataclasses
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Link:
    """The connection between a device and the next one of the ring.

    Attributes:
        gbps: Speed in each direction, in 1e9 bits a second.
        latency_us: Time from one device to the next, in microseconds.
    """

    gbps: float
    latency_us: float

    def __post_init__(self) -> None:
        if not (self.gbps > 0 and self.latency_us >= 0):
            raise ValueError(
                "A link needs a positive speed and a latency of 0 or more. "
                f"Received: {self}"
            )


@dataclasses.dataclass(frozen=True)
class Scale:
    """A training step on a number of devices.

    Attributes:
        devices: Number of devices.
        bytes_sent: Bytes that each device sends in a step.
        communication_seconds: Time of a step in which devices communicate.
        step_seconds: Time of the whole step.
        efficiency: Time of a step on one device divided by `step_seconds`;
            times `devices` it is the speed-up.
    """

    devices: int
    bytes_sent: float
    communication_seconds: float
    step_seconds: float
    efficiency: float


def bytes_sent(devices: int, num_bytes: int) -> float:
    """Returns the bytes that each device sends to average `num_bytes`."""
    return 2 * (devices - 1) / devices * num_bytes


def scale(
    devices: int, step_seconds: float, messages: Sequence[int], link: Link
) -> Scale:
    """Predicts a step on many devices from a step on one.

    Devices do not compute while they communicate: a phase needs the weights
    of the phase before. The batch of each device stays the same.

    Args:
        devices: Number of devices, at least 1.
        step_seconds: Time of a step on one device.
        messages: The bytes of the gradients of every phase of a step, each
            averaged at once.
        link: The connection between devices.

    Returns:
        The step on all of them.
    """
    sent = sum(bytes_sent(devices, num_bytes) for num_bytes in messages)
    turns = 2 * (devices - 1) * len(messages)
    communication = turns * link.latency_us * 1e-6 + 8 * sent / link.gbps * 1e-9
    seconds = step_seconds + communication
    return Scale(devices, sent, communication, seconds, step_seconds / seconds)
