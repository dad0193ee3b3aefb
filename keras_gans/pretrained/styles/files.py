"""Other people's StyleGAN2, whichever layout their file has."""

import os
from pathlib import Path

import numpy as np

from keras_gans.pretrained.styles.network import StyleFile
from keras_gans.pretrained.styles.nvlabs import read_nvlabs
from keras_gans.pretrained.styles.rosinality import read_rosinality
from keras_gans.pretrained.styles.tensor_files import read_tensors

Tensors = dict[str, np.ndarray]

PLACES = {
    "average": ("G_ema.", "g_ema."),
    "trained": ("G.", "g."),
    "discriminator": ("D.", "d."),
}
"""Under which names files hold the state dictionaries of several networks."""


def read_style_file(path: str | os.PathLike) -> StyleFile:
    """Reads StyleGAN2 from a state dictionary.

    The layouts are those of stylegan2-ada-pytorch and of
    rosinality/stylegan2-pytorch: a generator alone, or under `G_ema`, `G` and
    `D`, or under `g_ema`, `g` and `d`. Sizes, channels, classes and layers
    follow from the shapes.

    Args:
        path: A `.pth`, `.npz` or `.safetensors` file.

    Raises:
        FileNotFoundError: Where there is no such file.
        ValueError: For a `.pkl`, with the way to convert it; for a file that
            is damaged, for numbers that are not finite, and for other
            networks.
    """
    path, tensors = Path(path), read_tensors(path)
    tensors = {name: np.asarray(v) for name, v in tensors.items()}
    for name, tensor in tensors.items():
        is_real = tensor.dtype.kind in "fiub"
        if not is_real or not np.isfinite(tensor).all():
            raise ValueError(
                "The file must hold finite real numbers. "
                f"Received: {name} of {tensor.dtype} in {path.name}"
            )
    parts = {name: _part(tensors, places) for name, places in PLACES.items()}
    average = parts["average"] or parts["trained"] or tensors
    trained = parts["trained"] if parts["average"] else {}
    layout = layout_of(average)
    try:
        if layout == "nvlabs":
            return read_nvlabs(average, trained, parts["discriminator"])
        if layout == "rosinality":
            mean = tensors.get("latent_avg")
            return read_rosinality(
                average, trained, parts["discriminator"], mean
            )
    except IndexError as error:
        raise ValueError(
            f"{path.name} begins as a StyleGAN2 does, and holds a tensor with "
            f"fewer axes than its layer has. Received: {error}"
        ) from error
    except KeyError as error:
        raise ValueError(
            f"{path.name} begins as a StyleGAN2 does, and lacks a part of it. "
            f"Received: no {error}"
        ) from error
    raise ValueError(
        "The file must hold the generator of stylegan2-ada-pytorch or of "
        "rosinality's stylegan2-pytorch. Received: "
        f"{path.name} with {list(tensors)[:3] or 'no tensors'}"
    )


def holds_styles(tensors: Tensors) -> bool:
    """Returns whether tensors are those of a StyleGAN2."""
    parts = [_part(tensors, PLACES[name]) for name in ("average", "trained")]
    return any(layout_of(part) for part in (*parts, tensors))


def layout_of(tensors: Tensors) -> str | None:
    """Returns "nvlabs" or "rosinality", or None for another layout."""
    if any(n.startswith("synthesis.b") for n in tensors):
        return "nvlabs"
    return "rosinality" if "input.input" in tensors else None


def _part(tensors: Tensors, prefixes: tuple[str, ...]) -> Tensors:
    return {
        name.removeprefix(prefix): value
        for prefix in prefixes
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
