"""The picture of nearest pairs that `evaluate` draws."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_gans.cli.output import console
from keras_gans.metrics import FeatureStatistics
from keras_gans.metrics.sets.nearest_pairs import check_same_size, nearest_pairs
from keras_gans.pictures.grids import save_grid


def drawer(
    path: Path | None, real: Any, fake: Any
) -> Callable[[Any, Any], None] | None:
    """Returns a function that draws the 16 nearest pairs, the closest first.

    It takes the features of both sides. What cannot be drawn is refused here,
    before any features are computed.

    Args:
        path: The .png file, or None for no picture.
        real: Real images.
        fake: Generated images.

    Returns:
        The function, or None for no picture.

    Raises:
        ValueError: For another kind of file, statistics in place of images,
            and sides that differ in size.
    """
    if path is None:
        return None
    if path.suffix.lower() != ".png":
        raise ValueError(
            f"The picture of nearest pairs ends in .png. Received: {path}"
        )
    for side in (real, fake):
        if isinstance(side, FeatureStatistics):
            raise ValueError(
                "The picture of nearest pairs needs the images, not a "
                f"statistics file. Received: statistics of {side.origin.images}"
            )
    check_same_size(real, fake)

    def draw(of_real: Any, of_fake: Any) -> None:
        pairs = nearest_pairs(real, fake, of_real, of_fake, 16)
        path.parent.mkdir(parents=True, exist_ok=True)
        save_grid(path, pairs, columns=min(4, len(pairs)), padding=4)
        console().print(f"The nearest pairs are in {path}")

    return draw
