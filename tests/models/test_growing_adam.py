import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.models.styles.adam import GrowingAdam

GRADIENTS = np.array([[0.5, -2.0], [0.1, 1.0], [-3.0, 0.2]], "float32")


def moved(optimizer, gradients):
    """Returns a weight of zeros after steps with these gradients."""
    weight = keras.Variable(np.zeros(2, "float32"))
    optimizer.build([weight])
    for gradient in gradients:
        optimizer.apply([ops.convert_to_tensor(gradient)], [weight])
    return ops.convert_to_numpy(weight)


@pytest.mark.parametrize("beta_1", [0.0, 0.9])
def test_is_adam_for_weights_that_are_always_used(beta_1):
    ours = moved(GrowingAdam(0.1, beta_1, 0.99), GRADIENTS)
    theirs = moved(keras.optimizers.Adam(0.1, beta_1, 0.99, 1e-8), GRADIENTS)
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


@pytest.mark.parametrize("beta_1", [0.0, 0.9])
def test_steps_without_a_gradient_count_for_nothing(beta_1):
    none = np.zeros_like(GRADIENTS[:1])
    late = np.concatenate([none, none, GRADIENTS[:1], none, GRADIENTS[1:]])
    np.testing.assert_array_equal(
        moved(GrowingAdam(0.1, beta_1, 0.99), late),
        moved(GrowingAdam(0.1, beta_1, 0.99), GRADIENTS),
    )


def test_the_first_step_of_a_late_weight_is_as_long_as_the_rate():
    late = np.concatenate([np.zeros((50, 2), "float32"), GRADIENTS[:1]])
    step = moved(GrowingAdam(0.1, 0.0, 0.99), late)
    np.testing.assert_allclose(step, [-0.1, 0.1], rtol=1e-4)
    # Of Keras's own, sqrt(1 - 0.99^51) / sqrt(1 - 0.99) times.
    theirs = moved(keras.optimizers.Adam(0.1, 0.0, 0.99), late)
    times = np.sqrt((1 - 0.99**51) / 0.01)
    np.testing.assert_allclose(theirs, times * np.array([-0.1, 0.1]), rtol=1e-3)


def test_epsilon_stands_beside_the_root_of_the_squares():
    # v = 0.01 * 4 after the first step, whose correction is sqrt(0.01): a step
    # of 0.1 * sqrt(0.01) * 2 / (sqrt(0.04) + 0.3).
    adam = GrowingAdam(0.1, 0.0, 0.99, epsilon=0.3)
    step = moved(adam, np.array([[2.0, -2.0]], "float32"))
    np.testing.assert_allclose(step, [-0.04, 0.04], rtol=1e-4)


def test_config_and_defaults():
    again = GrowingAdam.from_config(GrowingAdam(0.5).get_config())
    assert float(ops.convert_to_numpy(again.learning_rate)) == 0.5
    assert (again.beta_1, again.beta_2, again.epsilon) == (0.0, 0.99, 1e-8)
    with pytest.raises(ValueError, match="Received: amsgrad=True"):
        GrowingAdam(amsgrad=True)
