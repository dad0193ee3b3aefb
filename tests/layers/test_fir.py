"""FIR filters against SciPy, with their first and second derivatives."""

import keras
import numpy as np
import pytest
import scipy.signal
from keras import ops

from keras_gans import backend
from keras_gans.layers.styles import fir

UNEVEN = (1.0, 4.0, 2.0, 0.5, 3.0)  # no symmetry hides a flip


def random(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype("float32")


def by_scipy(maps, taps, up, down, padding):
    """The same by `upfirdn` of SciPy, along each axis."""
    taps = up * np.asarray(taps) / np.sum(taps)
    y = maps.astype("float64")
    for axis in (1, 2):
        side = y.shape[axis]
        spread = np.zeros(
            [up * s if i == axis else s for i, s in enumerate(y.shape)]
        )
        spread[(slice(None),) * axis + (slice(0, up * side, up),)] = y
        before, after = padding
        pads = [
            (max(before, 0), max(after, 0)) if i == axis else (0, 0)
            for i in range(4)
        ]
        spread = np.pad(spread, pads)
        end = spread.shape[axis] - max(-after, 0)
        spread = np.take(spread, range(max(-before, 0), end), axis)
        full = scipy.signal.upfirdn(taps, spread, axis=axis)
        inside = range(len(taps) - 1, spread.shape[axis])
        y = np.take(full, inside, axis)
        y = y[(slice(None),) * axis + (slice(None, None, down),)]
    return y


@pytest.mark.parametrize("form", ["depthwise", "product"])
@pytest.mark.parametrize(
    ("taps", "up", "down", "padding"),
    [
        (fir.TAPS, 2, 1, (2, 1)),
        (fir.TAPS, 1, 2, (1, 1)),
        (UNEVEN, 1, 1, (3, 0)),
        (UNEVEN, 2, 1, (0, 4)),
        (UNEVEN, 1, 2, (2, -1)),
        (UNEVEN, 2, 1, (-1, 3)),
    ],
)
def test_is_scipys_upfirdn(form, taps, up, down, padding):
    maps = random(2, 6, 8, 3)
    ours = fir.resample(maps, taps, up, down, padding, form)
    theirs = by_scipy(maps, taps, up, down, padding)
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours), theirs, rtol=1e-5, atol=1e-5
    )


def test_doubling_by_hand():
    maps = np.zeros((1, 2, 2, 1), "float32")
    maps[0, 0] = [[4.0], [8.0]]
    doubled = ops.convert_to_numpy(fir.upsample(maps))[0, :, :, 0]
    # The row (4, 8) becomes (3, 5, 7, 6); down the columns 3/4, 3/4, 1/4, 0.
    row = np.array([3.0, 5.0, 7.0, 6.0])
    np.testing.assert_allclose(
        doubled, np.outer([0.75, 0.75, 0.25, 0.0], row), rtol=1e-6
    )


@pytest.mark.parametrize(
    ("mode", "size"), [("up", (8, 12)), ("down", (2, 3)), ("smooth", (4, 6))]
)
def test_constant_maps_stay_inside_and_sizes_are_as_said(mode, size):
    x = keras.Input((4, 6, 3))
    layer = fir.FIR(mode)
    assert layer(x).shape == (None, *size, 3)
    again = fir.FIR.from_config(layer.get_config())
    made = ops.convert_to_numpy(again(np.full((1, 16, 16, 1), 5.0, "float32")))
    np.testing.assert_allclose(made[:, 3:-3, 3:-3], 5.0, rtol=1e-6)


def test_refuses_unknown_modes():
    with pytest.raises(ValueError, match="Received: mode='sideways'"):
        fir.FIR("sideways")


@pytest.mark.parametrize("form", ["depthwise", "product"])
@pytest.mark.parametrize(("up", "down"), [(2, 1), (1, 2), (1, 1)])
def test_first_and_second_derivatives(form, up, down):
    """Of sum(y^3), with y = A x: 3 A^T y^2, and then 6 A^T (y * A v)."""
    x, v = random(1, 4, 6, 2), random(1, 4, 6, 2, seed=1)
    settings = (UNEVEN, up, down, (2, 2))

    def linear(values):
        return by_scipy(values, *settings)

    def transposed(values):
        basis = np.eye(x.size).reshape(-1, *x.shape[1:])
        columns = linear(basis).reshape(x.size, -1)
        return (columns @ values.ravel()).reshape(x.shape)

    def cube(values):
        return fir.resample(values, *settings, form) ** 3

    def slope_along_v(values):
        slope = backend.input_gradient(cube, values)
        return ops.sum(slope * ops.convert_to_tensor(v))

    tensor = ops.convert_to_tensor(x)
    y = linear(x)
    np.testing.assert_allclose(
        ops.convert_to_numpy(
            ops.stop_gradient(backend.input_gradient(cube, tensor))
        ),
        transposed(3 * y**2),
        rtol=1e-3,
        atol=1e-4,
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(
            ops.stop_gradient(backend.input_gradient(slope_along_v, tensor))
        ),
        transposed(6 * y * linear(v)),
        rtol=1e-3,
        atol=1e-4,
    )
