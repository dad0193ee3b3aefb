"""The bias of a Fréchet distance of few samples."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.frechet import trace_of_root


def expected_frechet_distance(
    covariance: Any, count1: int, count2: int, seed: int = 0
) -> float:
    """Computes the mean distance between two samples of one distribution.

    For infinitely many samples it is 0, so it is the bias of a Fréchet
    distance between sets of these sizes, for a Gaussian. It has two parts.
    The squared difference of the sample means has the expectation
    tr(covariance) (1 / count1 + 1 / count2). The part of the sample
    covariances has no closed form for fewer than some ten samples per
    dimension. It depends on the eigenvalues of the covariance alone, and is
    estimated from random Wishart matrices with these eigenvalues. Each draw
    is a sum over all dimensions, which varies little where there are many;
    where there are few, several draws are averaged.

    Args:
        covariance: Covariance of the distribution, (d, d). The covariance of
            a sample can be used where the sample is many times larger than
            d; a smaller sample gives too small a result.
        count1: Number of samples in one set, at least 2.
        count2: Number of samples in the other set, at least 2.
        seed: Seed of the draws.

    Returns:
        The expected squared Fréchet distance.

    Raises:
        ValueError: For counts below 2.
    """
    if min(count1, count2) < 2:
        raise ValueError(
            "A covariance needs at least 2 samples. "
            f"Received: {count1} and {count2}"
        )
    values = np.linalg.eigvalsh(np.asarray(covariance, "float64"))
    values = values[values > len(values) * np.finfo("float64").eps * values[-1]]
    if not values.size:
        return 0.0
    rng = np.random.default_rng(seed)
    draws = -(-256 // values.size)
    total = 0.0
    for _ in range(draws):
        first = _wishart_factor(rng, values, count1 - 1)
        second = _wishart_factor(rng, values, count2 - 1)
        total += np.sum(first**2) + np.sum(second**2)
        total -= 2.0 * trace_of_root(first, second)
    of_means = values.sum() * (1.0 / count1 + 1.0 / count2)
    return float(of_means + total / draws)


def _wishart_factor(
    rng: np.random.Generator, values: np.ndarray, freedom: int
) -> np.ndarray:
    """Draws F such that F F^T is a covariance of `freedom` + 1 samples."""
    dimensions = values.size
    if freedom <= dimensions:
        factor = rng.normal(size=(dimensions, freedom))
    else:  # Bartlett's decomposition needs d x d draws at most.
        factor = np.tril(rng.normal(size=(dimensions, dimensions)), -1)
        chi2 = rng.chisquare(freedom - np.arange(dimensions))
        factor[np.diag_indices(dimensions)] = np.sqrt(chi2)
    return factor * np.sqrt(values / freedom)[:, None]
