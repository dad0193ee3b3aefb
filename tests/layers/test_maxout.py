import numpy as np
from keras import ops

from keras_gans.layers import Maxout


def test_takes_the_largest_piece():
    layer = Maxout(units=2, pieces=2)
    layer.build((None, 2))
    # Columns: unit 0's pieces x0 and -x0, unit 1's pieces x1 and 3.
    kernel = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]])
    layer.set_weights([kernel, np.array([0.0, 0.0, 0.0, 3.0])])
    x = np.array([[-2.0, 5.0], [1.0, -4.0]])
    y = ops.convert_to_numpy(layer(x))
    np.testing.assert_allclose(y, [[2.0, 5.0], [1.0, 3.0]])


def test_config_round_trip():
    layer = Maxout(3, 4, kernel_initializer="he_normal", name="m")
    again = Maxout.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
