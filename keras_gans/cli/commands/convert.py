"""keras-gans convert."""

from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli.output import print_table
from keras_gans.cli.quiet import import_keras


def convert(
    file: Annotated[
        Path,
        typer.Argument(
            help="A .pth file of Real-ESRGAN, ESRGAN or leftthomas' SRGAN, or "
            "ncnn's .param or .bin"
        ),
    ],
    out: Annotated[Path, typer.Argument(help="The preset's folder, a new one")],
    dtype: Annotated[
        str, typer.Option(help="float32, or float16 to halve the preset")
    ] = "float32",
) -> None:
    """Makes a preset of weights that others published.

    No file can run code. What it holds follows from its layers.
    """
    import_keras()
    from keras_gans import presets

    gan = presets.convert(file, out, dtype)
    print_table(
        (f"{type(gan).__name__} x{gan.scale}", "what it is"),
        [
            (
                "parameters of the generator",
                f"{gan.generator.count_params():,}",
            ),
            ("channels of its images", gan.image_shape[-1]),
            ("receptive field in pixels of the inputs", gan.receptive_field),
            ("preset", out),
        ],
    )
