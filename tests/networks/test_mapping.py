import math

import numpy as np
import pytest
from keras import ops

from keras_gans.modalities import Attributes, ClassLabel, Truncation
from keras_gans.networks.mapping import build_mapping


def normal(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-8)


def dense(x, kernel, bias, lr):
    y = x @ kernel * lr / math.sqrt(len(kernel)) + lr * bias
    return math.sqrt(2.0) * np.where(y > 0, y, 0.2 * y)


@pytest.mark.parametrize(
    ("latent_dim", "condition"),
    [(3, None), (3, ClassLabel(4)), (0, ClassLabel(4))],
)
def test_is_numpys(latent_dim, condition):
    network = build_mapping(latent_dim, 5, 2, condition, lr_multiplier=0.1)
    rng = np.random.default_rng(0)
    network.set_weights(
        [rng.standard_normal(w.shape) for w in network.get_weights()]
    )
    weights = network.get_weights()
    given, parts = [], []
    if latent_dim:
        given.append(rng.standard_normal((2, latent_dim)).astype("float32"))
        parts.append(normal(given[0]))
    if condition is not None:
        given.append(np.array([3, 1]))
        kernel, bias, *weights = weights
        parts.append(normal(kernel[[3, 1]] / 2.0 + bias))
    x = np.concatenate(parts, -1)
    for i in range(2):
        x = dense(x, *weights[2 * i : 2 * i + 2], 0.1)
    made = network(given if len(given) > 1 else given[0])
    np.testing.assert_allclose(ops.convert_to_numpy(made), x, rtol=1e-4)


def test_starts_with_the_rate_of_its_layers():
    network = build_mapping(64, 64, 2, lr_multiplier=0.01)
    kernel, bias = network.get_layer("dense_1").get_weights()
    assert kernel.std() == pytest.approx(100.0, rel=0.05)
    assert not bias.any()


def test_takes_attributes():
    network = build_mapping(3, 4, 1, Attributes(2))
    made = network([np.zeros((2, 3)), np.array([[0.0, 1.0], [1.0, 0.0]])])
    assert np.abs(ops.convert_to_numpy(made[0] - made[1])).max() > 1e-3


def test_truncation_is_one_and_warns_beyond_its_range():
    kind = Truncation()
    np.testing.assert_array_equal(kind.draw(3, None), np.ones(3))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(kind.sample(None, 2)), np.ones(2)
    )
    np.testing.assert_allclose(kind.check([0.5, 1]), [0.5, 1.0])
    with pytest.warns(UserWarning, match=r"Received: -0.5 to 1.5"):
        kind.check([1.5, -0.5])
    with pytest.raises(ValueError, match="must be finite"):
        kind.check([np.nan])
