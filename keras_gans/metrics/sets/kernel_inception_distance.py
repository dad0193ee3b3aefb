"""KID, the kernel distance of features."""

from typing import Any

import numpy as np

from keras_gans.metrics.distances.checks import check_pair
from keras_gans.metrics.distances.neighbours import BLOCK
from keras_gans.metrics.features.feature_metric import FeatureMetric
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


def kernel_distance(real: Any, fake: Any) -> float:
    """Computes the squared maximum mean discrepancy, without bias.

    Binkowski et al. 2018, "Demystifying MMD GANs", equation 4, with the
    kernel of their section 4, k(x, y) = (x . y / d + 1)^3. Of all pairs, in
    blocks, so it takes sets of any size, in time that grows with n m d.

    Args:
        real: Features (n, d), n at least 2.
        fake: Features (m, d), m at least 2.

    Returns:
        The distance. It is 0 on average for sets of one distribution, and so
        may be negative.

    Raises:
        ValueError: For fewer, other shapes, and what is not finite.
    """
    real, fake = check_pair(real, fake)
    within = 0.0
    for side in (real, fake):
        n, d = side.shape
        own = np.sum((np.einsum("nd,nd->n", side, side) / d + 1.0) ** 3)
        within += (_sum_of_kernel(side, side) - own) / (n * (n - 1))
    between = _sum_of_kernel(real, fake) / (len(real) * len(fake))
    return within - 2.0 * between


def kernel_distances(
    real: Any,
    fake: Any,
    subsets: int = 100,
    subset_size: int = 1000,
    seed: int = 0,
) -> np.ndarray:
    """Computes the kernel distance of many pairs of subsets.

    Args:
        real: Features (n, d).
        fake: Features (m, d).
        subsets: How many pairs.
        subset_size: Features in each subset, drawn without replacement.
        seed: Seed of the draw; 2020 draws the subsets that torch-fidelity
            draws unless told otherwise.

    Returns:
        float64 (subsets,), whose mean is the KID of papers.

    Raises:
        ValueError: Where a set is smaller than `subset_size`, for other
            shapes, and for what is not finite.
    """
    real, fake = check_pair(real, fake)
    smaller = min(len(real), len(fake))
    if subsets < 1 or not 2 <= subset_size <= smaller:
        raise ValueError(
            "`subsets` must be at least 1, and `subset_size` at least 2 and "
            "at most the number of images: give more images, or say "
            f"subset_size={smaller} and tell it with the result. "
            f"Received: subsets={subsets}, subset_size={subset_size}, "
            f"{len(real)} real and {len(fake)} fake images"
        )
    rng = np.random.RandomState(seed)
    return np.array(
        [
            kernel_distance(
                real[rng.choice(len(real), subset_size, replace=False)],
                fake[rng.choice(len(fake), subset_size, replace=False)],
            )
            for _ in range(subsets)
        ]
    )


def _sum_of_kernel(rows: np.ndarray, columns: np.ndarray) -> float:
    size = max(1, BLOCK // len(columns))
    total = 0.0
    for start in range(0, len(rows), size):
        base = rows[start : start + size] @ columns.T
        base /= rows.shape[1]
        base += 1.0
        total += float(np.sum(base * base * base))  # `**` takes far longer.
    return total


def kid(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    subsets: int | None = 100,
    subset_size: int = 1000,
) -> MetricRecord:
    """Computes the kernel distance between the features of two image sets.

    Args:
        real: Images or features, as for `fid`, but not statistics.
        fake: The same, of generated images.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: How many of each set of images to choose; None uses all.
        seed: Seed of the choice, and of the subsets.
        subsets: How many pairs of subsets; None takes all pairs of images at
            once, which is not biased either and varies less.
        subset_size: Images in a subset, 1,000 in the paper.

    Returns:
        A record of the mean over subsets, with their deviation in `details`.

    Raises:
        ValueError: For bad images, fewer than `subset_size`, and features of
            another network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
    )
    if subsets is None:
        value = kernel_distance(real.features, fake.features)
        return make_record("kid", value, real, fake)
    values = kernel_distances(
        real.features, fake.features, subsets, subset_size, seed
    )
    return make_record(
        "kid",
        values.mean(),
        real,
        fake,
        deviation=float(values.std()),
        subsets=subsets,
        subset_size=subset_size,
        subset_seed=seed,
    )


class KID(FeatureMetric):
    """KID as a streaming Keras metric; see `kid` and `FeatureMetric`.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `compute_features(...)` of the reference set, or None.
        subsets: How many pairs of subsets; None takes all pairs of images.
        subset_size: Images in a subset.
        seed: Seed of the subsets.
        batch_size: Images at a time; it does not change the result.
        name: The metric's name; None gives `kid[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureSet | None = None,
        subsets: int | None = 100,
        subset_size: int = 1000,
        seed: int = 0,
        batch_size: int = 256,
        name: str | None = None,
    ):
        super().__init__(
            "kid",
            feature_network,
            real,
            batch_size,
            name,
            subsets=subsets,
            subset_size=subset_size,
            seed=seed,
        )

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the distance."""
        return [kid(real, fake, **self.options)]
