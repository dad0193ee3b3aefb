"""Differentiable augmentation: Zhao et al. 2020, arXiv:2006.10738."""

from typing import Any

import keras
from keras import ops

from keras_gans.modalities import Image, Mask
from keras_gans.stabilizers.stabilizer import Stabilizer, check_images

NUMBERS = 7
"""Random numbers that one image takes."""


@keras.saving.register_keras_serializable("keras_gans")
class DiffAugment(Stabilizer):
    """Changes all images that the discriminator sees, real and generated.

    The generator learns through the changes. Images of one row (an input and
    its output, say) are changed alike, and masks move with them.

    Args:
        policy: The changes, with commas between: "translation" by up to a
            fifth of each side, "cutout" of half of each side, and "colour"
            (brightness, saturation, contrast). They are applied in this
            order, the one of TransGAN's code.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For an unknown change, and for a GAN without images.
    """

    def __init__(
        self, policy: str = "translation,cutout,colour", **kwargs: Any
    ):
        super().__init__(**kwargs)
        names = [name.strip() for name in policy.split(",")]
        unknown = [name for name in names if name not in CHANGES]
        if unknown:
            raise ValueError(
                f"`policy` takes {', '.join(CHANGES)}, with commas between. "
                f"Received: policy={policy!r}"
            )
        self.policy = policy
        self.names = names

    def check(self, gan: Any) -> None:
        """Raises a ValueError where the discriminator sees no images."""
        check_images(self, gan)

    def change(
        self, gan: Any, seen: dict[str, Any], kinds: dict[str, Any]
    ) -> dict[str, Any]:
        """Changes the images among `seen`."""
        images = [n for n, kind in kinds.items() if isinstance(kind, Image)]
        num = ops.shape(seen[images[0]])[0]
        numbers = gan.draw(keras.random.uniform, num, NUMBERS)
        changed = {n: augment(seen[n], numbers, self.names) for n in images}
        moves = [name for name in self.names if name != "colour"]
        masks = [n for n, kind in kinds.items() if isinstance(kind, Mask)]
        changed |= {n: augment(seen[n], numbers, moves) for n in masks}
        return {**seen, **changed}

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "policy": self.policy}


def translation(images: Any, numbers: Any, ratio: float = 0.2) -> Any:
    """Shifts by up to a fifth of each side, and fills in zeros.

    Args:
        images: (N, H, W, C).
        numbers: (N, 2), U(0, 1).
        ratio: The largest shift, as a share of the side.
    """
    # A shift is a product with a matrix that has ones beside its diagonal.
    down, along = (
        _shift(images.shape[1 + i], numbers[:, i], ratio) for i in range(2)
    )
    return ops.einsum("nyh,nhwc,nxw->nyxc", down, images, along)


def _shift(side: int, numbers: Any, ratio: float) -> Any:
    most = int(side * ratio + 0.5)
    shifts = ops.floor(numbers * (2 * most + 1)) - most
    places = ops.arange(side, dtype="float32")
    apart = places[:, None] - places[None, :]
    return ops.cast(apart[None] == shifts[:, None, None], "float32")


def cutout(images: Any, numbers: Any, ratio: float = 0.5) -> Any:
    """Sets a rectangle of half of each side to zero, centred anywhere.

    Args:
        images: (N, H, W, C).
        numbers: (N, 2), U(0, 1).
        ratio: The rectangle's sides, as a share of the image's.
    """
    rows, columns = (
        _span(images.shape[1 + i], numbers[:, i], ratio) for i in range(2)
    )
    cut = ops.logical_and(rows[:, :, None], columns[:, None, :])
    return images * (1.0 - ops.cast(cut[..., None], "float32"))


def _span(side: int, numbers: Any, ratio: float) -> Any:
    size = int(side * ratio + 0.5)
    first = ops.floor(numbers * (side + 1 - size % 2)) - size // 2
    places = ops.arange(side, dtype="float32")[None]
    first = first[:, None]
    return ops.logical_and(places >= first, places < first + size)


def colour(images: Any, numbers: Any) -> Any:
    """Changes brightness, saturation and contrast.

    Adds -0.5 to 0.5, scales the distance to each pixel's mean over channels
    by 0 to 2, and that to the image's mean by 0.5 to 1.5.

    Args:
        images: (N, H, W, C).
        numbers: (N, 3), U(0, 1).
    """
    light, saturation, contrast = (numbers[:, i] for i in range(3))
    images = images + _each(light - 0.5)
    grey = ops.mean(images, axis=-1, keepdims=True)
    images = grey + _each(2.0 * saturation) * (images - grey)
    mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return mean + _each(contrast + 0.5) * (images - mean)


def _each(numbers: Any) -> Any:
    return numbers[:, None, None, None]


CHANGES = {
    "translation": (translation, slice(0, 2)),
    "cutout": (cutout, slice(2, 4)),
    "colour": (colour, slice(4, NUMBERS)),
}


def augment(images: Any, numbers: Any, names: Any = tuple(CHANGES)) -> Any:
    """Applies changes; the same images and numbers give the same result.

    Args:
        images: (N, H, W, C) in [-1, 1].
        numbers: (N, NUMBERS), U(0, 1).
        names: The changes to apply.

    Returns:
        Images of that shape.
    """
    for name, (change, part) in CHANGES.items():
        if name in names:
            images = change(images, numbers[:, part])
    return images
