"""The metrics that have a name, for instance on the command line."""

import difflib
from collections.abc import Callable, Iterable

from keras_gans.metrics.features.feature_set import FeatureSet
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.sets.density_coverage import density_coverage
from keras_gans.metrics.sets.fid_infinity import fid_infinity
from keras_gans.metrics.sets.frechet_inception_distance import fid
from keras_gans.metrics.sets.inception_score import inception_score
from keras_gans.metrics.sets.kernel_inception_distance import kid
from keras_gans.metrics.sets.memorisation import memorisation
from keras_gans.metrics.sets.precision_recall import precision_recall


def _kid(real: FeatureSet, fake: FeatureSet) -> list[MetricRecord]:
    """Computes KID; from fewer than 1,000 images with smaller subsets."""
    smaller = min(len(real), len(fake))
    size = 1000 if smaller >= 1000 else max(2, smaller // 2)
    return [kid(real, fake, subset_size=size)]


METRICS: dict[str, Callable[[FeatureSet, FeatureSet], list[MetricRecord]]] = {
    "fid": lambda real, fake: [fid(real, fake)],
    "kid": _kid,
    "is": lambda real, fake: [inception_score(fake)],
    "precision_recall": precision_recall,
    "density_coverage": density_coverage,
    "prdc": lambda real, fake: (
        precision_recall(real, fake) + density_coverage(real, fake)
    ),
    "fid_infinity": lambda real, fake: [fid_infinity(real, fake)],
    "memorisation": lambda real, fake: [memorisation(real, fake)],
}
"""From the features of both sides to records, with the papers' settings.

"kid" takes subsets of half the images where a side has fewer than the
paper's 1,000, and the record says so.
"""

OF_LABELS = "conditional_accuracy"
"""The metric that needs the labels of the generated images too."""

NEEDS_FEATURES_OF: dict[str, tuple[str, ...]] = {
    "fid": (),
    "fid_infinity": ("fake",),
    "is": ("fake",),
    OF_LABELS: ("fake",),
}
"""The sides of which mean and covariance are not enough; else it is both."""

NEEDS_NO_REAL = ("is", OF_LABELS)
NEEDS_HEAD = ("is", OF_LABELS)


def find_metrics(names: Iterable[str]) -> list[str]:
    """Returns the names of metrics in lower case, each once.

    Args:
        names: Keys of `METRICS`, or "conditional_accuracy".

    Returns:
        The names, in their order.

    Raises:
        ValueError: For an unknown name, with the nearest ones.
    """
    known = [*METRICS, OF_LABELS]
    names = [name.strip().lower() for name in names]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3)
            hint = f"The nearest are {near}" if near else f"There are {known}"
            raise ValueError(
                f"There is no such metric. {hint}. Received: {name!r}"
            )
    return list(dict.fromkeys(names))
