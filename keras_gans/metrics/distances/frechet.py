"""The Fréchet distance between Gaussians, in float64."""

from typing import Any

import numpy as np


def frechet_distance(mu1: Any, sigma1: Any, mu2: Any, sigma2: Any) -> float:
    """Computes the squared Fréchet distance between two Gaussians.

    Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule Converge
    to a Local Nash Equilibrium", equation 6:
    |mu1 - mu2|^2 + tr(sigma1 + sigma2 - 2 (sigma1 sigma2)^(1/2)).

    With sigma = F F^T, the trace of the root is the sum of the singular
    values of F1^T F2. They are computed from the eigenvalues of its smaller
    Gram matrix, which is symmetric: nothing is approximated, and nothing
    becomes complex. Singular covariances, which fewer samples than dimensions
    give, need no offset on the diagonal: their factors have as many columns
    as their rank, so the rounding errors of eigenvalues that are 0 do not
    enter. Where sigma1 is singular, only the part of sigma2 in its range is
    factored.

    Args:
        mu1: Mean, shape (d,).
        sigma1: Covariance, shape (d, d), symmetric.
        mu2: Mean, shape (d,).
        sigma2: Covariance, shape (d, d), symmetric.

    Returns:
        The distance, 0 or more.

    Raises:
        ValueError: For shapes that do not match, for values that are not
            finite, and for matrices that are no covariances: not symmetric,
            or with negative eigenvalues.
    """
    mu1, sigma1 = _gaussian(mu1, sigma1, "1")
    mu2, sigma2 = _gaussian(mu2, sigma2, "2")
    if mu1.shape != mu2.shape:
        raise ValueError(
            "Both Gaussians must have the same number of dimensions: were "
            "both computed with the same feature network? "
            f"Received: {mu1.size} and {mu2.size} dimensions"
        )
    difference = mu1 - mu2
    distance = (
        difference @ difference
        + np.trace(sigma1)
        + np.trace(sigma2)
        - 2.0 * trace_of_root(*factors(sigma1, sigma2))
    )
    return max(float(distance), 0.0)


def factors(
    sigma1: np.ndarray, sigma2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Factors two covariances, for `trace_of_root`.

    Args:
        sigma1: Symmetric, positive semi-definite, shape (d, d).
        sigma2: The same.

    Returns:
        F1 and F2, in coordinates of the range of sigma1 where it is singular.

    Raises:
        ValueError: For negative eigenvalues.
    """
    # Eigenvalues below eps times the norm are rounding errors.
    eps = len(sigma1) * np.finfo("float64").eps
    norm1, norm2 = (float(np.linalg.norm(x)) for x in (sigma1, sigma2))
    factor1 = _factor(sigma1, eps, norm1, "sigma1")
    if factor1.shape[1] < len(factor1):
        scales = np.linalg.norm(factor1, axis=0)
        basis = factor1 / scales  # Eigenvectors, so orthonormal.
        factor1 = np.diag(scales)
        sigma2 = basis.T @ sigma2 @ basis
    return factor1, _factor(sigma2, eps, norm2, "sigma2")


def _factor(
    sigma: np.ndarray, eps: float, norm: float, name: str
) -> np.ndarray:
    """Returns F of shape (d, rank) with F F^T = sigma."""
    smallest = eps * norm
    try:
        root = np.linalg.cholesky(sigma)
        if (root.diagonal() ** 2 > smallest).all():
            return root
    except np.linalg.LinAlgError:
        pass  # Singular: eigenvalues give the rank, but take far longer.
    values, vectors = np.linalg.eigh(sigma)
    if values[0] < -1e-6 * norm:  # More than the rounding of float32.
        raise ValueError(
            f"`{name}` must be positive semi-definite, as covariances are. "
            f"Received: an eigenvalue of {values[0]:.3g}"
        )
    kept = values > smallest
    return vectors[:, kept] * np.sqrt(values[kept])


def trace_of_root(factor1: np.ndarray, factor2: np.ndarray) -> float:
    """Computes tr (sigma1 sigma2)^(1/2) of two covariances sigma = F F^T.

    Args:
        factor1: F1, shape (d, r1).
        factor2: F2, shape (d, r2).

    Returns:
        The sum of the singular values of F1^T F2.
    """
    product = factor1.T @ factor2
    if len(product) > product.shape[1]:
        product = product.T
    values = np.linalg.eigvalsh(product @ product.T)
    # Rounding turns eigenvalues of 0 into tiny negative ones.
    return float(np.sqrt(np.clip(values, 0.0, None)).sum())


def _gaussian(mu: Any, sigma: Any, which: str) -> tuple[np.ndarray, np.ndarray]:
    mu = np.asarray(mu, "float64")
    sigma = np.asarray(sigma, "float64")
    if mu.ndim != 1 or sigma.shape != (mu.size, mu.size):
        raise ValueError(
            f"`mu{which}` must have the shape (d,) and `sigma{which}` (d, d). "
            f"Received: {mu.shape} and {sigma.shape}"
        )
    for name, value in (("mu", mu), ("sigma", sigma)):
        finite = np.isfinite(value)
        if not finite.all():
            raise ValueError(
                f"`{name}{which}` must be finite. Received: "
                f"{value.size - finite.sum()} of {value.size} values that "
                "are NaN or infinite"
            )
    asymmetry = np.abs(sigma - sigma.T).max(initial=0.0)
    if asymmetry > 1e-6 * np.abs(sigma).max(initial=0.0):
        raise ValueError(
            f"`sigma{which}` must be symmetric. Received: a matrix that "
            f"differs from its transpose by {asymmetry:.3g}"
        )
    return mu, sigma
