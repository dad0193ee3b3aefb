"""Style mixing and truncation, as grids of images."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans.arguments import whole_number
from keras_gans.latents.styles import from_styles, to_styles


def chosen_layers(num: int, layers: Sequence[int] | range | None) -> list[int]:
    """Returns numbers of layers, checked.

    Args:
        num: Number of layers that the synthesis has.
        layers: Numbers from 0 to num - 1, or None for all.

    Raises:
        ValueError: For a layer that is not there.
    """
    chosen = list(range(num) if layers is None else layers)
    outside = [i for i in chosen if not 0 <= i < num]
    if outside or not chosen:
        raise ValueError(
            f"Layers are numbers from 0 to {num - 1}. Received: {chosen}"
        )
    return chosen


def mix(
    gan: Any,
    rows: int | np.ndarray = 4,
    columns: int | np.ndarray = 6,
    layers: Sequence[int] | range | None = None,
    seed: int = 0,
    truncation: float = 1.0,
    **given: Any,
) -> np.ndarray:
    """Mixes styles: columns lend some of their layers to rows.

    Karras et al. 2019, figure 3. The first layers decide pose and shape, the
    last ones colours.

    Args:
        gan: A GAN with styles.
        rows: Number of images to change, or their latents (N, latent_dim).
        columns: Number of images that lend their styles, or their latents.
        layers: The layers whose style comes from the columns; None for the
            first half.
        seed: Seed of the latents: rows have it, columns the next one.
        truncation: The psi of truncation in W.
        **given: What else the generator takes, one value for all.

    Returns:
        float32 images (rows + 1, columns + 1, H, W, C). The first row and
        column hold what is mixed, and the corner is white.

    Raises:
        ValueError: For a GAN without styles, and for layers out of range.
    """

    def styles(chosen: int | np.ndarray, seed: int) -> np.ndarray:
        settings = {"truncation": truncation, **given}
        if np.ndim(chosen) == 0:
            num = whole_number("rows and columns", chosen)
            return to_styles(gan, num=num, seed=seed, **settings)
        return to_styles(gan, np.asarray(chosen), **settings)

    below, above = styles(rows, seed), styles(columns, seed + 1)
    num = below.shape[1]
    places = chosen_layers(num, range(num // 2) if layers is None else layers)
    mixed = np.repeat(below[:, None], len(above), axis=1)
    mixed[:, :, places] = above[None][:, :, places]
    images = [
        from_styles(gan, part)
        for part in (below, above, mixed.reshape(-1, *below.shape[1:]))
    ]
    shape = images[0].shape[1:]
    grid = np.ones((len(below) + 1, len(above) + 1, *shape), "float32")
    grid[1:, 0], grid[0, 1:] = images[:2]
    grid[1:, 1:] = images[2].reshape(len(below), len(above), *shape)
    return grid


def truncation_sweep(
    gan: Any,
    values: Sequence[float] = (1.0, 0.7, 0.5, 0.3, 0.0),
    num: int = 4,
    seed: int = 0,
    **given: Any,
) -> np.ndarray:
    """Makes images of the same latents with several truncations.

    Karras et al. 2019, figure 8.

    Args:
        gan: A GAN with styles.
        values: The psi of each column; 1 is no truncation and 0 the mean.
        num: Number of rows.
        seed: Seed of the latents.
        **given: What else the generator takes, one value for all.

    Returns:
        float32 images (num, len(values), H, W, C).
    """
    columns = [
        from_styles(
            gan, to_styles(gan, num=num, seed=seed, truncation=psi, **given)
        )
        for psi in values
    ]
    return np.stack(columns, axis=1)
