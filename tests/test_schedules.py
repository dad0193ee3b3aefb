import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.schedules import (
    CosineAdam,
    Delayed,
    LinearDecay,
    cosine,
    delayed,
)


@pytest.mark.parametrize(
    ("step", "value"),
    # cos(0), cos(pi / 3) = 1 / 2, cos(pi / 2), cos(pi), and on.
    [(0, 8.0), (4, 6.5), (6, 5.0), (12, 2.0), (100, 2.0)],
)
def test_cosine_by_hand(step, value):
    assert float(cosine(step, 8.0, 2.0, over=12)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("step", "value"), [(0, 8.0), (4, 8.0), (5, 6.0), (7, 2.0), (8, 0), (9, 0)]
)
def test_linear_decay_by_hand(step, value):
    schedule = LinearDecay(8.0, start=4, end=8)
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(schedule)
    )
    for found in (schedule, again):
        assert float(found(step)) == pytest.approx(value)


def test_a_rate_may_fall_from_the_first_step():
    rates = [float(LinearDecay(8.0, 0, 4)(step)) for step in range(6)]
    assert rates == [8.0, 6.0, 4.0, 2.0, 0.0, 0.0]


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4)])
def test_a_decay_ends_after_its_start(start, end):
    with pytest.raises(ValueError, match=f"Received: start={start}, end={end}"):
        LinearDecay(1.0, start, end)


def test_adam_by_hand():
    adam = CosineAdam((0.4, 0.1), 0.0, (0.5, 0.75), over=2, epsilon=0.0)
    weight = keras.Variable([0.0])
    adam.build([weight])
    # beta2 = 0.5, rate 0.4: v = 2, v / (1 - 0.5) = 4, a step of 0.4 * 2 / 2.
    adam.apply([ops.convert_to_tensor([2.0])])
    np.testing.assert_allclose(ops.convert_to_numpy(weight), [-0.4], rtol=1e-5)
    # beta2 = 0.625, rate 0.25: v = 0.625 * 2 + 0.375 * 16 = 7.25.
    adam.apply([ops.convert_to_tensor([4.0])])
    step = 0.25 * 4.0 / np.sqrt(7.25 / (1.0 - 0.625**2))
    value = ops.convert_to_numpy(weight)
    np.testing.assert_allclose(value, [-0.4 - step], rtol=1e-5)


def test_epsilon_stands_beside_the_root_of_the_squares():
    # v = 0.5 * 4 and a correction of sqrt(0.5): 0.4 * sqrt(0.5) * 2 over
    # sqrt(2) + 0.3.
    adam = CosineAdam((0.4, 0.1), 0.0, (0.5, 0.75), over=2, epsilon=0.3)
    weight = keras.Variable([0.0])
    adam.build([weight])
    adam.apply([ops.convert_to_tensor([2.0])])
    step = 0.4 * np.sqrt(0.5) * 2.0 / (np.sqrt(2.0) + 0.3)
    value = ops.convert_to_numpy(weight)
    np.testing.assert_allclose(value, [-step], rtol=1e-5)


def test_equals_keras_adam_where_nothing_changes():
    ours = CosineAdam((0.01, 0.01), 0.9, (0.99, 0.99), over=5)
    theirs = keras.optimizers.Adam(0.01, 0.9, 0.99)
    rng, weights = np.random.default_rng(0), []
    gradients = rng.standard_normal((4, 3)).astype("float32")
    for adam in (ours, theirs):
        weight = keras.Variable(np.zeros(3, "float32"))
        adam.build([weight])
        for gradient in gradients:
            adam.apply([ops.convert_to_tensor(gradient)])
        weights.append(ops.convert_to_numpy(weight))
    np.testing.assert_allclose(*weights, rtol=1e-4)


def test_config_round_trip():
    adam = CosineAdam((0.4, 0.1), 0.0, (0.5, 0.75), over=2, epsilon=1e-6)
    config = keras.saving.serialize_keras_object(adam)
    again = keras.saving.deserialize_keras_object(config)
    assert again.get_config() == adam.get_config()


def test_refuses_amsgrad():
    with pytest.raises(ValueError, match="Received: amsgrad=True"):
        CosineAdam((0.4, 0.1), 0.0, (0.5, 0.75), over=2, amsgrad=True)


@pytest.mark.parametrize(
    "adam",
    [
        lambda: keras.optimizers.Adam(0.25, 0.0, 0.5),
        lambda: keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(0.25, 100), 0.0, 0.5
        ),
        lambda: CosineAdam((0.25, 0.1), 0.0, (0.5, 0.75), over=100),
    ],
)
def test_first_steps_that_change_nothing(adam):
    config = keras.saving.serialize_keras_object(delayed(adam(), 2))
    weights = []
    for optimizer in (keras.saving.deserialize_keras_object(config), adam()):
        weight = keras.Variable([1.0])
        optimizer.build([weight])
        taken = [1.0]
        for _ in range(3):
            optimizer.apply([ops.convert_to_tensor([2.0])])
            taken.append(float(ops.convert_to_numpy(weight)[0]))
        weights.append(taken)
    late, at_once = weights
    assert late[:3] == [1, 1, 1]
    # The third step is the third of one that never waited.
    step = at_once[3] - at_once[2]
    assert late[3] - late[2] == pytest.approx(step, rel=1e-4)


def test_a_delayed_rate():
    rate = Delayed(0.5, 3)
    assert [float(rate(step)) for step in (0, 2, 3, 9)] == [0, 0, 0.5, 0.5]
    assert Delayed(**rate.get_config()).get_config() == rate.get_config()
