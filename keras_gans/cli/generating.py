"""Generating what the command line asks for."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.cli.reading.data import read_inputs, read_rows
from keras_gans.cli.training import first_channels
from keras_gans.data.generated import generate_carried
from keras_gans.pictures import check_samples, save_samples

BATCH = 256


@dataclasses.dataclass
class Request:
    """What is to be generated.

    Attributes:
        num: Number of rows.
        seed: Seed of what is drawn.
        given: What the generator takes and is given, by name.
        real: What it is to make, by name, where that is known.
        names: The names of the files that rows come from; none where all is
            drawn.
    """

    num: int
    seed: int
    given: dict[str, Any]
    real: dict[str, np.ndarray]
    names: list[str]

    def inputs_for(
        self, gan: Any, truncation: float | None
    ) -> dict[str, np.ndarray]:
        """Returns all that the generator takes, given or drawn."""
        return gan.inputs_for(
            self.num, self.seed, truncation=truncation, **self.given
        )

    def stems(self, gan: Any, inputs: dict[str, np.ndarray]) -> list[str]:
        """Returns the names of files without their ending, one for each row.

        They are those of the inputs' files, or else the seed and a number;
        with the name of the class, where classes have names.
        """
        drawn = [f"seed{self.seed}_{i:05d}" for i in range(self.num)]
        stems = self.names or drawn
        kind = gan.takes.get("labels")
        if getattr(kind, "names", None) is None:
            return stems
        classes = (kind.name_of(label) for label in inputs["labels"])
        words = (re.sub(r"[^\w-]+", "-", name) for name in classes)
        return [f"{stem}_{w}" for stem, w in zip(stems, words, strict=True)]


def read_request(
    gan: Any,
    num: int | None,
    seed: int,
    labels: str | None,
    inputs: list[str] | None,
    data: str | None,
) -> Request:
    """Reads what is to be generated.

    Args:
        gan: The GAN.
        num: Number of rows; None for those of the files, or 64.
        seed: Seed of what is drawn.
        labels: As `read_labels` takes them, or None.
        inputs: As `read_inputs` takes them, or None.
        data: As `read_rows` takes it, or None.
    """
    read, names = read_inputs(gan, inputs or [])
    given: dict[str, Any] = dict(read)
    real: dict[str, np.ndarray] = {}
    if data is not None:
        rows, real, names = read_rows(gan, data)
        given.update(rows)
    if names:
        num = min(num or len(names), len(names))
        given = {name: values[:num] for name, values in given.items()}
        real = {name: values[:num] for name, values in real.items()}
    num = num or 64
    if labels is not None:
        given["labels"] = read_labels(labels, gan, num)
    return Request(num, seed, given, real, names[:num])


def read_labels(text: str, gan: Any, num: int) -> list[Any]:
    """Reads classes separated by commas, and repeats them.

    Args:
        text: For instance "3" or "bag,coat".
        gan: The GAN, whose labels may have names.
        num: How many to return.

    Returns:
        Numbers of classes; the words themselves where the GAN takes none, for
        its error.

    Raises:
        ValueError: For an unknown class.
    """
    words: list[Any] = [word.strip() for word in text.split(",")]
    kind = gan.takes.get("labels")
    names = getattr(kind, "names", None) or []
    for i, word in enumerate(words):
        if word not in names and word.isdecimal():
            words[i] = int(word)
    if kind is not None:
        words = [kind.check(np.array([w], object))[0] for w in words]
    return [words[i % len(words)] for i in range(num)]


def batches(
    gan: Any, inputs: dict[str, np.ndarray], num: int, preset: str
) -> Iterator[dict[str, np.ndarray]]:
    """Yields carried values by the names of what is made, batch by batch."""
    for start in range(0, num, BATCH):
        rows = slice(start, start + BATCH)
        yield generate_carried(
            gan, {name: v[rows] for name, v in inputs.items()}, preset
        )


def write_sheet(
    path: Path,
    gan: Any,
    inputs: dict[str, Any],
    made: Iterator[dict[str, np.ndarray]],
    real: dict[str, Any],
    channels: tuple[int, ...] | None,
    columns: int | None = None,
) -> None:
    """Writes all in one picture."""
    channels = channels or first_channels(gan)
    check_samples(gan, channels)
    parts = list(made)
    whole = {
        name: np.concatenate([p[name] for p in parts]) for name in gan.makes
    }
    num = len(next(iter(whole.values())))
    padding = 0 if num == 1 else 2
    save_samples(
        path,
        gan,
        inputs,
        whole,
        real,
        channels=channels,
        padding=padding,
        columns=columns,
    )


def write_files(
    folder: Path,
    gan: Any,
    made: Iterator[dict[str, np.ndarray]],
    stems: list[str],
) -> None:
    """Writes a file for each row and output, named after both."""
    folder.mkdir(parents=True, exist_ok=True)
    left = iter(stems)
    for batch in made:
        rows = zip(*batch.values(), strict=True)
        for values, stem in zip(rows, left, strict=False):
            for name, value in zip(batch, values, strict=True):
                output = f"_{name}" if len(batch) > 1 else ""
                modality = gan.makes[name]
                path = folder / f"{stem}{output}{modality.suffix}"
                modality.write(path, value)
