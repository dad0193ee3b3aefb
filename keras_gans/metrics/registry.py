"""The metrics that go by a name, as on the command line."""

from collections.abc import Callable

from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.density_coverage import density_coverage
from keras_gans.metrics.sets.fid_infinity import fid_infinity
from keras_gans.metrics.sets.frechet_inception_distance import fid
from keras_gans.metrics.sets.inception_score import inception_score
from keras_gans.metrics.sets.kernel_inception_distance import kid
from keras_gans.metrics.sets.memorisation import memorisation
from keras_gans.metrics.sets.precision_recall import precision_recall

METRICS: dict[str, Callable[[FeatureSet, FeatureSet], list[MetricRecord]]] = {
    "fid": lambda real, fake: [fid(real, fake)],
    "kid": lambda real, fake: [kid(real, fake)],
    "is": lambda real, fake: [inception_score(fake)],
    "precision_recall": precision_recall,
    "density_coverage": density_coverage,
    "prdc": lambda real, fake: (
        precision_recall(real, fake) + density_coverage(real, fake)
    ),
    "fid_infinity": lambda real, fake: [fid_infinity(real, fake)],
    "memorisation": lambda real, fake: [memorisation(real, fake)],
}
"""From the features of both sides to records, with the papers' settings."""
