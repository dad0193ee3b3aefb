"""keras-gans advise."""

from typing import Annotated

import typer

from keras_gans.cli.commands import train_options
from keras_gans.cli.output import console, print_table
from keras_gans.cli.quiet import import_keras


def advise(
    data: Annotated[
        str, typer.Argument(help="A folder of images, or as --data of `train`")
    ],
    hours: Annotated[
        float, typer.Option(help="Hours that training may take")
    ] = 1.0,
    image_size: Annotated[
        int | None,
        typer.Option(min=1, help="Side in pixels; 64 or 32 if not given"),
    ] = None,
    channels: train_options.Channels = None,
    split: train_options.Split = None,
    corrupt: train_options.Corrupt = None,
) -> None:
    """Says which GAN to train on your images, and how long that takes here.

    It looks at the number of images, their size and their classes, and
    measures the time of a step on this machine.
    """
    import_keras()
    from keras_gans import planning
    from keras_gans.cli.reading.data import open_data
    from keras_gans.data import ImageSource
    from keras_gans.models import DCGAN

    size = image_size or planning.advice.SIZES[0]
    options = {"image_size": size, "channels": channels, "split": split}
    source = open_data(DCGAN, data, {**options, "corrupt": corrupt})
    if not isinstance(source, ImageSource):
        raise ValueError(f"Advice is about images. Received: {source!r}")
    report = source.report()
    print_table(("", "the data"), report.facts().items())
    console().print("Measuring a step on this machine ...")
    advice = planning.advise(
        len(source),
        source.image_shape[2],
        report.classes.get("labels"),
        image_size,
        hours,
    )
    print_table(
        ("", "advice", "because"),
        [(c.name, c.value, c.why) for c in advice.choices],
    )
    minutes = advice.seconds / 60
    console().print(
        f"{1 / advice.step_seconds:.3g} steps of {advice.batch_size} images a "
        f"second here: {minutes:,.0f} minutes for {advice.epochs:,} epochs, "
        "besides pictures and scores.\n"
        "With --flip too, where a mirrored image could be one of yours "
        "(faces, not letters).\n\n"
        f"{advice.command(data, 'runs/mine')}"
    )
