"""FID infinity: FID, extrapolated to infinitely many generated images."""

import warnings
from typing import Any

from keras_gans.metrics.distances.extrapolation import extrapolate
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
)
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


def fid_infinity(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    points: int = 15,
    smallest: int | None = None,
) -> MetricRecord:
    """Computes the FID of infinitely many generated images, extrapolated.

    Args:
        real: Images, features or statistics, as for `fid`.
        fake: Generated images or their features.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice, and of the subsets.
        points: Number of sizes of subsets; see `extrapolate`.
        smallest: The smallest subset; see `extrapolate`.

    Returns:
        A record. Its `details` also hold the slope and the FID of all
        images.

    Raises:
        ValueError: For bad images, too few of them, and features of another
            network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
        statistics=("real",),
    )
    line = extrapolate(real.gaussian, fake.features, points, smallest, seed)
    least, dimensions = int(line.counts[0]), real.gaussian.dimensions
    if least <= dimensions:
        warnings.warn(
            f"fid_infinity[{fake.origin.feature_network}] starts at {least} "
            f"images for {dimensions} features. The distance follows a "
            "straight line only where there are more images than features, "
            f"so the result is wrong. Use {4 * dimensions} images or more.",
            stacklevel=2,
        )
    return make_record(
        "fid_infinity",
        line.value,
        real,
        fake,
        points=points,
        smallest=least,
        subset_seed=seed,
        slope=line.slope,
        fid=float(line.distances[-1]),
    )


class FIDInfinity(FeatureMetric):
    """Extrapolated FID as a streaming Keras metric.

    See `fid_infinity` and `FeatureMetric`.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `feature_statistics(...)` of the reference set, or None.
        points: Number of sizes of subsets.
        smallest: The smallest subset, or None; see `extrapolate`.
        seed: Seed of the subsets.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives `fid_infinity[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureStatistics | FeatureSet | None = None,
        points: int = 15,
        smallest: int | None = None,
        seed: int = 0,
        batch_size: int = 256,
        name: str | None = None,
    ):
        super().__init__(
            "fid_infinity",
            feature_network,
            real,
            batch_size,
            name,
            points=points,
            smallest=smallest,
            seed=seed,
        )

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the extrapolated value."""
        return [fid_infinity(real, fake, **self.options)]
