"""Checks of features, before anything is computed from them."""

from typing import Any

import numpy as np


def check_features(
    features: Any, name: str = "features", at_least: int = 2
) -> np.ndarray:
    """Checks features and returns them in float64.

    Args:
        features: Array (n, d).
        name: Name of the features in an error.
        at_least: Smallest number of rows.

    Returns:
        The features as float64.

    Raises:
        ValueError: For another rank, too few rows, and values that are not
            finite.
    """
    features = np.asarray(features)
    if features.ndim != 2:
        raise ValueError(
            f"`{name}` must have the shape (n, d). Received: {features.shape}"
        )
    if len(features) < at_least:
        raise ValueError(
            f"`{name}` must have at least {at_least} rows, one for each "
            f"image. Received: {len(features)}"
        )
    features = features.astype("float64")
    bad = len(features) - np.isfinite(features).all(axis=1).sum()
    if bad:
        raise ValueError(
            f"`{name}` must be finite. Received: {bad} of {len(features)} "
            "rows with NaN or infinite values"
        )
    return features


def check_pair(
    real: Any, fake: Any, at_least: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    """Checks two sets of features that are to be compared.

    Args:
        real: Array (n, d).
        fake: Array (m, d).
        at_least: Smallest number of rows of each.

    Returns:
        Both as float64.

    Raises:
        ValueError: As `check_features`, and where d differs.
    """
    real = check_features(real, "real", at_least)
    fake = check_features(fake, "fake", at_least)
    if real.shape[1] != fake.shape[1]:
        raise ValueError(
            "`real` and `fake` must have the same number of dimensions: were "
            "both computed with the same feature network? "
            f"Received: {real.shape[1]} and {fake.shape[1]}"
        )
    return real, fake
