"""A folder of sounds."""

import numbers
import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from keras_gans.data.audio.wav import change_rate, check_wav, read_wav
from keras_gans.data.folders import Files, find_files
from keras_gans.data.source import Source
from keras_gans.data.splits import split_folder
from keras_gans.modalities import Audio, ClassLabel, Modality

MARGIN = 0.01
"""Seconds to read more, so that a cut is not heard once it is resampled."""


class SoundFiles(Source):
    """WAV files, read when they are needed.

    Args:
        files: The files; the facts of each are its samples, channels and
            rate.
        audio: The length, rate and channels of the sounds.

    Attributes:
        paths: The paths of the files.
        skipped: The paths of the files that cannot be read.
        labels: The class of each file, an int array (N,), or None.
        class_names: The names of the classes, or None.
    """

    def __init__(self, files: Files, audio: Audio):
        self.name = files.folder.resolve().name
        self.paths = files.paths
        self.skipped = files.skipped
        self.audio = audio
        self.modalities: dict[str, Modality] = {"audio": audio}
        self.class_names: list[str] | None = None
        self.labels: np.ndarray | None = None
        if classes := files.classes():
            names, self.labels = classes
            self.class_names = names
            self.modalities["labels"] = ClassLabel(len(names), names)

    def __len__(self) -> int:
        return len(self.paths)

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads sounds, and their labels where there are labels."""
        indices = np.asarray(indices)
        rows = {}
        if names is None or "audio" in names:
            paths = [self.paths[i] for i in indices]
            with ThreadPoolExecutor(min(os.cpu_count() or 1, 32)) as pool:
                sounds = list(pool.map(self._read, paths))
            shape = (-1, *self.audio.shape)
            rows["audio"] = np.array(sounds, "int16").reshape(shape)
        if self.labels is not None and (names is None or "labels" in names):
            rows["labels"] = self.labels[indices]
        return rows

    def in_memory(self, name: str) -> np.ndarray | None:
        """Returns the labels; see `Source.in_memory`."""
        return self.labels if name == "labels" else None

    def _read(self, path: Path) -> np.ndarray:
        length, channels = self.audio.shape
        seconds = length / self.audio.rate + MARGIN
        try:
            samples, rate = read_wav(path, seconds)
        except Exception as error:
            raise OSError(
                f"A sound of {self.name} cannot be read ({error}). "
                f"Received: {path}"
            ) from error
        samples = fit_channels(samples, channels)
        if rate != self.audio.rate:
            samples = change_rate(samples, rate, self.audio.rate)
        if samples.dtype != np.int16:
            samples = np.clip(np.rint(samples), -32768, 32767).astype("int16")
        out = np.zeros((length, channels), "int16")
        out[: len(samples)] = samples[:length]
        return out


def fit_channels(samples: np.ndarray, channels: int) -> np.ndarray:
    """Returns samples (n, c) as (n, channels).

    One channel is repeated, and several make one by their mean.
    """
    if channels == 1 < samples.shape[1]:
        return samples.mean(axis=1, keepdims=True)
    return np.broadcast_to(samples, (len(samples), channels))


def sounds(
    folder: str | os.PathLike,
    length: int,
    rate: int | None = None,
    channels: int = 1,
    split: str = "train",
    corrupt: str = "error",
) -> SoundFiles:
    """Makes a source of the WAV files under a folder.

    Where every file lies in a sub-folder, and there are at least two of
    those, they are the classes. Every file is read once at the start, so that
    a damaged one shows before training.

    Args:
        folder: The folder of WAV files of 8, 16, 24 or 32 bits PCM.
        length: Number of samples of each sound. Longer files are cut at their
            end, shorter ones end in silence.
        rate: Samples a second; files of other rates are resampled. None where
            all files have one rate.
        channels: 1 for the mean of a file's channels, or their number; a file
            of one channel is repeated.
        split: "train", or another split that the folder has as a sub-folder.
        corrupt: "error" to refuse a folder with unreadable files, "skip" to
            leave them out; either way they are named.

    Returns:
        A source of int16 `audio` (length, channels), and of `labels` where
        there are classes.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: Where it holds no WAV files, unreadable ones, or files of
            several rates and no `rate` was given; for files of another number
            of channels; for wrong arguments.

    Example:
    ```python
    drums = keras_gans.data.sounds("drums", length=16_384)
    ```
    """
    for name, value in (("length", length), ("channels", channels)):
        _check_count(name, value)
    if rate is not None:
        _check_count("rate", rate)
    path = split_folder(Path(folder), split)
    files = find_files(path, (".wav",), check_wav, corrupt, "sounds")
    rates = sorted({facts[2] for facts in files.facts})
    if rate is None and len(rates) > 1:
        raise ValueError(
            "The sounds differ in their rate: give `rate`. "
            f"Received: {path} with {rates} samples a second"
        )
    for file, (_, own, _) in zip(files.paths, files.facts, strict=True):
        if channels != 1 and own not in (1, channels):
            raise ValueError(
                f"`channels` must be 1 or the number of the files' channels. "
                f"Received: channels={channels}, and {file} with {own}"
            )
    return SoundFiles(files, Audio(length, rate or rates[0], channels))


def _check_count(name: str, value: int) -> None:
    if not isinstance(value, numbers.Integral) or value < 1:
        raise ValueError(
            f"`{name}` must be a whole number, at least 1. Received: {value!r}"
        )
