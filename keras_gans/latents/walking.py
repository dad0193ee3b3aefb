"""Walks through latent spaces."""

import os
from typing import Any

import numpy as np

from keras_gans.arguments import whole_number
from keras_gans.latents.styles import (
    check_styles,
    from_styles,
    has_styles,
    to_styles,
    told_for,
)
from keras_gans.metrics.paths.interpolation import lerp, slerp
from keras_gans.pictures import make_grid
from keras_gans.pictures.animation import check_animation, write_animation


def walk(
    gan: Any,
    frames: int = 120,
    points: int = 5,
    seed: int | None = 0,
    space: str | None = None,
    truncation: float | None = None,
    latents: np.ndarray | None = None,
    num: int = 1,
    **given: Any,
) -> np.ndarray:
    """Makes images along a closed walk from one latent to the next.

    In z the walk follows great circles, which keeps the length of the
    latents; in w it follows straight lines.

    Args:
        gan: Any GAN from latents.
        frames: Number of images.
        points: Number of latents to pass; the last one leads to the first.
        seed: Seed of the latents.
        space: "z" or "w"; None for w where the generator has styles.
        truncation: As in `generate`; None for none.
        latents: Latents (points, latent_dim), or (points, num, latent_dim),
            in place of drawn ones.
        num: Number of walks at once.
        **given: What else the generator takes, one value for all or one for
            each walk, as in `generate`: `labels=3`. What is not given is
            drawn once for each walk, and stays.

    Returns:
        float32 images (frames, num, H, W, C).

    Raises:
        AttributeError: For a GAN that takes no latents.
        ValueError: For a space that the GAN lacks, and for less than one
            frame or two points.
    """
    space = space or ("w" if has_styles(gan) else "z")
    if space not in ("z", "w"):
        raise ValueError(f"`space` must be 'z' or 'w'. Received: {space!r}")
    frames, num = whole_number("frames", frames), whole_number("num", num)
    if latents is None:
        points = whole_number("points", points, 2)
        latents = gan.sample_latents(points * num, seed)
    latents = np.asarray(latents)
    latents = latents.reshape(
        len(latents) if latents.ndim == 3 else len(latents) // num,
        -1,
        latents.shape[-1],
    )
    points, num = latents.shape[:2]
    first, share = np.divmod(np.arange(frames) * points / frames, 1.0)
    start = first.astype(int)
    end = (start + 1) % points
    flat = latents.reshape(points * num, -1)
    told = told_for(gan, num, seed, given)
    if space == "w":
        check_styles(gan)
        psi = 1.0 if truncation is None else truncation
        keys = to_styles(gan, flat, truncation=psi, **_each(told, points))
        keys = keys.reshape(points, num, *keys.shape[1:])
        between = lerp(keys[start], keys[end], share[:, None, None, None])
        made = from_styles(gan, between.reshape(-1, *keys.shape[2:]))
    else:
        between = slerp(
            latents[start], latents[end], share[:, None, None]
        ).astype("float32")
        options = {} if truncation is None else {"truncation": truncation}
        if not has_styles(gan) and options:
            raise ValueError(
                "Latents of a walk are not truncated. "
                f"Received: truncation={truncation}"
            )
        made = gan.generate(
            latents=between.reshape(-1, flat.shape[-1]),
            **options,
            **_each(told, frames),
        )
    return made.reshape(frames, num, *made.shape[1:])


def _each(told: dict[str, Any], times: int) -> dict[str, Any]:
    """Repeats the rows of arrays; what is one value for all stays."""
    return {
        name: np.concatenate([value] * times) if np.ndim(value) else value
        for name, value in told.items()
    }


def save_walk(
    path: str | os.PathLike,
    images: np.ndarray,
    seconds: float = 10.0,
    columns: int | None = None,
    scale: int = 1,
) -> None:
    """Writes images that follow each other as an animation.

    Args:
        path: A file that ends in .mp4, .gif, .webp or .png (an APNG).
        images: (frames, num, H, W, C), as `walk` returns them.
        seconds: How long it takes; each image shows for 0.02 s at least.
        columns: Walks in a row; None for as square as can be.
        scale: Every pixel becomes `scale` by `scale` pixels.

    Raises:
        ValueError: For another ending.
        ImportError: For an .mp4 without the package that writes it, with the
            line that installs it.
    """
    from PIL import Image

    check_animation(path)
    padding = 0 if images.shape[1] == 1 else 2
    pictures = []
    for row in images:
        grid = make_grid(row, columns, padding, scale)
        # WebP has no grey.
        channels = 3 if grid.shape[-1] == 1 else 1
        pictures.append(Image.fromarray(grid.repeat(channels, axis=-1)))
    each = max(20, round(1000 * seconds / len(pictures)))
    write_animation(path, pictures, [each] * len(pictures))
