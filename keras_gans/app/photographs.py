"""What the app does with a photograph."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans import latents
from keras_gans.app.pictures import checked, fitted, shown, whole
from keras_gans.app.studio import Studio
from keras_gans.exporting.limits import MOST_PIXELS, MOST_PIXELS_WHOLE
from keras_gans.photographs import make_images
from keras_gans.photographs.tasks import INPAINT
from keras_gans.serving.requests import read_request


def photograph(
    studio: Studio,
    pixels: Any,
    seed: float = 0,
    mask: Any = None,
    fit: bool = False,
) -> np.ndarray:
    """Returns what is made of a photograph.

    Args:
        studio: What the GAN can do.
        pixels: uint8 (H, W, 3).
        seed: The seed of what is drawn besides.
        mask: What to fill in, (H, W) of 0 and 1.
        fit: Whether to cut it to the size of training; else it goes
            through the network whole, as `gan.translate` and its like do.

    Raises:
        ValueError: For none, for too many pixels, and for an empty mask.
    """
    fit = fit or studio.task is None
    pixels = checked(pixels, MOST_PIXELS if fit else MOST_PIXELS_WHOLE)
    if fit:
        pixels = fitted(pixels, studio.taken)
    if studio.task is None:
        asked = {"inputs": pixels[None], "seed": whole(seed)}
        request = read_request(studio.gan, asked)
        with studio.turn:
            made = studio.gan.generate_from(request.inputs)[studio.made]
        return shown(made)
    given: dict[str, Any] = {}
    if studio.task.name == INPAINT:
        if mask is None or not np.any(mask):
            raise ValueError(
                "Paint over what is to be filled in. Received: no paint"
            )
        holes = np.asarray(mask).astype("uint8")[..., None]
        if fit:
            holes = fitted(255 * holes, (*studio.taken[:2], 1)) // 128
        given = {"masks": holes}
    with studio.turn:
        made = make_images(studio.gan, studio.task.name, pixels, **given)
    return shown(made[None])


def project(
    studio: Studio,
    pixels: Any,
    steps: float = 100,
    distance: str = "pixels",
    label: str | None = None,
    progress: Callable[[int, float], None] | bool = False,
) -> tuple[np.ndarray, str]:
    """Looks for the styles whose image is nearest to a photograph.

    Args:
        studio: What the GAN can do.
        pixels: uint8 (H, W, 3).
        steps: Steps of the search, up to 1,000.
        distance: One of `studio.distances`.
        label: A class; None for the first.
        progress: As in `keras_gans.latents.project`.

    Returns:
        The photograph beside what was found, and a file of the styles.
    """
    target = fitted(checked(pixels, MOST_PIXELS), studio.shape)[None]
    steps = min(1000, max(1, whole(steps)))
    with studio.turn:
        found = latents.project(
            studio.gan,
            target,
            steps=steps,
            distance=distance,
            progress=progress,
            **studio.class_for(label),
        )
    path = Path(studio.folder.name) / "projected.npz"
    noise: dict[str, Any] = {}
    if found.noise is not None:
        noise["noise"] = found.noise
    np.savez(path, styles=found.styles, **noise)
    pair = np.concatenate([target / 127.5 - 1.0, found.images])
    return shown(pair, columns=2), str(path)
