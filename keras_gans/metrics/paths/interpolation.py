"""Interpolations between latents."""

import numpy as np


def lerp(first: np.ndarray, second: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Interpolates along straight lines.

    Args:
        first: Vectors (..., d), at t = 0.
        second: Vectors (..., d), at t = 1.
        t: Positions (..., 1).

    Returns:
        Vectors (..., d).
    """
    return first + (second - first) * t


def slerp(first: np.ndarray, second: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Interpolates along great circles, which preserves the length of latents.

    Shoemake 1985. Vectors on one line are interpolated linearly.

    Args:
        first: Vectors (..., d), at t = 0.
        second: Vectors (..., d), at t = 1.
        t: Positions (..., 1).

    Returns:
        float64 vectors (..., d).
    """
    first, second = first.astype("float64"), second.astype("float64")
    lengths = [np.linalg.norm(x, axis=-1) for x in (first, second)]
    cosine = np.sum(first * second, axis=-1) / (lengths[0] * lengths[1])
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))[..., None]
    on_a_line = np.sin(angle) < 1e-6
    sine = np.where(on_a_line, 1.0, np.sin(angle))
    arc = np.sin((1.0 - t) * angle) * first + np.sin(t * angle) * second
    return np.where(on_a_line, lerp(first, second, t), arc / sine)


INTERPOLATIONS = {"slerp": slerp, "lerp": lerp}
