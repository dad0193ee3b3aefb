import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import backend, penalties


def linear_critic(weights):
    """Returns f(x) = <weights, x> over (1, 2, 1) images."""
    weights = ops.convert_to_tensor(np.reshape(weights, (1, 2, 1)), "float32")
    return lambda x: ops.sum(x * weights, (1, 2, 3))


def square_critic(x):
    """Returns f(x) = |x|^2 / 2, whose gradient is x."""
    return 0.5 * ops.sum(ops.square(x), (1, 2, 3))


def images(*rows):
    return ops.convert_to_tensor(np.reshape(rows, (-1, 1, 2, 1)), "float32")


def test_gradient_norms_of_each_image():
    norms = penalties.squared_gradient_norms(
        square_critic, images([3.0, 4.0], [1.0, 0.0])
    )
    np.testing.assert_allclose(ops.convert_to_numpy(norms), [25.0, 1.0])


def test_squares_of_several_gradients_add_up():
    parts = [images([3.0, 4.0], [1.0, 0.0]), ops.ones((2, 3))]
    norms = penalties.squared_norms(parts)
    np.testing.assert_allclose(ops.convert_to_numpy(norms), [28.0, 4.0])


def test_gradient_penalty_of_a_linear_critic():
    # |(3, 4)| = 5 wherever the image lies: (5 - 1)^2.
    zeros, share = images([0.0, 0.0]), ops.full((1, 1, 1, 1), 0.5)
    critic = linear_critic([3.0, 4.0])
    penalty = penalties.gradient_penalty(critic, zeros, zeros, share)
    assert float(penalty) == pytest.approx(16.0)


def test_gradient_penalty_of_a_flat_critic_is_one():
    zeros, share = images([0.0, 0.0]), ops.full((1, 1, 1, 1), 0.5)
    critic = linear_critic([0.0, 0.0])
    penalty = penalties.gradient_penalty(critic, zeros, zeros, share)
    assert float(penalty) == pytest.approx(1.0, rel=1e-5)


def test_gradient_penalty_is_taken_between_the_images():
    # A quarter of (8, 0) and three of (0, 4): (2, 3); a whole (0, 2).
    real, fake = images([8.0, 0.0], [0.0, 2.0]), images([0.0, 4.0], [9.0, 9.0])
    share = ops.reshape(ops.convert_to_tensor([0.25, 1.0]), (2, 1, 1, 1))
    penalty = penalties.gradient_penalty(square_critic, real, fake, share)
    expected = ((13.0**0.5 - 1.0) ** 2 + (2.0 - 1.0) ** 2) / 2
    assert float(penalty) == pytest.approx(expected, rel=1e-5)


def test_zero_centred_penalty_is_half_the_mean_square():
    critic = linear_critic([3.0, 4.0])
    penalty = penalties.zero_centred_penalty(critic, images([7.0, 7.0]))
    assert float(penalty) == pytest.approx(12.5)
    several = images([3.0, 4.0], [1.0, 0.0])
    penalty = penalties.zero_centred_penalty(square_critic, several)
    assert float(penalty) == pytest.approx((25.0 + 1.0) / 4)


def test_orthogonal_penalty_leaves_lengths_free():
    # Columns (1, 0) and (2, 3): W^T W has 2 twice off its diagonal.
    kernel = ops.convert_to_tensor([[1.0, 2.0], [0.0, 3.0]])
    assert float(penalties.orthogonal_penalty([kernel])) == pytest.approx(8.0)
    convolution = ops.reshape(kernel, (2, 1, 1, 2))
    both = penalties.orthogonal_penalty([kernel, convolution])
    assert float(both) == pytest.approx(16.0)
    long = ops.convert_to_tensor([[5.0, 0.0], [0.0, 9.0]])
    assert float(penalties.orthogonal_penalty([long])) == 0.0


class OneStep(keras.Model):
    """Takes one step down a penalty of <w, x> in `fit`, as a GAN would."""

    def __init__(self, penalty):
        super().__init__()
        self.w = self.add_weight(shape=(1, 2, 1), initializer="zeros")
        self.w.assign(np.reshape([3.0, 4.0], (1, 2, 1)))
        self.penalty = penalty
        self.built = True

    def train_step(self, data):
        def critic(x):
            return ops.sum(x * self.w, (1, 2, 3))

        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        loss = backend.minimize(
            lambda: self.penalty(critic, x), self.optimizer, [self.w]
        )
        return {"loss": loss}

    def make_train_function(self, force=False):
        def step(data):
            return OneStep.train_step(self, data)

        self.__dict__["train_step"] = backend.adapt_train_step(self, step)
        super().make_train_function(force)


def between_itself(critic, x):
    return penalties.gradient_penalty(critic, x, x, ops.ones((1, 1, 1, 1)))


def moving(penalty):
    """Takes a penalty of <w, x> + |x|^2 / 2 at x = (w_1 + w_2) (1, 1)."""

    def at_moving_images(critic, x):
        x = ops.convert_to_tensor(x)
        images = critic(x)[:, None, None, None] * x
        return penalty(lambda x: critic(x) + square_critic(x), images)

    return at_moving_images


@pytest.mark.parametrize(
    ("penalty", "gradient"),
    [
        # d (|w|^2 / 2) / dw = w.
        (penalties.zero_centred_penalty, [3.0, 4.0]),
        # d (|w| - 1)^2 / dw = 2 (|w| - 1) w / |w|, with |w| = 5.
        (between_itself, [4.8, 6.4]),
        # The same of w + x = (10, 11), where x is a constant.
        (moving(penalties.zero_centred_penalty), [10.0, 11.0]),
        (
            moving(between_itself),
            2.0 * (1.0 - 221.0**-0.5) * np.array([10.0, 11.0]),
        ),
    ],
)
def test_penalties_reach_the_weights_and_not_the_images(penalty, gradient):
    model = OneStep(penalty)
    model.compile(optimizer=keras.optimizers.SGD(0.5), jit_compile=False)
    model.fit(np.ones((1, 1, 2, 1), "float32"), verbose=0)
    left = ops.convert_to_numpy(model.w).ravel()
    expected = np.array([3.0, 4.0]) - 0.5 * np.array(gradient)
    np.testing.assert_allclose(left, expected, rtol=1e-5)


def test_a_flat_critic_has_a_finite_gradient():
    model = OneStep(between_itself)
    model.w.assign(np.zeros((1, 2, 1)))
    model.compile(optimizer=keras.optimizers.SGD(0.5), jit_compile=False)
    model.fit(np.ones((1, 1, 2, 1), "float32"), verbose=0)
    np.testing.assert_array_equal(ops.convert_to_numpy(model.w), 0.0)
