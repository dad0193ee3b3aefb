"""Audio: waveforms of one length."""

import wave
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from keras_gans.modalities.modality import Modality

PICTURE = (64, 128)
"""Height and width of the picture of a waveform, in pixels."""


class Audio(Modality):
    """Waveforms: int16 in files and feeds, float32 in [-1, 1] on the device.

    Args:
        length: Number of samples.
        rate: Samples a second.
        channels: Number of channels.
    """

    suffix = ".wav"

    def __init__(self, length: int, rate: int = 16_000, channels: int = 1):
        self.shape = (int(length), int(channels))
        self.rate = int(rate)

    @property
    def length(self) -> int:
        """Number of samples."""
        return self.shape[0]

    @property
    def channels(self) -> int:
        """Number of channels."""
        return self.shape[1]

    def check(self, values: Any, name: str = "audio") -> np.ndarray:
        """Checks waveforms (N, length, channels): int16, or float in [-1, 1].

        A waveform of one channel may come as (N, length).

        Raises:
            ValueError: For another shape, type or range, and for values that
                are not finite.
        """
        values = np.asarray(values)
        if values.ndim == 2 and self.shape[1] == 1:
            values = values[..., None]
        if values.shape[1:] != self.shape:
            raise ValueError(
                f"`{name}` must have the shape (N, {self._sizes()}). "
                f"Received: shape {values.shape}"
            )
        if values.dtype == np.int16:
            return values
        # NaN fails both comparisons.
        in_range = values.size and np.abs(values).max() <= 1.0
        if values.dtype.kind != "f" or not in_range:
            raise ValueError(
                f"`{name}` must be int16 or float in [-1, 1]. "
                f"Received: {values.dtype}, or values outside of that range"
            )
        return values.astype("float32")

    def carry(self, values: Any) -> np.ndarray:
        """Rounds waveforms to int16, as a WAV file holds them."""
        values = np.asarray(values)
        if values.dtype == np.int16:
            return values
        return np.rint(np.clip(values, -1.0, 1.0) * 32767.0).astype("int16")

    def to_device(self, values: Any) -> Any:
        """Maps int16 to float32 in [-1, 1]; float waveforms pass."""
        is_int16 = "int16" in str(values.dtype)
        values = ops.cast(values, "float32")
        return values / 32767.0 if is_int16 else values

    def pictures(self, values: Any) -> np.ndarray:
        """Draws waveforms (N, length, channels) in black on white."""
        waves = self.carry(values).astype("float32").mean(-1) / 32767.0
        height, width = PICTURE
        columns = np.array_split(waves, min(width, waves.shape[1]), axis=1)
        low = np.stack([c.min(1) for c in columns], 1)
        high = np.stack([c.max(1) for c in columns], 1)
        rows = np.linspace(1.0, -1.0, height)[None, :, None]
        half = 1.0 / height  # a line that is one pixel thick at least
        inside = (rows >= low[:, None] - half) & (rows <= high[:, None] + half)
        return np.where(inside, 0, 255).astype("uint8")[..., None]

    def write(self, path: Path, value: np.ndarray) -> None:
        """Writes one waveform to a WAV file of 16 bits."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(self.shape[1])
            file.setsampwidth(2)
            file.setframerate(self.rate)
            file.writeframes(self.carry(value).astype("<i2").tobytes())

    def describe(self) -> str:
        """Returns length and rate in words."""
        return f"waveforms of {self.shape[0]} samples at {self.rate} Hz"
