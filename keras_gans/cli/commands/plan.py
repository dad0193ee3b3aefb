"""keras-gans plan."""

import inspect
import json
import re
from typing import Annotated

import typer

import keras_gans
from keras_gans.cli.building import (
    build_gan,
    compile_gan,
    find_variant,
    read_settings,
)
from keras_gans.cli.commands.plan_tables import print_plan
from keras_gans.cli.output import console
from keras_gans.cli.quiet import import_keras

Resolution = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Side of the images in pixels; the variant's own if not given",
    ),
]
Devices = Annotated[
    str,
    typer.Option(
        help="Numbers of devices: 8, or 1,2,6, or 1..256 for the powers of two"
    ),
]
StepTime = Annotated[
    float | None,
    typer.Option(
        help="Time of a step on one device, in ms; measured on this one "
        "if not given"
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A further argument of the variant, e.g. width=96",
    ),
]


def plan(
    variant: Annotated[
        str, typer.Argument(help="The kind of GAN: GAN, DCGAN, ...")
    ],
    resolution: Resolution = None,
    devices: Devices = "1..256",
    batch_size: Annotated[
        int, typer.Option(min=1, help="Rows of each device in a step")
    ] = 64,
    channels: Annotated[
        int, typer.Option(min=1, help="Channels of images of --resolution")
    ] = 3,
    link_gbps: Annotated[
        float, typer.Option(help="Speed from device to device, in Gbit/s")
    ] = 10.0,
    link_latency_us: Annotated[
        float, typer.Option(help="Microseconds from device to device")
    ] = 50.0,
    step_ms: StepTime = None,
    dtype: Annotated[
        str | None, typer.Option(help="float32, mixed_bfloat16, mixed_float16")
    ] = None,
    settings: Settings = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, and nothing else")
    ] = False,
) -> None:
    """Counts what training costs, and predicts it on more devices.

    Each device trains on a batch of its own. After each phase of a step the
    devices average its gradients, and do not compute meanwhile.
    """
    variant, numbers = find_variant(variant), read_devices(devices)
    import_keras()
    from keras_gans import planning

    link = planning.Link(link_gbps, link_latency_us)
    gan = build_gan(
        variant,
        {
            **image_shapes(variant, resolution, channels),
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


def image_shapes(
    variant: str, resolution: int | None, channels: int
) -> dict[str, tuple[int, int, int]]:
    """Returns the arguments of a variant that set the shape of its images.

    Args:
        variant: Its name.
        resolution: Side of the images in pixels; None for no arguments.
        channels: Number of their channels.

    Returns:
        (resolution, resolution, channels) for each argument that ends in
        "_shape".

    Raises:
        ValueError: If a resolution is given to a variant without images.
    """
    if resolution is None:
        return {}
    names = inspect.signature(getattr(keras_gans, variant).__init__).parameters
    shapes = [name for name in names if name.endswith("_shape")]
    if not shapes:
        raise ValueError(
            f"{variant} has no images whose size could be set; --set takes "
            f"its arguments. Received: --resolution {resolution}"
        )
    return dict.fromkeys(shapes, (resolution, resolution, channels))


def read_devices(text: str) -> list[int]:
    """Reads numbers of devices.

    Args:
        text: "8", "1,2,6", or "1..256" for both and the powers of two between.

    Returns:
        The numbers.

    Raises:
        ValueError: For any other text, and for numbers below 1.
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
