import numpy as np
import pytest

from keras_gans.metrics.distances.frechet import frechet_distance
from keras_gans.metrics.distances.frechet_bias import expected_frechet_distance


def simulated(rng, deviations, counts, repeats=40):
    distances = []
    for _ in range(repeats):
        gaussians = []
        for count in counts:
            sample = rng.normal(size=(count, deviations.size)) * deviations
            gaussians += [sample.mean(0), np.cov(sample.T)]
        distances.append(frechet_distance(*gaussians))
    return np.mean(distances)


@pytest.mark.parametrize("deviations", [np.ones(60), np.logspace(1, -1, 60)])
@pytest.mark.parametrize("counts", [(20, 20), (500, 20), (50, 200), (300, 300)])
def test_agrees_with_simulation(deviations, counts):
    rng = np.random.default_rng(0)
    expected = simulated(rng, deviations, counts)
    found = expected_frechet_distance(np.diag(deviations**2), *counts)
    assert found == pytest.approx(expected, rel=0.06)


def test_in_one_dimension_by_hand():
    # Means: s^2 (1/n + 1/m). Deviations vary by s^2 / 2n for large n.
    found = expected_frechet_distance([[4.0]], 1000, 500)
    by_hand = 4.0 * (1 + 0.5) * (1 / 1000 + 1 / 500)
    assert found == pytest.approx(by_hand, rel=0.15)


def test_many_samples_leave_the_leading_term():
    # Of equal eigenvalues s: s (1/n + 1/m) (d + d (d + 1) / 4).
    found = expected_frechet_distance(3.0 * np.eye(50), 20_000, 40_000)
    by_hand = 3.0 * (50 + 50 * 51 / 4) * (1 / 20_000 + 1 / 40_000)
    assert found == pytest.approx(by_hand, rel=0.03)


def test_a_sample_serves_as_the_distribution():
    rng = np.random.default_rng(1)
    deviations = np.logspace(0.5, -1, 40)
    sample = rng.normal(size=(2000, 40)) * deviations
    expected = simulated(rng, deviations, (2000, 25))
    found = expected_frechet_distance(np.cov(sample.T), 2000, 25)
    assert found == pytest.approx(expected, rel=0.06)


def test_no_variation_has_no_bias():
    assert expected_frechet_distance(np.zeros((3, 3)), 5, 5) == 0.0


def test_bad_counts():
    with pytest.raises(ValueError, match="Received: 1 and 50"):
        expected_frechet_distance(np.eye(2), 1, 50)
