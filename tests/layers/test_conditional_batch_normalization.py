import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ConditionalBatchNormalization


def numbers(x):
    return ops.convert_to_numpy(ops.cast(x, "float32"))


def by_hand(**kwargs):
    """One channel and two classes: scales 1 + (1, -3), offsets (10, 20)."""
    layer = ConditionalBatchNormalization(epsilon=0.0, **kwargs)
    layer.build([(None, 1, 2, 1), (None, 2)])
    layer.scale.kernel.assign([[1.0], [-3.0]])
    layer.offset.kernel.assign([[10.0], [20.0]])
    return layer


def test_every_class_has_its_own_scale_and_offset():
    layer = by_hand(momentum=0.9)
    # Mean 4, variance (9 + 1 + 1 + 9) / 4 = 5.
    maps = np.array([[1.0, 3.0], [5.0, 7.0]], "float32").reshape(2, 1, 2, 1)
    one_hot = np.eye(2, dtype="float32")
    y = numbers(layer([maps, one_hot], training=True))
    d = np.sqrt(5.0)
    np.testing.assert_allclose(
        y.reshape(2, 2),
        [[10 - 6 / d, 10 - 2 / d], [20 - 2 / d, 20 - 6 / d]],
        rtol=1e-5,
    )
    # Afterwards by the moving averages: mean 0.4, variance 0.9 + 0.5.
    y = numbers(layer([maps, one_hot], training=False))
    d = np.sqrt(1.4)
    np.testing.assert_allclose(
        y.reshape(2, 2),
        [[10 + 1.2 / d, 10 + 5.2 / d], [20 - 9.2 / d, 20 - 13.2 / d]],
        rtol=1e-5,
    )


def test_trains_two_linear_maps_without_bias():
    names = sorted(w.name for w in by_hand().trainable_weights)
    assert names == ["kernel", "kernel"]


def test_scale_and_offset_are_linear_in_the_condition():
    layer = by_hand()
    layer.norm.moving_variance.assign([4.0])
    maps = np.full((1, 1, 2, 1), 6.0, "float32")
    y = layer([maps, np.array([[2.0, 0.5]], "float32")], training=False)
    # Scale 1 + 2 - 1.5, offset 20 + 10, of 6 / 2.
    np.testing.assert_allclose(numbers(y), 34.5, rtol=1e-6)


def test_spectral_maps_have_norm_one():
    layer = ConditionalBatchNormalization(spectral=True, epsilon=0.0)
    layer.build([(None, 1, 1, 2), (None, 2)])
    for linear, matrix in (
        (layer.scale, [[3.0, 0.0], [0.0, 1.0]]),
        (layer.offset, [[0.0, 1.0], [4.0, 0.0]]),
    ):
        linear.kernel.assign(matrix)
        linear.u.assign([1.0, 0.0])
    maps = np.array([[2.0, 6.0]], "float32").reshape(1, 1, 1, 2)
    y = layer([maps, np.array([[1.0, 2.0]], "float32")], training=False)
    # Scales 1 + (1, 2/3), offsets (2, 1/4).
    np.testing.assert_allclose(numbers(y)[0, 0, 0], [6.0, 10.25], rtol=1e-6)


@pytest.mark.parametrize("spectral", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_saves_and_loads_in_a_model(spectral, dtype, tmp_path):
    inputs = [keras.Input((4, 4, 3)), keras.Input((5,))]
    layer = ConditionalBatchNormalization(
        momentum=0.5, spectral=spectral, epsilon=1e-4, dtype=dtype
    )
    model = keras.Model(inputs, layer(inputs))
    rng = np.random.default_rng(0)
    data = [
        rng.normal(size=shape).astype("float32")
        for shape in ((6, 4, 4, 3), (6, 5))
    ]
    before = numbers(model(data, training=False))
    model(data, training=True)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    after = numbers(model(data, training=False))
    assert np.abs(after - before).max() > 0.01
    np.testing.assert_array_equal(after, numbers(loaded(data, training=False)))
    assert loaded.layers[-1].get_config() == layer.get_config()
