import numpy as np
import pytest

from keras_gans.data.degraded.blurring import (
    bell_kernel,
    blur,
    draw_kernel,
    sinc_kernel,
)


def moments(kernel):
    """The covariance matrix of a kernel's places."""
    axis = np.arange(len(kernel)) - len(kernel) // 2
    x, y = np.meshgrid(axis, axis)
    return np.array([[(kernel * a * b).sum() for b in (x, y)] for a in (x, y)])


def test_a_gaussian_has_its_deviations_along_its_axes():
    np.testing.assert_allclose(
        moments(bell_kernel(21, 2.0, 1.0)), [[4, 0], [0, 1]], atol=2e-3
    )
    # Turned by a quarter they change places; by an eighth they mix.
    turned = moments(bell_kernel(21, 2.0, 1.0, np.pi / 4))
    np.testing.assert_allclose(turned, [[2.5, 1.5], [1.5, 2.5]], atol=2e-3)


def test_shapes_of_bells_by_hand():
    # Relative to the centre: d = 1 / 4 of a pixel at distance 1.
    for shape, plateau, wanted in (
        (1.0, False, np.exp(-0.125)),
        (0.5, False, np.exp(-0.25)),
        (1.0, True, 1 / 1.25),
        (2.0, True, 1 / (1 + 1 / 16)),
    ):
        kernel = bell_kernel(7, 2.0, 2.0, 0.3, shape, plateau)
        assert kernel[3, 4] / kernel[3, 3] == pytest.approx(wanted)


def test_a_sinc_is_a_bessel_function():
    special = pytest.importorskip("scipy.special")
    kernel = sinc_kernel(9, 2.0)
    r = np.hypot(*np.meshgrid(np.arange(-4, 5), np.arange(-4, 5)))
    r[4, 4] = 1.0
    wanted = 2.0 * special.j1(2.0 * r) / (2 * np.pi * r)
    wanted[4, 4] = 2.0**2 / (4 * np.pi)
    np.testing.assert_allclose(kernel, wanted / wanted.sum(), atol=1e-12)


def test_blur_is_a_convolution_with_a_mirrored_border():
    ndimage = pytest.importorskip("scipy.ndimage")
    rng = np.random.default_rng(0)
    image, kernel = rng.random((12, 17, 3)), rng.random((7, 7))
    wanted = ndimage.convolve(image, kernel[..., None], mode="reflect")
    np.testing.assert_allclose(blur(image, kernel), wanted)


def test_drawn_kernels_are_of_all_kinds():
    rng = np.random.default_rng(0)
    kernels = [draw_kernel(rng, (0.2, 3.0), 0.3) for _ in range(200)]
    np.testing.assert_allclose([k.sum() for k in kernels], 1)
    assert {len(kernel) for kernel in kernels} == set(range(7, 22, 2))
    rings = np.mean([kernel.min() < -1e-6 for kernel in kernels])
    assert 0.2 < rings < 0.4
    round_ones = [np.allclose(kernel, kernel.T) for kernel in kernels]
    assert 0.5 < np.mean(round_ones) < 0.95
