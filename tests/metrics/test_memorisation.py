import numpy as np
import pytest

from keras_gans.metrics import closeness
from keras_gans.metrics.distances.closeness import mann_whitney_z


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_by_hand(rng):
    real, test = [[0.0], [10.0]], [[1.0], [7.0], [12.0], [16.0]]
    fake = [[0.5], [9.0], [14.0], [30.0], [0.25]]
    # Tests are at 1, 3, 2, 6 from the nearest real, fakes at 0.5, 1, 4, 20,
    # 0.25; half of the tests are nearer than 2.5.
    found = closeness(real, fake, test, quantile=0.5)
    assert found.threshold == 2.5
    assert found.share == 3 / 5
    assert found.distances.tolist() == [0.5, 1.0, 4.0, 20.0, 0.25]
    assert found.indices.tolist() == [0, 1, 1, 1, 0]
    # Fake above test: 0, 0.5, 3, 4, 0 of 20; 10 are expected.
    variance = 20 / 12 * (10 - 6 / (9 * 8))  # One tie, of two.
    assert found.z == pytest.approx((7.5 - 10) / variance**0.5)


@pytest.mark.parametrize("with_test", [True, False])
def test_an_honest_generator_is_cleared(rng, with_test):
    real, fake, test = (rng.normal(size=(n, 8)) for n in (600, 800, 700))
    found = closeness(real, fake, test if with_test else None)
    assert found.share == pytest.approx(0.05, abs=0.03)
    assert abs(found.z) < 3


@pytest.mark.parametrize("with_test", [True, False])
def test_a_copying_generator_is_found(rng, with_test):
    real, fake, test = (rng.normal(size=(n, 8)) for n in (600, 800, 700))
    fake[:200] = real[:200] + 1e-3 * rng.normal(size=(200, 8))
    found = closeness(real, fake, test if with_test else None)
    assert found.share == pytest.approx(0.25 + 0.75 * 0.05, abs=0.03)
    assert found.z < -3
    assert found.indices[:200].tolist() == list(range(200))


def test_bad_images_are_no_copies(rng):
    real, fake = rng.normal(size=(300, 8)), rng.normal(size=(300, 8)) + 5
    found = closeness(real, fake)
    assert found.share == 0.0
    assert found.z > 10


def test_copies_are_found_where_real_images_come_twice(rng):
    real = np.repeat(rng.normal(size=(50, 4)), 2, axis=0)
    fake = rng.normal(size=(40, 4))
    assert closeness(real, fake).share == 0.0
    fake[:10] = real[:10]
    assert closeness(real, fake).share == 0.25


def test_mann_whitney_agrees_with_scipy(rng):
    stats = pytest.importorskip("scipy.stats")
    first = rng.integers(0, 30, 80).astype(float)
    second = rng.integers(3, 30, 50).astype(float)
    z = mann_whitney_z(first, second)
    p = stats.mannwhitneyu(
        first, second, False, alternative="less", method="asymptotic"
    ).pvalue
    assert stats.norm.cdf(z) == pytest.approx(p, rel=1e-10)
    assert mann_whitney_z(np.ones(5), np.ones(7)) == 0.0


def test_bad_input(rng):
    points = rng.normal(size=(9, 2))
    with pytest.raises(ValueError, match=r"Received: 1\.0"):
        closeness(points, points, quantile=1.0)
    with pytest.raises(ValueError, match="`test` must be finite"):
        closeness(points, points, np.full((5, 2), np.nan))
    with pytest.raises(ValueError, match="Received: 2 and 3"):
        closeness(points, points, np.zeros((5, 3)))
