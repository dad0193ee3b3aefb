"""A server of one GAN, by REST and by gRPC."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

from keras_gans.serving import application, calls
from keras_gans.serving.connections import watched
from keras_gans.serving.generator import Generator, Limits
from keras_gans.serving.planes import GeneratorModel, planes

GRACE = 10.0
"""Seconds that requests get to end, once the server is to stop."""


class Server:
    """A server of one GAN.

    Args:
        gan: The GAN.
        name: The model's name in addresses.
        host: The address to listen on.
        port: The port of REST; 0 for any that is free.
        grpc_port: The port of gRPC; 0 for any that is free, None for no gRPC.
        limits: What is allowed.

    Attributes:
        url: The address of REST, once it has started.
        grpc_address: That of gRPC, or None.

    Raises:
        OSError: Where a port is taken, or the address is not this machine's.
    """

    def __init__(
        self,
        gan: Any,
        name: str = "generator",
        host: str = "127.0.0.1",
        port: int = 8501,
        grpc_port: int | None = 8500,
        limits: Limits | None = None,
    ):
        self.limits = limits or Limits()
        self.host, self.name, self.grpc_port = host, name, grpc_port
        self.socket = _listen(host, port)
        self.url = f"http://{_shown(host)}:{self.socket.getsockname()[1]}"
        self.grpc_address: str | None = None
        self.generator = Generator(gan, self.limits)
        self.model = GeneratorModel(name, self.generator)

    async def run(self, stop: asyncio.Event, started: Any = None) -> None:
        """Serves until it is told to stop; what was asked is still answered.

        Args:
            stop: Set to stop it.
            started: Called once it serves.
        """
        data, fixed = planes(self.model)
        config = uvicorn.Config(
            application.build(data, fixed, self.limits),
            http=watched(self.limits.seconds),
            ws="none",
            lifespan="off",
            log_config=None,  # or it would close the handlers of others
            log_level="error",
            access_log=False,
            server_header=False,
            limit_concurrency=self.limits.connections,
            timeout_keep_alive=65,
            timeout_graceful_shutdown=int(GRACE),
        )
        rest = _Rest(config)
        remote = self._start_grpc(data, fixed)
        await asyncio.to_thread(self.generator.warm_up)
        if remote is not None:
            await remote.start()
        self.model.ready = True
        serving = asyncio.create_task(rest.serve(sockets=[self.socket]))
        while not rest.started and not serving.done():
            await asyncio.sleep(0.01)
        if started is not None:
            started()
        await stop.wait()
        self.model.stop()  # not ready: nothing new is sent here
        rest.should_exit = True
        if remote is not None:
            await remote.stop(GRACE)
        await serving
        await asyncio.to_thread(self.generator.batcher.close)

    def _start_grpc(self, data: Any, fixed: Any) -> Any:
        if self.grpc_port is None:
            return None
        remote = calls.build(data, fixed, self.limits)
        address = f"{_shown(self.host)}:{self.grpc_port}"
        try:
            port = remote.add_insecure_port(address)
        except RuntimeError as error:
            raise OSError(
                f"The port of gRPC cannot be had. Received: {address}"
            ) from error
        self.grpc_address = f"{_shown(self.host)}:{port}"
        return remote


class _Rest(uvicorn.Server):
    """uvicorn's server, which leaves signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise OSError(
            f"The port cannot be had: {os.strerror(error.errno or 0)}. "
            f"Received: {host}:{port}"
        ) from error


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
