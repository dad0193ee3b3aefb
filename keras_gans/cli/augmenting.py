"""Augmentation of the data, as --flip and --augment ask for it."""

import inspect
from typing import Any

from keras_gans.cli.building import read_named
from keras_gans.data import ImageSource, Source, augment


def reader_flips(variant: Any) -> bool:
    """Returns whether the reader of a variant flips rows itself.

    That of pairs does: both images of a pair are flipped alike.

    Args:
        variant: The variant's class.
    """
    return "flip" in inspect.signature(variant.reader).parameters


def augmented(
    source: Source, flip: bool, texts: list[str], seed: int
) -> Source:
    """Changes images at random when they are read.

    Args:
        source: The data to train on.
        flip: Whether to flip half of the images from left to right.
        texts: Keras's layers, as `read_layers` takes them.
        seed: Seed of the changes.

    Returns:
        The changed images; the source itself where nothing is asked for.

    Raises:
        ValueError: For data that are not images alone.
    """
    import keras

    layers = [keras.layers.RandomFlip("horizontal")] * flip + read_layers(texts)
    if not layers:
        return source
    if not isinstance(source, ImageSource):
        raise ValueError(
            "--augment and --flip change images that are alone in their row; "
            "pairs take --flip and --read jitter=PIXELS. "
            f"Received: {source!r}"
        )
    return augment(source, layers, seed)


def read_layers(texts: list[str]) -> list[Any]:
    """Builds Keras's layers of augmentation.

    Args:
        texts: "RandomTranslation:height_factor=0.1,width_factor=0.1" and the
            like.

    Returns:
        The layers.

    Raises:
        ValueError: For an unknown name, and for unknown or wrong arguments.
    """
    import keras

    known = {
        name: layer
        for name, layer in vars(keras.layers).items()
        if name.startswith("Random")
    }
    return read_named(texts, known, "--augment")
