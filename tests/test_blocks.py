import keras
import numpy as np
from keras import layers

from keras_gans.blocks import doubled, residual_down, residual_up

MAPS = np.random.default_rng(0).standard_normal((2, 3, 4, 5)).astype("float32")


def test_doubled_repeats_every_pixel():
    inputs = keras.Input((3, 4, 5))
    maps = keras.Model(inputs, doubled(inputs)).predict(MAPS, verbose=0)
    np.testing.assert_array_equal(maps, MAPS.repeat(2, 1).repeat(2, 2))


def ones(filters, size):
    """A convolution that adds its channels up, whatever its size."""

    def initializer(shape, dtype=None):
        kernel = np.zeros(shape, "float32")
        kernel[shape[0] // 2, shape[1] // 2] = 1.0
        return keras.ops.convert_to_tensor(kernel)

    return layers.Conv2D(
        filters, size, padding="same", kernel_initializer=initializer
    )


def test_residual_up_by_hand():
    inputs = keras.Input((3, 4, 5))
    block = keras.Model(inputs, residual_up(inputs, 2, ones, lambda x: x))
    # Both convolutions add channels up: 5, then 2 that are alike.
    branch = 2 * np.maximum(MAPS, 0).sum(-1)
    by_hand = (branch + MAPS.sum(-1)).repeat(2, 1).repeat(2, 2)
    maps = block.predict(MAPS, verbose=0)
    assert maps.shape == (2, 6, 8, 2)
    np.testing.assert_allclose(maps[..., 0], by_hand, rtol=1e-5, atol=1e-5)


def test_residual_down_by_hand():
    images = MAPS[:, :2]
    for first in (False, True):
        inputs = keras.Input((2, 4, 5))
        down = residual_down(inputs, 3, ones, first=first)
        seen = images if first else np.maximum(images, 0)
        branch = 3 * np.maximum(seen.sum(-1), 0)
        means = (branch + images.sum(-1)).reshape(2, 1, 2, 2, 2).mean((2, 4))
        maps = keras.Model(inputs, down).predict(images, verbose=0)
        np.testing.assert_allclose(maps[..., 1], means, rtol=1e-5, atol=1e-5)
