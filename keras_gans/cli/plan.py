"""keras-gans plan."""

import json
import re
from typing import Annotated, Any

import typer

from keras_gans.cli.building import (
    build_gan,
    compile_gan,
    find_variant,
    read_settings,
)
from keras_gans.cli.output import console, print_table
from keras_gans.cli.quiet import import_keras

PREFIXES = ("", "k", "M", "G", "T", "P")


def plan(
    variant: Annotated[
        str, typer.Argument(help="The kind of GAN: GAN, DCGAN, ...")
    ],
    resolution: Annotated[
        int, typer.Option(min=1, help="Side of the images in pixels")
    ],
    devices: Annotated[
        str,
        typer.Option(
            help="How many: 8, or 1,2,6, or 1..256 for the powers of two"
        ),
    ] = "1..256",
    batch_size: Annotated[
        int, typer.Option(min=1, help="Images of each device in a step")
    ] = 64,
    channels: Annotated[int, typer.Option(min=1)] = 3,
    link_gbps: Annotated[
        float, typer.Option(help="Speed from device to device, in Gbit/s")
    ] = 10.0,
    link_latency_us: Annotated[
        float, typer.Option(help="Microseconds from device to device")
    ] = 50.0,
    step_ms: Annotated[
        float | None,
        typer.Option(
            help="A step on one device, in ms; measured on this one if not "
            "given"
        ),
    ] = None,
    dtype: Annotated[
        str | None, typer.Option(help="float32, mixed_bfloat16, mixed_float16")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A further argument of the variant, e.g. width=96",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, and nothing else")
    ] = False,
) -> None:
    """Counts what training costs, and predicts it on more devices.

    Each device has a batch of its own, and gradients are averaged after every
    phase of a step, while nothing else is done.
    """
    variant, numbers = find_variant(variant), read_devices(devices)
    import_keras()
    from keras_gans import planning

    link = planning.Link(link_gbps, link_latency_us)
    gan = build_gan(
        variant,
        {
            "image_shape": (resolution, resolution, channels),
            **({"dtype": dtype} if dtype else {}),
            **read_settings(settings or []),
        },
    )
    compile_gan(gan, [])
    seconds = None if step_ms is None else step_ms / 1000
    plan = planning.plan(gan, numbers, batch_size, link, seconds)
    if as_json:
        console().print(json.dumps(plan.to_dict(), indent=1))
    else:
        print_plan(plan, measured=step_ms is None)


def read_devices(text: str) -> list[int]:
    """Reads numbers of devices.

    Args:
        text: "8", "1,2,6", or "1..256" for both and the powers of two between.

    Returns:
        The numbers.

    Raises:
        ValueError: For what is no such text, and for numbers below 1.
    """
    ends = re.fullmatch(r"(\d+)\.\.(\d+)", text)
    numbers = []
    if ends:
        first, last = map(int, ends.groups())
        powers = [2**i for i in range(last.bit_length())]
        numbers = sorted({first, *(n for n in powers if first < n), last})
    elif re.fullmatch(r"\d+(,\d+)*", text):
        numbers = [int(number) for number in text.split(",")]
    if not numbers or min(numbers) < 1 or (ends and first > last):
        raise ValueError(
            "--devices takes numbers from 1 on: 8, or 1,2,6, or 1..256. "
            f"Received: {text!r}"
        )
    return numbers


def print_plan(plan: Any, measured: bool) -> None:
    """Prints a plan as two tables.

    Args:
        plan: A `keras_gans.planning.Plan`.
        measured: Whether the step's time was measured here.
    """
    shape = "x".join(map(str, plan.image_shape))
    speed = plan.training_flops * plan.batch_size / plan.step_seconds
    print_table(
        (
            f"{plan.variant} {shape}",
            "parameters",
            "FLOP an image, forward",
            "FLOP an image, training",
            "steps",
            "activations an image",
        ),
        [
            *(
                (
                    player.name,
                    f"{player.parameters:,}",
                    with_unit(player.forward_flops),
                    with_unit(player.training_flops),
                    player.steps,
                    with_unit(player.activation_bytes, "B"),
                )
                for player in plan.players
            ),
            (
                "a whole step",
                f"{sum(p.parameters for p in plan.players):,}",
                None,
                with_unit(plan.training_flops),
                sum(p.steps for p in plan.players),
                with_unit(plan.activation_bytes, "B"),
            ),
        ],
    )
    console().print(
        f"One device: {1000 * plan.step_seconds:,.1f} ms a step of "
        f"{plan.batch_size} images"
        f"{', measured' * measured} ({plan.dtype} on {plan.backend}), "
        f"{with_unit(speed, 'FLOP/s')}"
    )
    print_table(
        (
            "devices",
            "batch",
            "sent",
            "ms sending",
            "ms a step",
            "images/s",
            "efficiency",
        ),
        [
            (
                s.devices,
                f"{s.devices * plan.batch_size:,}",
                with_unit(s.bytes_sent, "B"),
                f"{1000 * s.communication_seconds:,.1f}",
                f"{1000 * s.step_seconds:,.1f}",
                f"{s.devices * plan.batch_size / s.step_seconds:,.0f}",
                f"{s.efficiency:.1%}",
            )
            for s in plan.scales
        ],
        title=f"Links of {plan.link.gbps:g} Gbit/s and "
        f"{plan.link.latency_us:g} us",
    )


def with_unit(value: float, unit: str = "FLOP") -> str:
    """Returns a number with three digits and a unit, as "1.23 GFLOP"."""
    prefix = 0
    while value >= 999.5 and prefix < len(PREFIXES) - 1:
        value, prefix = value / 1000, prefix + 1
    return f"{value:.3g} {PREFIXES[prefix]}{unit}"
