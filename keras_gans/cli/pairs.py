"""The picture of nearest pairs that `evaluate` makes."""

from pathlib import Path
from typing import Any

from keras_gans.cli.output import console
from keras_gans.metrics.sets.nearest_pairs import check_same_size, nearest_pairs
from keras_gans.pictures.grids import save_grid


def check_picture(path: Path, real: Any, fake: Any) -> None:
    """Refuses a picture of pairs that could not be made, before features are.

    Args:
        path: Where it is to go.
        real: Images.
        fake: Images.

    Raises:
        ValueError: For another kind of file, and sides that differ in size.
    """
    if path.suffix.lower() != ".png":
        raise ValueError(
            f"The picture of nearest pairs ends in .png. Received: {path}"
        )
    check_same_size(real, fake)


def save_pairs(
    path: Path, real: Any, fake: Any, of_real: Any, of_fake: Any
) -> None:
    """Draws the 16 nearest pairs, four in a row, the closest first.

    Args:
        path: The .png file.
        real: Images.
        fake: Images.
        of_real: Their features.
        of_fake: Their features.
    """
    pairs = nearest_pairs(real, fake, of_real, of_fake, 16)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_grid(path, pairs, columns=min(4, len(pairs)), padding=4)
    console().print(f"The nearest pairs are in {path}")
