import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import MinibatchStandardDeviation


def reference(x, size, features):
    """The definition, group by group and part by part."""
    num, height, width, _ = x.shape
    maps = np.zeros((num, height, width, features))
    groups = num // size
    for m in range(groups):
        group = x[m::groups]
        for f, part in enumerate(np.split(group, features, axis=-1)):
            deviation = np.sqrt(np.var(part, axis=0) + 1e-8)
            maps[m::groups, :, :, f] = np.mean(deviation)
    return np.concatenate([x, maps], -1)


def test_by_hand():
    # Groups are images 0 and 2, with deviations 1 and 3, and 1 and 3, with
    # deviations 0 and 5.
    x = np.zeros((4, 1, 2, 1), "float32")
    x[0, 0, :, 0], x[2, 0, :, 0] = [1.0, 0.0], [3.0, 6.0]
    x[1, 0, :, 0], x[3, 0, :, 0] = [7.0, -5.0], [7.0, 5.0]
    y = ops.convert_to_numpy(MinibatchStandardDeviation(2)(x))
    np.testing.assert_array_equal(y[..., :1], x)
    expected = np.array([2.0, 2.5, 2.0, 2.5])
    np.testing.assert_allclose(y[:, 0, 0, 1], expected, rtol=1e-4)
    np.testing.assert_allclose(y[:, 0, 1, 1], expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("num", "group_size", "size"),
    [(8, 4, 4), (9, 4, 3), (7, 4, 1), (2, 4, 2), (6, 6, 6), (6, 4, 3)],
)
def test_groups_of_the_largest_size_that_divides_the_batch(
    num, group_size, size
):
    x = np.random.default_rng(0).normal(size=(num, 2, 3, 4)).astype("float32")
    y = ops.convert_to_numpy(MinibatchStandardDeviation(group_size, 2)(x))
    np.testing.assert_allclose(y, reference(x, size, 2), rtol=1e-4, atol=1e-5)


def test_an_open_batch_has_the_same_groups():
    inputs = keras.Input((2, 3, 4))
    layer = MinibatchStandardDeviation(4)
    model = keras.Model(inputs, layer(inputs))
    assert model.output.shape == (None, 2, 3, 5)
    for num, size in [(8, 4), (9, 3), (7, 1)]:
        x = np.random.default_rng(1).normal(size=(num, 2, 3, 4)).astype("f")
        y = model.predict(x, verbose=0, batch_size=num)
        np.testing.assert_allclose(y, reference(x, size, 1), rtol=1e-4)


def test_config_round_trip_and_precision():
    layer = MinibatchStandardDeviation(8, 2, name="m", dtype="mixed_bfloat16")
    again = MinibatchStandardDeviation.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    y = again(np.ones((2, 1, 1, 2)))
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"


def test_refuses_numbers_that_do_not_fit():
    with pytest.raises(ValueError, match=r"at least 1\. Received"):
        MinibatchStandardDeviation(0)
    with pytest.raises(ValueError, match=r"divide .* Received.*3, 4 channels"):
        MinibatchStandardDeviation(4, 3)(np.ones((2, 1, 1, 4)))
