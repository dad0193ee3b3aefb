"""Blur kernels of Real-ESRGAN: Wang et al. 2021, arXiv:2107.10833, 3.1."""

import numpy as np

LARGEST = 21
"""Side of the largest kernel; sides are odd, from 7 on."""


def draw_kernel(
    rng: np.random.Generator,
    deviations: tuple[float, float],
    sinc: float,
) -> np.ndarray:
    """Draws a kernel: a Gaussian, a generalized one, a plateau or a sinc.

    Args:
        rng: The generator of random numbers.
        deviations: Range of the standard deviations, in pixels.
        sinc: Probability of a sinc.

    Returns:
        float64 (side, side), which sums to 1.
    """
    side = 2 * int(rng.integers(3, 11)) + 1
    if rng.random() < sinc:
        lowest = np.pi / 3 if side < 13 else np.pi / 5
        return sinc_kernel(side, rng.uniform(lowest, np.pi))
    kinds = ("gaussian", "generalized", "plateau")
    kind = kinds[rng.choice(3, p=(0.7, 0.15, 0.15))]
    isotropic = {"gaussian": 0.45 / 0.7, "generalized": 0.8, "plateau": 0.8}
    one, other = rng.uniform(*deviations, 2)
    if rng.random() < isotropic[kind]:
        other = one
    angle = rng.uniform(-np.pi, np.pi)
    shape = 1.0
    if kind != "gaussian":
        low, high = (0.5, 4.0) if kind == "generalized" else (1.0, 2.0)
        is_flat = rng.random() < 0.5
        shape = rng.uniform(low, 1.0) if is_flat else rng.uniform(1.0, high)
    return bell_kernel(side, one, other, angle, shape, kind == "plateau")


def bell_kernel(
    side: int,
    one: float,
    other: float,
    angle: float = 0.0,
    shape: float = 1.0,
    plateau: bool = False,
) -> np.ndarray:
    """Returns a bell, which a covariance matrix turns and stretches.

    With d = (x, y) Sigma^-1 (x, y)^T it is exp(-d^shape / 2), or
    1 / (d^shape + 1) where it is a plateau.

    Args:
        side: Side in pixels, odd.
        one: Standard deviation along `angle`.
        other: The one across.
        angle: In radians.
        shape: 1 for a Gaussian, less for a peak, more for a flat top.
        plateau: Whether it is a plateau.
    """
    turn = np.array(
        [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    )
    inverse = turn @ np.diag([one**-2, other**-2]) @ turn.T
    axis = np.arange(side) - side // 2
    places = np.stack(np.meshgrid(axis, axis), axis=-1)
    distance = np.einsum("yxi,ij,yxj->yx", places, inverse, places) ** shape
    kernel = 1 / (distance + 1) if plateau else np.exp(-0.5 * distance)
    return kernel / kernel.sum()


def sinc_kernel(side: int, cutoff: float) -> np.ndarray:
    """Returns the ideal circular low-pass, which rings, equation 6.

    k(i, j) = cutoff J1(cutoff r) / (2 pi r), with r^2 = i^2 + j^2.

    Args:
        side: Side in pixels, odd.
        cutoff: Radians a pixel, in (0, pi].
    """
    axis = np.arange(side) - side // 2
    r = np.hypot(*np.meshgrid(axis, axis))
    # J1(x) = mean over angles of cos(angle - x sin(angle)), in [0, pi].
    angles = (np.arange(256) + 0.5) * np.pi / 256
    waves = np.cos(angles - cutoff * r[..., None] * np.sin(angles))
    centre = cutoff**2 / (4 * np.pi)
    kernel = np.full(r.shape, centre)
    outside = r > 0
    bessel = waves.mean(axis=-1)[outside]
    kernel[outside] = cutoff * bessel / (2 * np.pi * r[outside])
    return kernel / kernel.sum()


def blur(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolves an image with a kernel; the border is mirrored.

    Args:
        image: Floats (H, W, C).
        kernel: (side, side) of an odd side.
    """
    half = len(kernel) // 2
    padded = np.pad(image, ((half, half), (half, half), (0, 0)), "symmetric")
    size = padded.shape[:2]
    spectrum = np.fft.rfft2(kernel, size)[..., None]
    waves = np.fft.rfft2(padded, axes=(0, 1)) * spectrum
    blurred = np.fft.irfft2(waves, size, axes=(0, 1))
    return blurred[2 * half :, 2 * half :]
