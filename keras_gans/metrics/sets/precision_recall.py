"""Improved precision and recall."""

from typing import Any

from keras_gans.metrics.distances.manifolds import improved_precision_and_recall
from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.sides import (
    DEFAULT_NETWORK,
    Network,
    make_record,
    prepare,
)


def precision_recall(
    real: Any,
    fake: Any,
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    k: int = 3,
) -> list[MetricRecord]:
    """Computes improved precision and recall of two image sets.

    Args:
        real: Images or features, as for `fid`, but not statistics. Use sets
            of the same size: recall rises with the number of generated
            images, precision with that of real images.
        fake: Generated images or their features, likewise.
        feature_network: As for `fid`.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice.
        k: Number of the neighbour that gives the radius; 3 in the paper.

    Returns:
        Two records, `"precision"` and `"recall"`.

    Raises:
        ValueError: For bad images, k or fewer of them, and features of
            another network.
    """
    real, fake = prepare(
        {"real": real, "fake": fake},
        feature_network,
        batch_size,
        num_samples,
        seed,
    )
    values = improved_precision_and_recall(real.features, fake.features, k)
    return [
        make_record(name, value, real, fake, k=k)
        for name, value in zip(("precision", "recall"), values, strict=True)
    ]


class PrecisionRecall(FeatureMetric):
    """Improved precision and recall as a streaming Keras metric.

    See `precision_recall` and `FeatureMetric`. `result()` is a dictionary.

    Args:
        feature_network: A network's name, a Keras model, or an extractor.
        real: `compute_features(...)` of the reference set, or None.
        k: Number of the neighbour that gives the radius of a ball.
        batch_size: Images at a time; it does not change the result.
        name: Name of the metric; None gives
            `precision_recall[<feature network>]`.
    """

    def __init__(
        self,
        feature_network: Network = DEFAULT_NETWORK,
        real: FeatureSet | None = None,
        k: int = 3,
        batch_size: int = 256,
        name: str | None = None,
    ):
        metric = "precision_recall"
        super().__init__(metric, feature_network, real, batch_size, name, k=k)

    def measure(self, real: Any, fake: Any) -> list[MetricRecord]:
        """Computes precision and recall."""
        return precision_recall(real, fake, **self.options)
