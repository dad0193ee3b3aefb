"""Patches of images at several scales, for the Wasserstein distance."""

import hashlib

import numpy as np

SMALLEST = 16
"""Pixels on a side of the coarsest level."""
NEIGHBOURHOOD = 7
PER_IMAGE = 128

_KERNEL = np.array([1, 4, 6, 4, 1], "float32") / 16


def level_sizes(height: int, width: int) -> list[tuple[int, int]]:
    """Returns the sizes of a pyramid's levels, from fine to coarse.

    Args:
        height: Height of the images, 16 or more.
        width: Width of the images, 16 or more.

    Returns:
        Height and width of every level: half of the level before, rounded
        up, as long as each side has 16 pixels.
    """
    sizes = [(height, width)]
    while min(height, width) >= 2 * SMALLEST - 1:
        height, width = (height + 1) // 2, (width + 1) // 2
        sizes.append((height, width))
    return sizes


def laplacian_level(images: np.ndarray, level: int, levels: int) -> np.ndarray:
    """Computes one level of Laplacian pyramids.

    Burt and Adelson 1983: a level is the difference between an image and its
    blurred, halved and again enlarged version; the coarsest level is the
    halved image itself.

    Args:
        images: float32 (n, H, W, C).
        level: Number of the level, 0 for the finest.
        levels: Number of levels.

    Returns:
        float32 (n, h, w, C).
    """
    for _ in range(level):
        images = _halve(images)
    if level + 1 == levels:
        return images
    return images - _double(_halve(images), images.shape)


def _blur(images: np.ndarray, axis: int, kernel: np.ndarray) -> np.ndarray:
    padding = [(2, 2) if i == axis else (0, 0) for i in range(images.ndim)]
    padded = np.pad(images, padding, mode="reflect")
    size = images.shape[axis]
    blurred = np.zeros_like(images)
    for tap, weight in enumerate(kernel):
        index = [slice(None)] * images.ndim
        index[axis] = slice(tap, tap + size)
        blurred += weight * padded[tuple(index)]
    return blurred


def _halve(images: np.ndarray) -> np.ndarray:
    rows = _blur(images, 1, _KERNEL)[:, ::2]
    return _blur(rows, 2, _KERNEL)[:, :, ::2]


def _double(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    rows = np.zeros((*shape[:2], *images.shape[2:]), "float32")
    rows[:, ::2] = images
    rows = _blur(rows, 1, 2 * _KERNEL)
    doubled = np.zeros(shape, "float32")
    doubled[:, :, ::2] = rows
    return _blur(doubled, 2, 2 * _KERNEL)


def neighbourhoods(images: np.ndarray, level: int, seed: int) -> np.ndarray:
    """Cuts 128 neighbourhoods of 7x7 out of one level of each image.

    Their positions depend on the seed and on the image itself, so neither
    batches nor the order nor other images change them.

    Args:
        images: uint8 (n, H, W, C).
        level: Level of the Laplacian pyramid, 0 for the finest.
        seed: Seed of the positions.

    Returns:
        float32 (n * 128, 7, 7, C).
    """
    levels = len(level_sizes(*images.shape[1:3]))
    maps = laplacian_level(images.astype("float32"), level, levels)
    cuts = np.empty(
        (len(images), PER_IMAGE, NEIGHBOURHOOD, NEIGHBOURHOOD, maps.shape[-1]),
        "float32",
    )
    for image, source, cut in zip(maps, images, cuts, strict=True):
        digest = hashlib.sha256(source.tobytes()).digest()[:16]
        own = int.from_bytes(digest, "little")
        rng = np.random.default_rng([seed, level, own])
        windows = np.lib.stride_tricks.sliding_window_view(
            image, (NEIGHBOURHOOD, NEIGHBOURHOOD), axis=(0, 1)
        )
        rows = rng.integers(windows.shape[0], size=PER_IMAGE)
        columns = rng.integers(windows.shape[1], size=PER_IMAGE)
        cut[:] = np.moveaxis(windows[rows, columns], 1, -1)
    return cuts.reshape(-1, *cuts.shape[2:])


def normalize(cuts: np.ndarray) -> np.ndarray:
    """Scales every channel to mean 0 and deviation 1 over the whole set.

    Args:
        cuts: float32 (m, 7, 7, C); it is overwritten.

    Returns:
        float32 descriptors (m, 49 C). A constant channel becomes 0.
    """
    for channel in range(cuts.shape[-1]):
        values = cuts[..., channel]
        values -= values.mean(dtype="float64")
        values /= values.std(dtype="float64") or 1.0
    return cuts.reshape(len(cuts), -1)
