"""WAV files, by the standard library alone."""

import math
import wave
from os import PathLike

import numpy as np


def check_wav(path: str | PathLike) -> tuple[int, int, int]:
    """Reads a WAV file wholly and returns its samples, channels and rate.

    Raises:
        Exception: Where it is damaged, empty or of another encoding than PCM.
    """
    samples, rate = read_wav(path)
    if not len(samples):
        raise ValueError("it holds no samples")
    return *samples.shape, rate


def read_wav(
    path: str | PathLike, seconds: float | None = None
) -> tuple[np.ndarray, int]:
    """Reads a WAV file of 8, 16, 24 or 32 bits PCM.

    Args:
        path: The file.
        seconds: How much to read from the start; None for all.

    Returns:
        The samples, int16 (n, channels), where more bits are rounded; and the
        number of samples a second.

    Raises:
        ValueError: Where it is shorter than its header says.
        wave.Error: Where it is of another encoding.
    """
    with wave.open(str(path), "rb") as file:
        channels, width, rate, length = file.getparams()[:4]
        if seconds is not None:
            length = min(length, math.ceil(seconds * rate))
        data = file.readframes(length)
    if len(data) != length * channels * width:
        raise ValueError(
            f"the header says {length} samples, and there are "
            f"{len(data) // (channels * width)}"
        )
    return _to_int16(data, width).reshape(length, channels), rate


def _to_int16(data: bytes, width: int) -> np.ndarray:
    if width == 1:  # the only width without a sign
        return (np.frombuffer(data, "uint8").astype("int16") - 128) * 256
    if width == 2:
        return np.frombuffer(data, "<i2").astype("int16")
    # The upper bytes of each little-endian number, rounded by the next one.
    values = np.frombuffer(data, "uint8").reshape(-1, width)[:, -3:]
    high = np.ascontiguousarray(values[:, 1:]).view("<i2")[:, 0].astype("int32")
    return np.minimum(high + (values[:, 0] >> 7), 32767).astype("int16")


def change_rate(samples: np.ndarray, rate: int, new_rate: int) -> np.ndarray:
    """Resamples sounds from one rate to another.

    Args:
        samples: Values (n, channels).
        rate: Their samples a second.
        new_rate: The samples a second that are wanted.

    Returns:
        Float values (m, channels), filled up with silence to at least
        n * new_rate / rate samples.
    """
    # Lengths whose ratio is exactly that of the rates: else sounds drift.
    step = rate // math.gcd(rate, new_rate)
    length = -(-len(samples) // step) * step
    samples = np.pad(samples, ((0, length - len(samples)), (0, 0)))
    return resample(samples, length * new_rate // rate)


def resample(samples: np.ndarray, length: int) -> np.ndarray:
    """Resamples sounds to another number of samples, by their spectrum.

    Frequencies that the new rate cannot hold are cut off.

    Args:
        samples: Float values (n, channels).
        length: The number of samples that is wanted.

    Returns:
        Float values (length, channels).
    """
    spectrum = np.fft.rfft(samples, axis=0)
    shorter = min(len(samples), length)
    spectrum = spectrum[: shorter // 2 + 1] * (length / len(samples))
    if shorter % 2 == 0 and length != len(samples):
        # The highest frequency stands for two in the longer spectrum.
        spectrum[-1] *= 2.0 if length < len(samples) else 0.5
    return np.fft.irfft(spectrum, length, axis=0)
