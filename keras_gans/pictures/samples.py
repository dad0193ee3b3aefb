"""What to show of a GAN's samples."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras_gans.modalities import ClassLabel, Modality, Text
from keras_gans.pictures.grids import save_picture
from keras_gans.pictures.sheets import Panel, draw, make_sheet


def save_samples(
    path: str | os.PathLike,
    gan: Any,
    inputs: Mapping[str, Any],
    made: Mapping[str, Any],
    real: Mapping[str, Any] | None = None,
    beside: Sequence[Panel] = (),
    **layout: Any,
) -> None:
    """Writes a sheet of a GAN's samples to a file, whole or not at all.

    A sample shows from left to right what the generator took (images, masks,
    sounds), what it made, and what it was to make. Samples of a GAN that
    takes classes, or sentences, are in rows of one each, with its name.

    Args:
        path: The file; its ending says the format, for instance `.png`.
        gan: The GAN, whose `takes` and `makes` say what the values are.
        inputs: What the generator took, by name, (N, ...) each.
        made: What it made, by name.
        real: What it was to make, by name, where that is known.
        beside: What else to show of each sample, at its right: pairs of a
            modality and values (N, ...).
        **layout: `columns`, `scale`, `padding` and `channels`, as
            `keras_gans.pictures.make_sheet` takes them.

    Raises:
        ValueError: For samples that cannot be drawn.
    """
    shown = [*panels_of(gan, inputs, made, real or {}), *beside]
    kind = gan.takes.get("labels")
    if isinstance(kind, ClassLabel):
        layout["classes"] = (kind, inputs["labels"])
    for name, kind in gan.takes.items():
        if isinstance(kind, Text):
            layout["classes"] = sentences_of(kind, inputs[name])
    save_picture(path, make_sheet(shown, **layout))


def sentences_of(text: Text, ids: Any) -> tuple[ClassLabel, np.ndarray]:
    """Returns sentences (N, length) as classes: their names and numbers."""
    said = [text.name_of(row) for row in np.asarray(ids)]
    names = list(dict.fromkeys(said))
    numbers = np.array([names.index(name) for name in said])
    return ClassLabel(len(names), names), numbers


def panels_of(
    gan: Any,
    inputs: Mapping[str, Any],
    made: Mapping[str, Any],
    real: Mapping[str, Any],
) -> list[Panel]:
    """Returns what can be drawn: what was taken, made, and to be made."""
    panels = [
        *((gan.takes[name], values) for name, values in inputs.items()),
        *((gan.makes[name], values) for name, values in made.items()),
        *((gan.makes[name], values) for name, values in real.items()),
    ]
    return [panel for panel in panels if has_picture(panel[0])]


def check_samples(gan: Any, channels: Sequence[int] | None = None) -> None:
    """Refuses a GAN whose samples cannot be drawn.

    Args:
        gan: The GAN.
        channels: The channels to show, as in `make_sheet`.

    Raises:
        ValueError: For a GAN that makes nothing that has a picture, and for
            numbers of channels that no picture has.
    """
    rng = np.random.default_rng(0)
    kinds = [*gan.takes.values(), *gan.makes.values()]
    if not any(map(has_picture, gan.makes.values())):
        made = ", ".join(m.describe() for m in gan.makes.values())
        raise ValueError(
            "There is no picture of what the GAN makes. "
            f"Received: {type(gan).__name__}, which makes {made}"
        )
    for kind in filter(has_picture, kinds):
        draw(kind, kind.noise(1, rng), channels)


def has_picture(modality: Modality) -> bool:
    """Returns whether values of a modality can be drawn."""
    return type(modality).pictures is not Modality.pictures
