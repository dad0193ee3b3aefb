"""What features must be before anything is computed from them."""

from typing import Any

import numpy as np


def check_features(
    features: Any, name: str = "features", at_least: int = 2
) -> np.ndarray:
    """Refuses features from which no honest number comes.

    Args:
        features: Array (n, d).
        name: What to call them in an error.
        at_least: The smallest n that will do.

    Returns:
        The features as float64.

    Raises:
        ValueError: For another rank, too few, or what is not finite.
    """
    features = np.asarray(features)
    if features.ndim != 2:
        raise ValueError(
            f"`{name}` must have the shape (n, d). Received: {features.shape}"
        )
    if len(features) < at_least:
        raise ValueError(
            f"`{name}` must have at least {at_least} rows, one an image. "
            f"Received: {len(features)}"
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
    """Refuses features that cannot be compared with each other.

    Args:
        real: Array (n, d).
        fake: Array (m, d).
        at_least: The smallest n and m that will do.

    Returns:
        Both as float64.

    Raises:
        ValueError: As `check_features`, and where d differs.
    """
    real = check_features(real, "real", at_least)
    fake = check_features(fake, "fake", at_least)
    if real.shape[1] != fake.shape[1]:
        raise ValueError(
            "`real` and `fake` must have as many dimensions: were both made "
            "with the same feature network? "
            f"Received: {real.shape[1]} and {fake.shape[1]}"
        )
    return real, fake
