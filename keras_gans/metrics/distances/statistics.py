"""Mean and covariance of a stream of features."""

from typing import Any

import numpy as np


class GaussianStatistics:
    """Count, mean and covariance of vectors that come in batches.

    Each batch is merged around its own mean (Chan, Golub and LeVeque 1983).
    A plain sum of outer products would lose digits where the mean is large.
    Everything is float64: float32 covariances alone change the third digit of
    an FID.

    Args:
        dimensions: Length d of the vectors.
    """

    def __init__(self, dimensions: int):
        self.count = 0
        self.mean = np.zeros(dimensions)
        self._scatter = np.zeros((dimensions, dimensions))

    @classmethod
    def from_moments(
        cls, mean: Any, covariance: Any, count: int
    ) -> "GaussianStatistics":
        """Makes statistics from a mean and a covariance, as files hold them.

        Args:
            mean: Shape (d,).
            covariance: The unbiased covariance (d, d).
            count: Number of vectors, at least 2.

        Returns:
            The statistics, in float64; more vectors can be added.
        """
        statistics = cls(len(mean))
        statistics.count = count
        statistics.mean = np.asarray(mean, "float64")
        statistics._scatter = np.asarray(covariance, "float64") * (count - 1)
        return statistics

    def to_array(self) -> np.ndarray:
        """Returns everything in one array to send, float64 (1 + d + d * d,)."""
        return np.concatenate(
            [[self.count], self.mean, self._scatter.ravel()]
        ).astype("float64")

    @classmethod
    def from_array(cls, array: np.ndarray) -> "GaussianStatistics":
        """Makes statistics from what `to_array` returned."""
        # (1 + d + d * d) values: the root of that lies between d and d + 1.
        statistics = cls(int(np.sqrt(array.size - 1)))
        count, mean, scatter = np.split(array, [1, 1 + statistics.dimensions])
        statistics.count = int(count[0])
        statistics.mean = mean
        statistics._scatter = scatter.reshape(mean.size, mean.size)
        return statistics

    @property
    def dimensions(self) -> int:
        """Length of the vectors."""
        return self.mean.size

    @property
    def covariance(self) -> np.ndarray:
        """The unbiased covariance (d, d), divided by `count - 1`."""
        if self.count < 2:
            raise ValueError(
                f"A covariance needs at least 2 samples. Received: {self.count}"
            )
        return self._scatter / (self.count - 1)

    def update(self, features: Any) -> None:
        """Adds a batch.

        Args:
            features: Array of shape (n, d).

        Raises:
            ValueError: For another shape.
        """
        features = np.asarray(features, "float64")
        if features.ndim != 2 or features.shape[1] != self.dimensions:
            raise ValueError(
                f"Features must have the shape (n, {self.dimensions}). "
                f"Received: {features.shape}"
            )
        if len(features):
            mean = features.mean(axis=0)
            centred = features - mean
            self._add(len(features), mean, centred.T @ centred)

    def merge(self, other: "GaussianStatistics") -> None:
        """Adds the vectors of other statistics, for instance of a replica.

        Args:
            other: Statistics of vectors of the same length.

        Raises:
            ValueError: For another length.
        """
        if other.dimensions != self.dimensions:
            raise ValueError(
                "Only statistics of the same dimensions can be merged. "
                f"Received: {self.dimensions} and {other.dimensions}"
            )
        if other.count:
            self._add(other.count, other.mean, other._scatter)

    def _add(self, count: int, mean: np.ndarray, scatter: np.ndarray) -> None:
        total = self.count + count
        shift = mean - self.mean
        weight = self.count * count / total
        self._scatter += scatter
        self._scatter += weight * np.outer(shift, shift)
        self.mean = self.mean + shift * (count / total)
        self.count = total


class Uncounted(GaussianStatistics):
    """Mean and covariance of an unknown number of vectors; `count` is 0.

    Args:
        mean: Shape (d,).
        covariance: Shape (d, d).
    """

    def __init__(self, mean: np.ndarray, covariance: np.ndarray):
        super().__init__(len(mean))
        self.mean = mean
        self._covariance = covariance

    @property
    def covariance(self) -> np.ndarray:
        """The covariance, as given."""
        return self._covariance

    def _add(self, count: int, mean: np.ndarray, scatter: np.ndarray) -> None:
        raise ValueError(
            "Nothing can be added to statistics of an unknown number of "
            f"images: pass `num_images`. Received: {count} more"
        )
