import numpy as np
import pytest
from oracles import oracle

from keras_gans.metrics import kernel_distance, kernel_distances
from keras_gans.metrics.distances import kernel, neighbours


def test_by_hand():
    # (x y + 1)^3: within 1 and 64; between 1, 1, 27, 343.
    real, fake = [[0.0], [2.0]], [[1.0], [3.0]]
    expected = 1 + 64 - 2 * (1 + 1 + 27 + 343) / 4
    assert kernel_distance(real, fake) == pytest.approx(expected, rel=1e-12)


def test_expectation_of_shifted_gaussians():
    # With t = x . y / d the kernel is 1 + 3t + 3t^2 + t^3, whose moments are
    # known; s is the squared shift. The first term, 3 s / d, rules.
    rng = np.random.default_rng(0)
    d, shift = 4, np.array([0.5, 0.0, -0.5, 1.0])
    s = shift @ shift
    expected = 3 * s / d + 3 * (s / d) ** 2
    expected += (s**3 + 6 * s**2 + 3 * s * d + 6 * s) / d**3
    found = [
        kernel_distance(
            rng.normal(size=(200, d)), rng.normal(size=(100, d)) + shift
        )
        for _ in range(200)
    ]
    error = np.std(found) / np.sqrt(len(found))
    assert error < 0.03 * expected
    assert abs(np.mean(found) - expected) < 4 * error


def test_equal_distributions_give_zero_on_average():
    rng = np.random.default_rng(1)
    features = rng.normal(size=(4000, 6))
    values = kernel_distances(features[:2000], features[2000:], 50, 100)
    assert values.min() < 0 < values.max()
    assert abs(values.mean()) < values.std()


def test_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(90, 5)), rng.normal(size=(70, 5))
    whole = kernel_distance(real, fake)
    monkeypatch.setattr(kernel, "BLOCK", 7 * 70)
    assert neighbours.BLOCK > 90 * 90
    assert kernel_distance(real, fake) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize(
    ("dtype", "atol"), [("float64", 1e-12), ("float32", 1e-6)]
)
@pytest.mark.oracle
def test_agrees_with_torch_fidelity(dtype, atol):
    theirs = oracle("torch_fidelity.metric_kid").kid_features_to_metric
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    real = rng.gamma(1.0, 0.5, size=(150, 64)).astype(dtype)
    fake = rng.gamma(1.2, 0.5, size=(120, 64)).astype(dtype)
    found = theirs(
        torch.from_numpy(real),
        torch.from_numpy(fake),
        kid_subsets=8,
        kid_subset_size=100,
        rng_seed=2020,
        verbose=False,
    )
    values = kernel_distances(real, fake, 8, 100, seed=2020)
    mean = found["kernel_inception_distance_mean"]
    deviation = found["kernel_inception_distance_std"]
    assert values.mean() == pytest.approx(mean, abs=atol)
    assert values.std() == pytest.approx(deviation, abs=atol)
    assert mean > 100 * atol


@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({}, "subset_size=1000, 30 real and 20 fake images"),
        ({"subset_size": 1}, "subset_size=1,"),
        ({"subset_size": 9, "subsets": 0}, "subsets=0,"),
    ],
)
def test_bad_subsets(options, received):
    with pytest.raises(ValueError, match=f"Received: .*{received}"):
        kernel_distances(np.zeros((30, 2)), np.zeros((20, 2)), **options)


@pytest.mark.parametrize(
    ("fake", "received"),
    [
        (np.zeros((5, 3)), "2 and 3"),
        (np.zeros(5), r"\(5,\)"),
        (np.zeros((1, 2)), "1"),
        (np.zeros((0, 2)), "0"),
        (np.array([[0, 1], [np.nan, 0]]), "1 of 2 rows"),
    ],
)
def test_bad_features(fake, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        kernel_distance(np.zeros((5, 2)), fake)
