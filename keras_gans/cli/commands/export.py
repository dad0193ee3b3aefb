"""keras-gans export."""

from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli import options
from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset

Examples = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[NAME=]FOLDER",
        help="For int8: some hundred of the pictures that an image-to-image "
        "generator will see",
    ),
]


def export(
    preset: Annotated[
        str,
        typer.Argument(help="A preset's name, folder or URL, or a run's --out"),
    ],
    out: Annotated[
        Path, typer.Argument(help="A folder, or a .tflite or .onnx file")
    ],
    format: Annotated[
        str | None,
        typer.Option(
            help="tf_saved_model, litert, onnx, openvino or web; taken from "
            "the ending of OUT if not given"
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(min=1, help="Rows at a time; any number if not given"),
    ] = None,
    quantize: Annotated[
        str | None, typer.Option(help="float16 halves a LiteRT file")
    ] = None,
    verify: Annotated[
        bool, typer.Option(help="Run the export and compare with Keras")
    ] = True,
    part: Annotated[
        str | None,
        typer.Option(
            help="A network of the generator: mapping or synthesis of a "
            "StyleGAN2, say, whose noise is fixed; noisy_synthesis or "
            "noisy_generator take noise as an input"
        ),
    ] = None,
    web_runtime: Annotated[
        Path | None,
        typer.Option(
            help="For web: the folder of npm's onnxruntime-web; node_modules "
            "here or above if not given"
        ),
    ] = None,
    examples: Examples = None,
    reverse: options.Reverse = False,
) -> None:
    """Exports a GAN's generator, and compares it with Keras.

    The export runs in the runtime of its users: TensorFlow, LiteRT, ONNX
    Runtime or OpenVINO. A page (--format web) holds all that it needs: serve
    its folder.
    """
    gan = load_preset(preset, reverse)
    from keras_gans.cli.reading.data import read_inputs
    from keras_gans.exporting import FORMATS

    suffixes = {f.suffix: name for name, f in FORMATS.items() if f.suffix}
    format = format or suffixes.get(out.suffix, "tf_saved_model")
    rows = read_inputs(gan, examples)[0] if examples else None
    given = (format, batch_size, verify, quantize, part, web_runtime, rows)
    try:
        report = gan.export(out, *given)
    except RuntimeError as error:  # one line, as for other users' errors
        raise OSError(str(error)) from error
    console().print(str(report))
