"""Limits: what a preset from elsewhere may cost before it is refused."""

import contextlib
import dataclasses
import math
import threading
from collections.abc import Iterator
from typing import Any

import keras

JSON_BYTES = 2**24
"""The most bytes of `config.json` and of `metadata.json`."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a preset may cost before it is refused.

    ```python
    limits = keras_gans.presets.Limits(bytes=8 * 2**30)
    gan = keras_gans.AdversarialModel.from_preset(url, limits=limits)
    ```

    Attributes:
        bytes: The most bytes of its files, as they are downloaded and as
            they are unpacked.
        members: The most files and folders in an archive.
        parameters: The most weights in its file, averages included.
        seconds: The longest time to download it.
    """

    bytes: int = 2**30
    members: int = 1000
    parameters: int = 500_000_000
    seconds: float = 3600.0

    def check_bytes(self, num: int, origin: object) -> None:
        """Refuses too many bytes.

        Args:
            num: The number of bytes, or that of a part of them.
            origin: Where they come from, for the message.

        Raises:
            ValueError: For more than `bytes`.
        """
        if num > self.bytes:
            raise ValueError(
                f"The preset must have at most {self.bytes:,} bytes; "
                "`limits=keras_gans.presets.Limits(bytes=...)` allows more. "
                f"Received: {origin} of {num:,} bytes or more"
            )


_LOCK = threading.RLock()


@contextlib.contextmanager
def weight_budget(most: int, origin: object) -> Iterator[None]:
    """Refuses to add more weights to layers, before memory is taken.

    Args:
        most: The number of weights that this thread may add.
        origin: What asks for them, for the message.

    Raises:
        ValueError: In the layer that asks for too many.
    """
    thread, spent = threading.get_ident(), 0

    def add_weight(self: Any, shape: Any = None, *args: Any, **kwargs: Any):
        nonlocal spent
        if threading.get_ident() == thread:
            spent += math.prod(shape or ())
            if spent > most:
                raise ValueError(
                    f"The configuration asks for more than {most:,} weights. "
                    f"Received: {origin}, whose layer {self.name!r} wants "
                    f"one of shape {tuple(shape)}"
                )
        return original(self, shape, *args, **kwargs)

    layer: Any = keras.layers.Layer
    with _LOCK:
        original = layer.add_weight
        layer.add_weight = add_weight
        try:
            yield
        finally:
            layer.add_weight = original
