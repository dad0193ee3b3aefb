"""keras-gans plan."""

import inspect
import json
import re
from typing import Annotated

import typer

from keras_gans.cli import options
from keras_gans.cli.building import (
    build_gan,
    compile_gan,
    find_variant,
    read_settings,
    variant_class,
)
from keras_gans.cli.commands.planning.tables import print_plan
from keras_gans.cli.output import console
from keras_gans.cli.quiet import import_keras

ImageSize = Annotated[
    str | None,
    typer.Option(
        "--image-size",
        "--resolution",
        metavar="SIDE|HEIGHTxWIDTH",
        help="Size of the images in pixels; the variant's own if not given",
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


def plan(
    variant: options.Variant,
    image_size: ImageSize = None,
    devices: Devices = "1..256",
    batch_size: Annotated[
        int, typer.Option(min=1, help="Rows of each device in a step")
    ] = 64,
    channels: Annotated[
        int, typer.Option(min=1, help="Channels of images of --image-size")
    ] = 3,
    link_gbps: Annotated[
        float, typer.Option(help="Speed from device to device, in Gbit/s")
    ] = 10.0,
    link_latency_us: Annotated[
        float, typer.Option(help="Microseconds from device to device")
    ] = 50.0,
    step_ms: StepTime = None,
    dtype: options.Dtype = None,
    settings: options.Settings = None,
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
    from keras_gans.cli.reading.option_values import read_size

    link = planning.Link(link_gbps, link_latency_us)
    gan = build_gan(
        variant,
        {
            **image_shapes(
                variant_class(variant), read_size(image_size), channels
            ),
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
    variant: type, size: int | tuple[int, int] | None, channels: int
) -> dict[str, tuple[int, int, int]]:
    """Returns the arguments of a variant that set the shape of its images.

    Args:
        variant: Its class.
        size: Side of the images in pixels, or (height, width); None for no
            arguments.
        channels: Number of their channels.

    Returns:
        (height, width, channels) for each argument that ends in "_shape".

    Raises:
        ValueError: If a size is given to a variant without images.
    """
    if size is None:
        return {}
    height, width = (size, size) if isinstance(size, int) else size
    names = inspect.signature(variant.__init__).parameters  # type: ignore[misc]
    shapes = [name for name in names if name.endswith("_shape")]
    if not shapes:
        raise ValueError(
            f"{variant.__name__} has no images whose size could be set; --set "
            f"takes its arguments. Received: --image-size {height}x{width}"
        )
    return dict.fromkeys(shapes, (height, width, channels))


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
