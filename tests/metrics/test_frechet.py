import numpy as np
import pytest

from keras_gans.metrics import GaussianStatistics, frechet_distance


def random_covariance(rng, dimensions, rank=None):
    root = rng.normal(size=(dimensions, rank or 2 * dimensions))
    return root @ root.T / root.shape[1]


def test_equal_covariances_give_the_squared_difference_of_means():
    sigma = random_covariance(np.random.default_rng(0), 5)
    mu = np.arange(5.0)
    shift = np.array([1.0, 2.0, 0.0, 0.0, -2.0])
    distance = frechet_distance(mu, sigma, mu + shift, sigma)
    assert distance == pytest.approx(9.0, rel=1e-12)


def test_diagonal_gaussians():
    # Sum of (s1 - s2)^2 over the standard deviations: 1 + 9 + 0.
    distance = frechet_distance(
        [0, 0, 0],
        np.diag([4.0, 1.0, 9.0]),
        [0, 0, 3],
        np.diag([1.0, 16.0, 9.0]),
    )
    assert distance == pytest.approx(10.0 + 9.0, rel=1e-12)


def test_singular_covariances():
    # Point masses, and two lines at a right angle: nothing of them overlaps.
    zero = np.zeros((2, 2))
    assert frechet_distance([0, 0], zero, [3, 4], zero) == 25.0
    distance = frechet_distance(
        [0, 0], np.diag([4.0, 0]), [0, 0], np.diag([0, 9.0])
    )
    assert distance == pytest.approx(13.0, rel=1e-12)


def test_singular_covariances_whose_ranges_meet_nowhere():
    # What rounding leaves of one in the other's range must not count.
    rng = np.random.default_rng(5)
    q, _ = np.linalg.qr(rng.normal(size=(60, 60)))
    one, two = q[:, :25], q[:, 25:45] * 3
    mu = np.zeros(60)
    distance = frechet_distance(mu, one @ one.T, mu, two @ two.T)
    assert distance == pytest.approx(25 + 20 * 9, rel=1e-12)


def test_singular_covariance_against_itself():
    sigma = random_covariance(np.random.default_rng(1), 50, rank=7)
    mu = np.zeros(50)
    assert frechet_distance(mu, sigma, mu, sigma) < 1e-10


@pytest.mark.parametrize("counts", [(90, 12), (12, 90), (12, 20), (90, 70)])
def test_fewer_samples_than_dimensions(counts):
    # Nothing is rooted twice here: the singular values of the samples.
    rng = np.random.default_rng(8)
    samples = [
        rng.normal(size=(n, 40)) * np.logspace(1, -3, 40) for n in counts
    ]
    centred = [(x - x.mean(0)) / np.sqrt(len(x) - 1) for x in samples]
    root = np.linalg.svd(centred[0] @ centred[1].T, compute_uv=False).sum()
    difference = samples[0].mean(0) - samples[1].mean(0)
    expected = difference @ difference - 2 * root
    expected += sum((x**2).sum() for x in centred)
    arguments = []
    for x in samples:
        arguments += [x.mean(0), np.cov(x.T)]
    distance = frechet_distance(*arguments)
    assert distance == pytest.approx(expected, rel=1e-12)


def test_a_covariance_that_cholesky_takes_for_positive():
    # Rank 3 of 30: rounding may leave tiny positive pivots.
    rng = np.random.default_rng(9)
    for _ in range(20):
        sigma = random_covariance(rng, 30, rank=3)
        assert (
            frechet_distance(np.zeros(30), sigma, np.zeros(30), sigma) < 1e-10
        )


def test_rotation_changes_nothing_and_order_neither():
    rng = np.random.default_rng(2)
    sigma1, sigma2 = random_covariance(rng, 8), random_covariance(rng, 8, 3)
    mu1, mu2 = rng.normal(size=(2, 8))
    distance = frechet_distance(mu1, sigma1, mu2, sigma2)
    q, _ = np.linalg.qr(rng.normal(size=(8, 8)))
    rotated = frechet_distance(
        q @ mu1, q @ sigma1 @ q.T, q @ mu2, q @ sigma2 @ q.T
    )
    assert rotated == pytest.approx(distance, rel=1e-6)
    swapped = frechet_distance(mu2, sigma2, mu1, sigma1)
    assert swapped == pytest.approx(distance, rel=1e-6)


def test_agrees_with_scipy():
    linalg = pytest.importorskip("scipy.linalg")
    rng = np.random.default_rng(3)
    sigma1, sigma2 = random_covariance(rng, 40), random_covariance(rng, 40)
    mu1, mu2 = rng.normal(size=(2, 40))
    root = linalg.sqrtm(sigma1 @ sigma2).real
    expected = np.sum((mu1 - mu2) ** 2) + np.trace(sigma1 + sigma2 - 2 * root)
    distance = frechet_distance(mu1, sigma1, mu2, sigma2)
    assert distance == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize(
    ("mu", "sigma", "message"),
    [
        ([0, 0, 0], np.eye(3), "Received: 2 and 3 dimensions"),
        ([0, 0], np.eye(3), r"Received: \(2,\) and \(3, 3\)"),
        ([0, np.nan], np.eye(2), "mu2.*Received: 1 of 2"),
        ([0, 0], np.full((2, 2), np.inf), "sigma2.*Received: 4 of 4"),
        ([0, 0], [[1, 2], [0, 1]], "symmetric.*Received: .* by 2"),
        ([0, 0], -np.eye(2), "sigma2.*semi-definite.*Received: .* of -1"),
        ([0, 0], [[1, 3], [3, 1]], "sigma2.*Received: an eigenvalue of -2"),
    ],
)
def test_bad_input(mu, sigma, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance([0, 0], np.eye(2), mu, sigma)


def test_streaming_statistics_equal_numpys():
    # A mean of 1e6 with a deviation of 1 leaves float32 nothing.
    features = np.random.default_rng(4).normal(1e6, 1.0, size=(301, 6))
    whole = GaussianStatistics(6)
    whole.update(features)
    parts = GaussianStatistics(6)
    for start in range(0, 301, 7):
        parts.update(features[start : start + 7])
    merged, rest = GaussianStatistics(6), GaussianStatistics(6)
    merged.update(features[:200])
    for row in features[200:]:
        rest.update(row[None])
    merged.merge(rest)
    merged.merge(GaussianStatistics(6))
    for statistics in (whole, parts, merged):
        assert statistics.count == 301
        np.testing.assert_allclose(statistics.mean, features.mean(0), 1e-12)
        np.testing.assert_allclose(
            statistics.covariance, np.cov(features.T), rtol=1e-8, atol=1e-8
        )


def test_statistics_refuse_other_dimensions():
    with pytest.raises(ValueError, match=r"Received: \(2, 4\)"):
        GaussianStatistics(3).update(np.zeros((2, 4)))
    with pytest.raises(ValueError, match="Received: 3 and 4"):
        GaussianStatistics(3).merge(GaussianStatistics(4))
    with pytest.raises(ValueError, match="Received: 0"):
        _ = GaussianStatistics(3).covariance
