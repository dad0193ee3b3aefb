"""Mean and covariance from the content of a statistics file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

_ROUNDING = 1e-6
"""The relative error that is allowed, for values that were float32 once."""


def read_moments(
    content: Mapping[str, Any], path: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Checks and returns `mu` and `sigma`.

    Args:
        content: The arrays of the file, by name.
        path: The file, for errors.

    Returns:
        The mean (d,) and the covariance (d, d), float64.

    Raises:
        ValueError: Where one is missing, of another type or shape, or not
            finite, and where `sigma` is no covariance.
    """
    missing = {"mu", "sigma"} - set(content)
    if missing:
        raise ValueError(
            "A statistics file holds `mu` and `sigma`; this one has no "
            f"{' and no '.join(sorted(missing))}. "
            f"Received: {path} with {sorted(content)}"
        )
    mean, covariance = (np.asarray(content[name]) for name in ("mu", "sigma"))
    if not mean.dtype.kind == covariance.dtype.kind == "f":
        raise ValueError(
            "`mu` and `sigma` must be arrays of floats; the file is damaged, "
            "or no statistics file. "
            f"Received: {path} with {mean.dtype} and {covariance.dtype}"
        )
    mean, covariance = mean.astype("float64"), covariance.astype("float64")
    if mean.ndim != 1 or covariance.shape != (mean.size, mean.size):
        raise ValueError(
            "`mu` must have the shape (d,) and `sigma` (d, d). "
            f"Received: {mean.shape} and {covariance.shape} in {path}"
        )
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all()):
        raise ValueError(
            "`mu` and `sigma` must be finite. "
            f"Received: {path} with NaN or infinite values"
        )
    _check_covariance(covariance, path)
    return mean, covariance


def _check_covariance(sigma: np.ndarray, path: Path) -> None:
    """Refuses a matrix that is not symmetric and positive semi-definite."""
    rounding = _ROUNDING * np.abs(sigma).max(initial=0.0)
    asymmetry = np.abs(sigma - sigma.T).max(initial=0.0)
    if asymmetry > rounding:
        raise ValueError(
            "`sigma` must be symmetric, as covariances are. Received: "
            f"{path}, where it differs from its transpose by {asymmetry:.3g}"
        )
    smallest = sigma.diagonal().min(initial=0.0)
    if smallest < -rounding:
        raise ValueError(
            "The diagonal of `sigma` holds variances, which must not be "
            f"negative. Received: {path}, where the smallest is {smallest:.3g}"
        )
    # A Cholesky factorisation is far faster than eigenvalues.
    offset = max(_ROUNDING * np.trace(sigma), np.finfo("float64").tiny)
    try:
        np.linalg.cholesky(sigma + offset * np.eye(len(sigma)))
    except np.linalg.LinAlgError as error:
        raise ValueError(
            "`sigma` must be positive semi-definite, as covariances are: no "
            "combination of features has a negative variance. "
            f"Received: {path}, where some have"
        ) from error
