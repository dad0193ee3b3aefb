import numpy as np
import pytest
from keras import ops

from keras_gans.layers import Resampling


def test_by_hand():
    maps = np.zeros((1, 2, 2, 1), "float32")
    maps[0, 0] = [[4.0], [8.0]]
    doubled = ops.convert_to_numpy(Resampling(up=True)(maps))[0, :, :, 0]
    # The row (4, 8) becomes (3, 5, 7, 6); down the columns 3/4, 3/4, 1/4, 0.
    row = np.array([3.0, 5.0, 7.0, 6.0])
    np.testing.assert_allclose(
        doubled, np.outer([0.75, 0.75, 0.25, 0.0], row), rtol=1e-6
    )


def test_halving_is_the_transpose_of_doubling_over_four():
    rng = np.random.default_rng(0)
    small = rng.standard_normal((2, 4, 6, 3)).astype("float32")
    large = rng.standard_normal((2, 8, 12, 3)).astype("float32")
    doubled = ops.convert_to_numpy(Resampling(up=True)(small))
    halved = ops.convert_to_numpy(Resampling(up=False)(large))
    assert halved.shape == small.shape
    assert np.sum(doubled * large) == pytest.approx(
        4 * np.sum(small * halved), rel=1e-4
    )
