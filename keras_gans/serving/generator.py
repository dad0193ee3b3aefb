"""A GAN that answers requests."""

import asyncio
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.serving.batching import Batcher, Made
from keras_gans.serving.pictures import encode, is_picture
from keras_gans.serving.requests import (
    Request,
    joined,
    most_rows,
    read_request,
)

SIGNATURES = ("serving_default", "generate", "generate_png")
"""What is answered, as of a SavedModel: float32 values in [-1, 1]; values as
files hold them, for instance uint8 images; or PNG files."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a server allows.

    Attributes:
        batch: Rows that are drawn at a time.
        wait: Seconds that a batch which is not full waits for more.
        waiting: Rows that may wait; beyond them a request is refused.
        bytes: Bytes of a request.
        seconds: What a client may take to send a request, and what it waits
            for the answer.
        connections: Connections and calls at a time.
    """

    batch: int = 32
    wait: float = 0.002
    waiting: int = 1024
    bytes: int = 16 * 2**20
    seconds: float = 30.0
    connections: int = 256


class Generator:
    """Answers requests with what a GAN generates.

    Args:
        gan: The GAN.
        limits: What is allowed.
    """

    def __init__(self, gan: Any, limits: Limits | None = None):
        self.gan, self.limits = gan, limits or Limits()
        self.batcher = Batcher(
            self._run,
            self.limits.batch,
            self.limits.wait,
            self.limits.waiting,
        )

    def warm_up(self) -> None:
        """Compiles the network, so that the first request does not wait."""
        rng = np.random.default_rng(0)
        sizes = {_padded(rows) for rows in range(1, self.limits.batch + 1)}
        # Elsewhere the second size leaves the number of rows open.
        for rows in sorted(sizes if _pads() else sizes & {1, 2}):
            inputs = {n: m.noise(rows, rng) for n, m in self.gan.takes.items()}
            self.batcher.submit(Request(inputs)).result()

    async def answer(
        self, signature: str, given: Sequence[Mapping[str, Any]]
    ) -> Made:
        """Answers requests, which become one.

        Args:
            signature: One of `SIGNATURES`.
            given: Requests as `read_request` takes them, of the same kind.

        Returns:
            What is made (N, ...), by name; for PNG files objects (N,) by
            names that end in "_bytes".

        Raises:
            ValueError: For whatever a request does wrong.
            BusyError: Where too much waits.
            TimeoutError: Where it takes too long.
        """
        request = await asyncio.to_thread(self._read, signature, given)
        drawn = asyncio.wrap_future(self.batcher.submit(request))
        try:
            made = await asyncio.wait_for(drawn, self.limits.seconds)
        except asyncio.TimeoutError as error:
            raise TimeoutError(
                f"The answer took more than {self.limits.seconds:g} s. "
                f"Received: {request.rows} rows"
            ) from error
        return await asyncio.to_thread(self._write, signature, made)

    def _read(
        self, signature: str, given: Sequence[Mapping[str, Any]]
    ) -> Request:
        if signature not in SIGNATURES:
            raise ValueError(
                f"The signature is one of {SIGNATURES}. Received: {signature!r}"
            )
        strange = [n for n, m in self.gan.makes.items() if not is_picture(m)]
        if signature == "generate_png" and strange:
            raise ValueError(
                f"PNG files hold pictures of 1, 3 or 4 channels, not "
                f"{', '.join(strange)}. Received: signature {signature!r}"
            )
        requests = [read_request(self.gan, each) for each in given]
        if len({request.kind for request in requests}) != 1:
            raise ValueError(
                "Instances must be at least one, and alike. "
                f"Received: {[list(each) for each in given[:5]]}"
            )
        whole, most = joined(requests), most_rows(self.gan)
        if whole.rows > most:
            raise ValueError(
                f"A request gets {most} rows at most. Received: {whole.rows}"
            )
        return whole

    def _write(self, signature: str, made: Made) -> Made:
        if not all(np.isfinite(values).all() for values in made.values()):
            raise ValueError(
                "What the generator makes of it is not finite. Received: "
                "latents far from those of training, or a GAN that diverged"
            )
        if signature == "serving_default":
            return made
        makes = self.gan.makes
        carried = {name: makes[name].carry(v) for name, v in made.items()}
        if signature == "generate":
            return carried
        return {f"{n}_bytes": encode(v, makes[n]) for n, v in carried.items()}

    def _run(self, inputs: Made) -> Made:
        num = len(next(iter(inputs.values())))
        if _pads():
            rows = np.arange(_padded(num)) % num
            inputs = {name: values[rows] for name, values in inputs.items()}
        made = self.gan.generate_from(inputs, max(1, self._most(inputs)))
        return {name: values[:num] for name, values in made.items()}

    def _most(self, inputs: Made) -> int:
        """Returns rows at a time: fewer of large pictures of any size."""
        pixels = max(
            (int(np.prod(v.shape[1:3])) for v in inputs.values() if v.ndim > 3),
            default=1,
        )
        return min(self.limits.batch, 2**20 // pixels)


def _pads() -> bool:
    """Returns whether each size of batch is compiled by itself."""
    return keras.backend.backend() == "jax"


def _padded(rows: int) -> int:
    """Returns the next power of two: few sizes are compiled."""
    return 1 << (rows - 1).bit_length()
