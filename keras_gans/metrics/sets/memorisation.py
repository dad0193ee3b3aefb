"""Memorisation: the share of generated images that are copies."""

from typing import Any

from keras_gans.metrics.distances.closeness import closeness
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


def memorisation(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    test: Any = None,
    quantile: float = 0.05,
) -> MetricRecord:
    """Computes the share of images that are too close to a training image.

    Args:
        real: The training set: images or features, as for `fid`, but not
            statistics. Use the whole set: copies of images that are left out
            are not found.
        fake: Generated images or their features, likewise.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice.
        test: Real images that were not trained on, or their features; None
            compares the training images among themselves.
        quantile: The share of images as new as unseen real ones.

    Returns:
        A record of the share, with `quantile`, `threshold` and `z` (see
        `closeness`) in its `details`.

    Raises:
        ValueError: For bad images, fewer than 2 of them, and features of
            another network.
    """
    sides = {"real": real, "fake": fake}
    if test is not None:
        sides["test"] = test
    real, fake, *held_out = prepare(
        sides, feature_network, batch_size, num_samples, seed
    )
    found = closeness(
        real.features,
        fake.features,
        held_out[0].features if held_out else None,
        quantile,
    )
    return make_record(
        "memorisation",
        found.share,
        real,
        fake,
        quantile=quantile,
        threshold=found.threshold,
        z=found.z,
        num_test=len(held_out[0]) if held_out else 0,
    )


class Memorisation(FeatureMetric):
    """The memorisation share as a streaming Keras metric.

    See `memorisation` and `FeatureMetric`.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `compute_features(...)` of the training set, or None.
        test: `compute_features(...)` of real images that were not trained
            on, or None.
        quantile: The share of images as new as unseen real ones.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives `memorisation[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureSet | None = None,
        test: FeatureSet | None = None,
        quantile: float = 0.05,
        batch_size: int = 256,
        name: str | None = None,
    ):
        metric = "memorisation"
        super().__init__(
            metric, feature_network, real, batch_size, name, quantile=quantile
        )
        self.test = test

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes the share."""
        return [memorisation(real, fake, test=self.test, **self.options)]
