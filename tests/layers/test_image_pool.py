import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ImagePool

SHAPE = (2, 1, 1)


def numbered(first, num):
    """Images that are their own numbers, from 1."""
    numbers = np.arange(first, first + num) + 1.0
    return np.broadcast_to(numbers[:, None, None, None], (num, *SHAPE))


class PlainPool:
    """What the layer does, one image after another."""

    def __init__(self, size):
        self.size = size
        self.images = []

    def __call__(self, images, draws):
        shown = []
        for image, (whether, which) in zip(images, draws, strict=True):
            if len(self.images) < self.size:
                self.images.append(image)
                shown.append(image)
            elif whether < 0.5:
                place = int(which * self.size)
                shown.append(self.images[place])
                self.images[place] = image
            else:
                shown.append(image)
        return np.array(shown)


def held(pool):
    return ops.convert_to_numpy(pool.images)


@pytest.mark.parametrize("batch_size", [1, 3, 9])
def test_is_the_plain_pool(batch_size):
    # Batches that fill the pool in their middle, and that take one place
    # twice.
    pool, plain = ImagePool(SHAPE, 4), PlainPool(4)
    rng = np.random.default_rng(0)
    older = 0
    for step in range(40):
        images = numbered(step * batch_size, batch_size)
        draws = rng.random((batch_size, 2)).astype("float32")
        shown = ops.convert_to_numpy(
            pool(ops.convert_to_tensor(images, "float32"), draws)
        )
        np.testing.assert_array_equal(shown, plain(images, draws))
        np.testing.assert_array_equal(
            held(pool)[: len(plain.images)], plain.images
        )
        older += (shown[:, 0, 0, 0] <= step * batch_size).sum()
    assert int(pool.count) == 4
    assert older > 10


def test_a_place_that_two_images_take_shows_the_first_of_them():
    pool = ImagePool(SHAPE, 2)
    pool(ops.convert_to_tensor(numbered(0, 2), "float32"), np.ones((2, 2)))
    draws = np.array([[0.0, 0.75], [0.5, 0.75], [0.49, 0.5], [0.0, 0.49]])
    shown = pool(
        ops.convert_to_tensor(numbered(2, 4), "float32"),
        draws.astype("float32"),
    )
    # Image 3 takes the place of 2, 4 is shown, 5 takes that of 3, 6 of 1.
    assert ops.convert_to_numpy(shown)[:, 0, 0, 0].tolist() == [2, 4, 3, 1]
    assert held(pool)[:, 0, 0, 0].tolist() == [6, 5]


def test_is_saved_and_described(tmp_path):
    inputs = keras.Input(SHAPE)
    model = keras.Model(inputs, inputs)
    model.pool = ImagePool(SHAPE, 3)
    model.pool(
        ops.convert_to_tensor(numbered(0, 2), "float32"), np.ones((2, 2))
    )
    model.save_weights(tmp_path / "m.weights.h5")
    again = keras.Model(inputs, inputs)
    again.pool = ImagePool.from_config(model.pool.get_config())
    again.load_weights(tmp_path / "m.weights.h5")
    assert int(again.pool.count) == 2
    np.testing.assert_array_equal(held(again.pool), held(model.pool))
