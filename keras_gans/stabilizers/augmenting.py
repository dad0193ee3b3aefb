"""Differentiable augmentation: Zhao et al. 2020, arXiv:2006.10738.

What D sees is changed in the same manner whether it is real or generated, and
gradients flow through to G. Pure functions of images and random numbers.
"""

from typing import Any

from keras import ops

NUMBERS = 7
"""Random numbers that `augment` takes for each image."""


def colour(images: Any, numbers: Any) -> Any:
    """Brightness, saturation and contrast by three numbers in [0, 1).

    Adds -0.5 to 0.5, scales the distance to each pixel's mean over channels by
    0 to 2, and that to the image's mean by 0.5 to 1.5.
    """
    light, saturation, contrast = (numbers[:, i] for i in range(3))
    images = images + _each(light - 0.5)
    grey = ops.mean(images, axis=-1, keepdims=True)
    images = grey + _each(2.0 * saturation) * (images - grey)
    mean = ops.mean(images, axis=(1, 2, 3), keepdims=True)
    return mean + _each(contrast + 0.5) * (images - mean)


def translation(images: Any, numbers: Any, ratio: float = 0.2) -> Any:
    """Shifts by up to a fifth of the side, each way, and fills in zeros."""
    side = images.shape[1]
    most = int(side * ratio + 0.5)
    shifts = ops.floor(numbers * (2 * most + 1)) - most
    # A shift is a product with a matrix that has ones beside its diagonal.
    places = ops.arange(side, dtype="float32")
    apart = places[:, None] - places[None, :]
    down, along = (
        ops.cast(apart[None] == shifts[:, i, None, None], "float32")
        for i in range(2)
    )
    return ops.einsum("nyh,nhwc,nxw->nyxc", down, images, along)


def cutout(images: Any, numbers: Any, ratio: float = 0.5) -> Any:
    """Sets a square of half the side to zero, whose centre is anywhere."""
    side = images.shape[1]
    size = int(side * ratio + 0.5)
    first = ops.floor(numbers * (side + 1 - size % 2)) - size // 2
    places = ops.arange(side, dtype="float32")[None]
    rows, columns = (
        ops.logical_and(
            places >= first[:, i, None], places < first[:, i, None] + size
        )
        for i in range(2)
    )
    cut = ops.logical_and(rows[:, :, None], columns[:, None, :])
    return images * (1.0 - ops.cast(cut[..., None], "float32"))


def augment(images: Any, numbers: Any) -> Any:
    """Translation, cutout and colour, in the order of TransGAN's code.

    Args:
        images: (N, S, S, C) in [-1, 1].
        numbers: (N, NUMBERS), U(0, 1): the same images and numbers give the
            same result.

    Returns:
        Images of that shape.
    """
    images = translation(images, numbers[:, :2])
    images = cutout(images, numbers[:, 2:4])
    return colour(images, numbers[:, 4:])


def _each(numbers: Any) -> Any:
    return ops.reshape(numbers, (-1, 1, 1, 1))
