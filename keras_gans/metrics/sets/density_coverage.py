"""Density and coverage."""

from typing import Any

from keras_gans.metrics.distances.manifolds import density_and_coverage
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


def density_coverage(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    k: int = 5,
) -> list[MetricRecord]:
    """Computes density and coverage of two image sets.

    Args:
        real: Images or features, as for `fid`, but not statistics.
        fake: Generated images or their features, likewise. Coverage rises
            with their number.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice.
        k: Number of the neighbour that gives the radius; 5 in the paper.

    Returns:
        Two records, `"density"` and `"coverage"`.

    Raises:
        ValueError: For bad images, k or fewer real ones, and features of
            another network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
    )
    values = density_and_coverage(real.features, fake.features, k)
    return [
        make_record(name, value, real, fake, k=k)
        for name, value in zip(("density", "coverage"), values, strict=True)
    ]


class DensityCoverage(FeatureMetric):
    """Density and coverage as a streaming Keras metric.

    See `density_coverage` and `FeatureMetric`. `result()` is a dictionary.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `compute_features(...)` of the reference set, or None.
        k: Number of the neighbour that gives the radius of a ball.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives
            `density_coverage[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureSet | None = None,
        k: int = 5,
        batch_size: int = 256,
        name: str | None = None,
    ):
        metric = "density_coverage"
        super().__init__(metric, feature_network, real, batch_size, name, k=k)

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes density and coverage."""
        return density_coverage(real, fake, **self.options)
