import numpy as np
import pytest

from keras_gans.modalities import HashedLatents
from keras_gans.modalities.hashed_latents import hashed, uniform

LATENTS = HashedLatents(50)


def draw(num, seed):
    return LATENTS.draw(num, np.random.default_rng(seed))


def test_the_hash_is_that_of_its_author():
    # lowbias32 in C, by unsigned 32-bit arithmetic.
    def reference(x):
        x ^= x >> 16
        x = x * 0x21F0AAAD & 0xFFFFFFFF
        x ^= x >> 15
        x = x * 0x735A2D97 & 0xFFFFFFFF
        return x ^ (x >> 15)

    numbers = [0, 1, 2, 12345, 2**31, 2**32 - 1]
    assert hashed(np.array(numbers)).tolist() == [*map(reference, numbers)]


def test_rows_of_a_seed_do_not_depend_on_their_number():
    np.testing.assert_array_equal(draw(20, 3)[:5], draw(5, 3))
    assert draw(5, 3).dtype == np.float32
    assert not np.isclose(draw(5, 3), draw(5, 4)).any()


def test_they_are_normal_and_independent():
    stats = pytest.importorskip("scipy.stats")
    latents = draw(2000, 0)
    assert stats.kstest(latents.ravel(), "norm").pvalue > 0.01
    correlations = np.corrcoef(latents.T) - np.eye(50)
    assert abs(correlations).max() < 5 / 2000**0.5
    neighbours = np.corrcoef(draw(2000, 1).ravel(), latents.ravel())[0, 1]
    assert abs(neighbours) < 5 / 100_000**0.5


def test_uniform_numbers_are_in_range():
    u, v = uniform(np.array([7]), np.arange(100_000))
    assert u.min() > 0 and u.max() <= 1 and v.min() >= 0 and v.max() < 1
    assert abs(u.mean() - 0.5) < 0.005 and abs(v.mean() - 0.5) < 0.005


def test_no_seed_hits_a_place_where_the_hash_is_zero():
    # Of 80,000 normal numbers one above 5.5 is seen in 300 tries.
    first = np.stack([draw(8, seed)[:, :25] for seed in range(400)])
    assert 3.5 < np.abs(first).max() < 5.5
    assert abs(first.std() - 1) < 0.02


def test_no_seed_and_several_seeds_draw_too():
    several = LATENTS.draw(2, np.random.default_rng([1, 2]))
    assert np.isfinite(several).all()
    assert (draw(2, None) != draw(2, None)).all()
