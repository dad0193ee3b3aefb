import numpy as np
import pytest

from keras_gans.metrics import GaussianStatistics, extrapolate, frechet_distance
from keras_gans.metrics.distances import extrapolation

D = 20
REAL = GaussianStatistics.from_moments(np.zeros(D), np.eye(D), 10**6)


def test_finds_the_distance_of_known_gaussians():
    deviations = np.linspace(0.6, 1.4, D)
    true = frechet_distance(
        np.zeros(D), np.eye(D), np.full(D, 0.1), np.diag(deviations**2)
    )
    rng = np.random.default_rng(0)
    plain, extrapolated = [], []
    for seed in range(40):
        fake = rng.normal(size=(600, D)) * deviations + 0.1
        line = extrapolate(REAL, fake, points=8, smallest=100, seed=seed)
        plain.append(line.distances[-1])
        extrapolated.append(line.value)
    bias = np.mean(plain) - true
    assert bias > 0.1 * true
    assert abs(np.mean(extrapolated) - true) < 0.2 * bias


def test_a_straight_line_is_followed(monkeypatch):
    def distance(mu1, sigma1, mu2, sigma2):
        return 5.0 + 30.0 / counts.pop(0)

    monkeypatch.setattr(extrapolation, "frechet_distance", distance)
    counts = [10, 40, 70, 100]
    line = extrapolate(REAL, np.zeros((100, D)), points=4, smallest=10)
    assert line.counts.tolist() == [10, 40, 70, 100]
    assert line.value == pytest.approx(5.0)
    assert line.slope == pytest.approx(30.0)
    assert line.distances[0] == 8.0


def test_seed_and_default_size():
    fake = np.random.default_rng(1).normal(size=(300, D))
    lines = [extrapolate(REAL, fake, 3, seed=seed) for seed in (0, 0, 1)]
    assert lines[0].value == lines[1].value != lines[2].value
    assert lines[0].counts.tolist() == [40, 170, 300]  # Twice D.
    assert extrapolate(REAL, fake[:50], 2).counts.tolist() == [25, 50]


@pytest.mark.parametrize(
    ("options", "received"),
    [
        ({"points": 1}, "points=1, smallest=25, 50 images"),
        ({"smallest": 1}, "points=15, smallest=1, 50 images"),
        ({"smallest": 50}, "points=15, smallest=50, 50 images"),
    ],
)
def test_bad_settings(options, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        extrapolate(REAL, np.zeros((50, D)), **options)
