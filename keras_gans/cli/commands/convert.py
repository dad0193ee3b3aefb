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
            "ncnn's .param or .bin; a state dictionary of "
            "stylegan2-ada-pytorch or rosinality's StyleGAN2 in a .pth, .npz "
            "or .safetensors file"
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
    rows = [
        ("parameters of the generator", f"{gan.generator.count_params():,}"),
        ("channels of its images", gan.image_shape[-1]),
    ]
    kind = type(gan).__name__
    if hasattr(gan, "scale"):
        title = f"{kind} x{gan.scale}"
        field = "receptive field in pixels of the inputs"
        rows.append((field, gan.receptive_field))
    else:
        height, width, _ = gan.image_shape
        title = f"{kind} of {height}x{width}"
        labels = gan.takes.get("labels")
        rows.append(("classes", labels.num_classes if labels else "none"))
    print_table((title, "what it is"), [*rows, ("preset", out)])
