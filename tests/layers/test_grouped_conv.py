import keras
import numpy as np
from keras import ops

from keras_gans.layers import GroupedConv2D


def test_equals_the_native_convolution():
    x = np.random.default_rng(0).standard_normal((2, 5, 5, 6)).astype("f")
    ours = GroupedConv2D(9, 3, groups=3, padding="same")
    theirs = keras.layers.Conv2D(9, 3, groups=3, padding="same")
    y = ours(x)
    theirs.build(x.shape)
    theirs.set_weights([w + 0.1 for w in ours.get_weights()])
    ours.set_weights(theirs.get_weights())
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours(x)),
        ops.convert_to_numpy(theirs(x)),
        rtol=1e-4,
        atol=1e-5,
    )
    assert y.shape == (2, 5, 5, 9)


def test_groups_see_their_own_channels():
    layer = GroupedConv2D(2, 1, groups=2, use_bias=False)
    layer.build((None, 1, 1, 4))
    # Outputs: x0 + 2 x1 and 3 x2 + 4 x3.
    layer.set_weights([np.reshape([[1.0, 3.0], [2.0, 4.0]], (1, 1, 2, 2))])
    y = layer(np.reshape([1.0, 10.0, 100.0, 1000.0], (1, 1, 1, 4)))
    np.testing.assert_allclose(ops.convert_to_numpy(y).ravel(), [21.0, 4300.0])
