import numpy as np
import pytest
from oracles import oracle

from keras_gans.metrics import scores_of_splits


def test_by_hand():
    # p = (1/4, 3/4) and (3/4, 1/4), whose mean is even.
    logits = np.log([[1.0, 3.0], [3.0, 1.0]])
    logits += np.array([[5.0], [-700.0]])
    expected = np.exp(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert scores_of_splits(logits, 1) == pytest.approx([expected], rel=1e-12)


def test_extremes():
    # Sure of every class equally often, of one class, and of none.
    every = np.repeat(1000.0 * np.eye(10), 7, axis=0)
    assert scores_of_splits(every, 1) == pytest.approx([10.0])
    assert scores_of_splits(every[:7], 2) == pytest.approx([1.0, 1.0])
    assert scores_of_splits(np.zeros((9, 10)), 3) == pytest.approx([1.0] * 3)


def test_images_in_the_order_of_their_classes_are_shuffled():
    logits = np.repeat(20.0 * np.eye(10), 100, axis=0)
    scores = scores_of_splits(logits, 10)
    assert scores.min() > 8.0
    again, other = scores_of_splits(logits, 10), scores_of_splits(logits, 10, 1)
    np.testing.assert_array_equal(scores, again)
    assert (scores != other).any()


@pytest.mark.oracle
def test_agrees_with_torch_fidelity():
    theirs = oracle("torch_fidelity.metric_isc").isc_features_to_metric
    torch = pytest.importorskip("torch")
    logits = np.random.default_rng(0).normal(size=(103, 12)) * 3
    found = theirs(torch.from_numpy(logits), splits=10, rng_seed=2020)
    scores = scores_of_splits(logits, 10, seed=2020)
    mean, deviation = found.values()
    assert scores.mean() == pytest.approx(mean, rel=1e-12)
    assert scores.std() == pytest.approx(deviation, rel=1e-12)


def test_bad_input():
    with pytest.raises(ValueError, match="Received: splits=10, 9 images"):
        scores_of_splits(np.zeros((9, 3)))
    with pytest.raises(ValueError, match="Received: 1 of 9 rows"):
        scores_of_splits(np.full((9, 3), [[np.inf]] + [[0]] * 8), 3)
