import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.networks.residual import doubled, residual_down, residual_up

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


@pytest.mark.parametrize("filters", [2, 5])
def test_residual_up_by_hand(filters):
    inputs = keras.Input((3, 4, 5))
    up = residual_up(inputs, filters, ones, lambda x: x)
    # Every convolution adds channels up, the one of the shortcut too.
    branch = filters * np.maximum(MAPS, 0).sum(-1)
    by_hand = (branch + MAPS.sum(-1)).repeat(2, 1).repeat(2, 2)
    maps = keras.Model(inputs, up).predict(MAPS, verbose=0)
    assert maps.shape == (2, 6, 8, filters)
    np.testing.assert_allclose(maps[..., 0], by_hand, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("filters", [3, 5])
@pytest.mark.parametrize("first", [False, True])
def test_residual_down_by_hand(filters, first):
    images = MAPS[:, :2]
    inputs = keras.Input((2, 4, 5))
    down = residual_down(inputs, filters, ones, first=first)
    seen = images if first else np.maximum(images, 0)
    branch = filters * np.maximum(seen.sum(-1), 0)
    means = (branch + images.sum(-1)).reshape(2, 1, 2, 2, 2).mean((2, 4))
    maps = keras.Model(inputs, down).predict(images, verbose=0)
    np.testing.assert_allclose(maps[..., 1], means, rtol=1e-5, atol=1e-5)


def test_residual_that_keeps_size_and_width_adds_x_itself():
    inputs = keras.Input((3, 4, 5))
    kept = residual_down(inputs, 5, ones, down=False)
    branch = 5 * np.maximum(MAPS, 0).sum(-1, keepdims=True)
    maps = keras.Model(inputs, kept).predict(MAPS, verbose=0)
    np.testing.assert_allclose(maps, branch + MAPS, rtol=1e-5, atol=1e-5)
