"""KID, the kernel distance of features."""

from typing import Any

from keras_gans.metrics.distances.kernel import (
    kernel_distance,
    kernel_distances,
)
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


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
        fake: Generated images or their features, likewise.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice, and of the subsets.
        subsets: Number of pairs of subsets; None takes all pairs of images at
            once, which is not biased either and varies less.
        subset_size: Number of images in a subset, 1,000 in the paper.

    Returns:
        A record of the mean over the subsets, with their standard deviation
        in `details`.

    Raises:
        ValueError: For bad images, fewer images than `subset_size`, and
            features of another network.
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
        subsets: Number of pairs of subsets; None takes all pairs of images.
        subset_size: Number of images in a subset.
        seed: Seed of the subsets.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives `kid[<feature network>]`.
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
