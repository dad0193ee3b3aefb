"""A server of a GAN by REST and gRPC, on kserve."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from keras_gans.data.optional import import_package

EXTRA = '"keras-gans[serving]"'
"""What pip installs for it."""


def serve(
    gan: Any,
    started: Callable[[Any], None] = lambda server: None,
    **options: Any,
) -> None:
    """Serves a GAN until SIGINT or SIGTERM; what was asked is still answered.

    Args:
        gan: The GAN.
        started: Called with the `Server` once it serves.
        **options: As in `keras_gans.serving.server.Server`.

    Raises:
        ImportError: Where kserve is not installed, with the line that does.
        OSError: Where a port cannot be had.
    """
    import_package("kserve", EXTRA)
    from keras_gans.serving.server import Server

    server = Server(gan, **options)

    async def run() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        await server.run(stop, lambda: started(server))

    asyncio.run(run())
