"""keras-gans app."""

from typing import Annotated

import typer

from keras_gans.cli import options
from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset
from keras_gans.cli.quiet import import_keras


def show_app(
    preset: options.AnyPreset,
    host: options.Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 for any")
    ] = 7860,
    reverse: options.Reverse = False,
) -> None:
    """Shows a GAN in a browser: images, walks, photographs; until Ctrl-C.

    The page is this machine's alone unless --host says otherwise, and asks
    nobody else for anything.
    """
    import_keras()
    from keras_gans import app
    from keras_gans.data.optional import import_package

    import_package("gradio", app.EXTRA)
    gan = load_preset(preset, reverse)
    app.launch(gan, preset, host, port, lambda url: console().print(url))
