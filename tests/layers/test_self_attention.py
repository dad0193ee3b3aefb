import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import SelfAttention


def by_hand():
    """A layer for 2 channels, whose maps of spectral norm one are known."""
    layer = SelfAttention()
    layer.build((None, 2, 2, 2))
    kernels = {
        "query": [[2.0], [0.0]],  # divided by 2: the first channel
        "key": [[0.0], [3.0]],  # the second
        "value": [[0.0], [0.5]],  # the second
        "output_map": [[3.0, 4.0]],  # (0.6, 0.8)
    }
    for name, kernel in kernels.items():
        conv = getattr(layer, name)
        conv.kernel.assign(np.array(kernel)[None, None])
        # u is a unit vector already where there is one output.
        conv.u.assign([0.6, 0.8] if name == "output_map" else [1.0])
    return layer


def test_equations_1_to_3_by_hand():
    layer = by_hand()
    layer.gamma.assign(10.0)
    # Two images of 4x2 places; pooled by two, there are two places to look at.
    x = np.zeros((2, 4, 2, 2), "float32")
    x[0, 0, 0] = [np.log(3.0), 0.0]  # where the first looks
    x[0, 1, 1] = [0.0, 1.0]  # the upper place seen: the largest of four
    x[0, 2:, :, 1] = -1.0
    x[1] = x[0, ::-1]
    beta = ops.convert_to_numpy(layer.attention(x))
    assert beta.shape == (2, 8, 2)
    # Scores log(3) * 1 and log(3) * -1: 3 against 1/3.
    np.testing.assert_allclose(beta[0, 0], [0.9, 0.1], rtol=1e-5)
    np.testing.assert_allclose(beta[0, 1:], 0.5, rtol=1e-5)
    np.testing.assert_allclose(beta[1, 6], [0.1, 0.9], rtol=1e-5)
    y = ops.convert_to_numpy(layer(x))
    # 0.9 * 1 + 0.1 * -1 = 0.8 is seen, mapped to (0.48, 0.64), times 10.
    np.testing.assert_allclose(y[0, 0, 0], [np.log(3.0) + 4.8, 6.4], rtol=1e-5)
    # The others see the mean of 1 and -1: nothing.
    np.testing.assert_allclose(y[0, 1:], x[0, 1:], atol=1e-5)
    np.testing.assert_allclose(y[1], y[0][[3, 2, 1, 0]], atol=1e-5)


def test_starts_as_the_identity():
    layer = SelfAttention()
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 16)).astype("float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), x)
    shapes = {w.path.split("/")[-2]: w.shape for w in layer.trainable_weights}
    assert shapes["query"] == shapes["key"] == (1, 1, 16, 2)
    assert shapes["value"] == (1, 1, 16, 8)
    assert shapes["output_map"] == (1, 1, 8, 16)


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_saves_and_loads_in_a_model(dtype, tmp_path):
    inputs = keras.Input((4, 4, 8))
    layer = SelfAttention("he_normal", dtype=dtype)
    model = keras.Model(inputs, layer(inputs))
    layer.gamma.assign(0.5)
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 8)).astype("float32")
    for _ in range(2):  # u takes steps
        model(x, training=True)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    y = ops.convert_to_numpy(ops.cast(model(x), "float32"))
    np.testing.assert_array_equal(
        y, ops.convert_to_numpy(ops.cast(loaded(x), "float32"))
    )
    assert np.abs(y - x).max() > 0.01
    assert loaded.layers[-1].get_config() == layer.get_config()


@pytest.mark.parametrize("sides", [(5, 4), (4, 5)])
def test_refuses_odd_maps(sides):
    with pytest.raises(
        ValueError, match=rf"even.*None, {sides[0]}, {sides[1]}"
    ):
        SelfAttention().build((None, *sides, 8))


def test_takes_any_number_of_channels():
    layer = SelfAttention()
    x = np.random.default_rng(0).normal(size=(2, 4, 2, 3)).astype("float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), x)
    weights = [w for w in layer.trainable_weights if len(w.shape) == 4]
    shapes = [tuple(w.shape) for w in weights]
    # Queries and keys of one channel, values of one, and back to three.
    assert sorted(shapes) == [(1, 1, 1, 3), *[(1, 1, 3, 1)] * 3]
