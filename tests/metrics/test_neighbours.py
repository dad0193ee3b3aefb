import numpy as np
import pytest

from keras_gans.metrics.distances import neighbours


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(60, 7))


def all_distances(rows, columns):
    return np.linalg.norm(rows[:, None] - columns[None], axis=2)


@pytest.mark.parametrize("block", [1, 250, 2**24])
def test_nearest_and_radii(points, monkeypatch, block):
    monkeypatch.setattr(neighbours, "BLOCK", block)
    rows = points[:20] + 0.1
    distances, indices = neighbours.nearest(rows, points)
    expected = all_distances(rows, points)
    np.testing.assert_array_equal(indices, expected.argmin(1))
    np.testing.assert_allclose(distances, expected.min(1), rtol=1e-12)
    expected = np.sort(all_distances(points, points), axis=1)
    found = neighbours.squared_radii(points, 4)
    np.testing.assert_allclose(found, expected[:, 4] ** 2, rtol=1e-10)
    distances, indices = neighbours.nearest(points)
    np.testing.assert_allclose(distances, expected[:, 1], rtol=1e-10)
    assert (indices != np.arange(60)).all()


def test_blocks_are_no_larger_than_said(points, monkeypatch):
    monkeypatch.setattr(neighbours, "BLOCK", 250)
    blocks = list(neighbours.squared_distances(points, points))
    assert max(block.size for _, block in blocks) <= 250
    assert sum(block.size for _, block in blocks) == 3600


def test_equal_vectors_are_at_no_distance():
    far = 1e4 + np.random.default_rng(1).normal(size=(50, 9))
    distances, indices = neighbours.nearest(far[10:20], far)
    assert (distances == 0).all()
    np.testing.assert_array_equal(indices, np.arange(10, 20))


@pytest.mark.parametrize("k", [0, 60])
def test_bad_k(points, k):
    with pytest.raises(ValueError, match=f"Received: k={k}, 60 images"):
        neighbours.squared_radii(points, k)
