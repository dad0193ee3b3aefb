"""keras-gans serve."""

from typing import Annotated, Any

import typer

from keras_gans.cli import options
from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset
from keras_gans.cli.quiet import import_keras


def serve(
    preset: options.AnyPreset,
    host: options.Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of REST; 0 for any")
    ] = 8501,
    grpc_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of gRPC; 0 for any")
    ] = 8500,
    name: Annotated[
        str, typer.Option(help="The model's name in addresses")
    ] = "generator",
    batch: Annotated[
        int, typer.Option(min=1, max=256, help="Rows drawn at a time")
    ] = 32,
    wait: Annotated[
        float,
        typer.Option(min=0, help="Milliseconds that a part of a batch waits"),
    ] = 2.0,
    waiting: Annotated[
        int, typer.Option(min=1, help="Rows that may wait; more are refused")
    ] = 1024,
    megabytes: Annotated[
        int, typer.Option(min=1, help="Most of one request")
    ] = 16,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1, help="Seconds to send a request, and to be answered"
        ),
    ] = 30.0,
    reverse: options.Reverse = False,
) -> None:
    """Serves a GAN by REST (V1 and V2) and gRPC (V2), until Ctrl-C.

    The addresses and requests are those of TensorFlow Serving and of the Open
    Inference Protocol. Nobody is asked who they are: keep it on this machine,
    or behind a server that asks.
    """
    import_keras()
    from keras_gans import serving
    from keras_gans.data.optional import import_package

    import_package("kserve", serving.EXTRA)
    gan = load_preset(preset, reverse)
    from keras_gans.serving.generator import Limits

    limits = Limits(batch, wait / 1000, waiting, megabytes * 2**20, timeout)

    def started(server: Any) -> None:
        url, grpc = server.url, server.grpc_address
        console().print(f"REST: {url}/v1/models/{name}", soft_wrap=True)
        console().print(f"gRPC: {grpc}", soft_wrap=True)

    serving.serve(
        gan,
        started,
        name=name,
        host=host,
        port=port,
        grpc_port=grpc_port,
        limits=limits,
    )
    console().print("Stopped.")
