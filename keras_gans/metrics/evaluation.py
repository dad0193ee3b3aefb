"""Scores of generated images against real ones, by the names of metrics."""

import dataclasses
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keras_gans.data.generated import GENERATED
from keras_gans.metrics.features.choice import choose_for
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
)
from keras_gans.metrics.features.networks import get_feature_extractor
from keras_gans.metrics.features.stream import choose
from keras_gans.metrics.labels import how_drawn
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.registry import (
    METRICS,
    NEEDS_FEATURES_OF,
    NEEDS_HEAD,
    NEEDS_NO_REAL,
    OF_LABELS,
    find_metrics,
)
from keras_gans.metrics.sets.conditional_accuracy import conditional_accuracy
from keras_gans.metrics.sets.sides import Network, Side, prepare


def evaluate(
    real: Any,
    fake: Any,
    names: Iterable[str] = ("fid",),
    feature_network: Network | None = None,
    labels: Any = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    progress: Callable[[int], Any] | None = None,
    on_features: Callable[[FeatureSet, FeatureSet], Any] | None = None,
    on_record: Callable[[MetricRecord], Any] | None = None,
) -> list[MetricRecord]:
    """Computes metrics by their names, from features computed once.

    ```python
    real = keras_gans.data.load("fashion_mnist_10k")
    labels = keras_gans.metrics.labels_for(gan, real, 10_000)
    fake = keras_gans.data.GeneratedImages(gan, 10_000, labels=labels)
    records = keras_gans.metrics.evaluate(real, fake, ["fid", "kid"])
    ```

    Args:
        real: The reference set: array (N, H, W, C), uint8 or float in
            [-1, 1], an image source, or `compute_features(...)` of either.
            `feature_statistics(...)` and `load_statistics(...)` are enough
            for "fid" and "fid_infinity". None where no metric needs real
            images.
        fake: The generated images, likewise.
        names: Keys of `METRICS`, and "conditional_accuracy".
        feature_network: A network's name, a Keras model, or an extractor.
            None takes the network of the features that are given, and
            `default_feature_network` of images.
        labels: The classes that the generated images were made for, int
            (N,), in the numbers of the feature network's own classes; for
            "conditional_accuracy". None takes `fake.labels`, where an image
            source has them.
        batch_size: Images at a time; it does not change the result.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice.
        progress: A function of the number of images done so far, of both
            sides together.
        on_features: A function of the features of both sides, called before
            the metrics are computed; for instance for `nearest_pairs`.
        on_record: A function of a record, called as soon as it is computed.

    Returns:
        The records, one for each number, in the order of the names. Their
        `labels` says how the classes of the generated images were drawn.

    Raises:
        ValueError: Before any features are computed, for an unknown name, a
            feature network without a classifier where one is needed, missing
            labels, and statistics where images are needed; and for bad
            images.
    """
    chosen = find_metrics(names)
    needed = {
        side
        for name in chosen
        for side in NEEDS_FEATURES_OF.get(name, ("real", "fake"))
    }
    sides = {"real": real, "fake": fake}
    if on_features is not None:
        needed = {"real", "fake"}
    elif set(chosen) <= set(NEEDS_NO_REAL):
        del sides["real"]
    if labels is None:
        labels = getattr(fake, "labels", None)
    network = _network(feature_network, sides)
    _check(chosen, sides, needed, labels, network)
    _warn_if_swapped(real)
    drawn = how_drawn(getattr(real, "labels", None), labels)
    if not (labels is None or num_samples is None or isinstance(fake, Side)):
        labels = np.asarray(labels)[choose(len(fake), num_samples, seed)]
    options = (network, batch_size, num_samples, seed)
    sides = _features(sides, needed, options, progress)
    if on_features is not None:
        on_features(sides["real"], sides["fake"])
    records = []
    for name in chosen:
        for record in _measure(name, sides.get("real"), sides["fake"], labels):
            records.append(dataclasses.replace(record, labels=drawn))
            if on_record is not None:
                on_record(records[-1])
    return records


def _measure(
    name: str, real: Any, fake: Any, labels: Any
) -> list[MetricRecord]:
    if name == OF_LABELS:
        return [conditional_accuracy(labels, fake)]
    return METRICS[name](real, fake)


def _network(
    feature_network: Network | None, sides: dict[str, Any]
) -> Network | None:
    """Returns the network for the images; None where there are none."""
    made = [side for side in sides.values() if isinstance(side, Side)]
    if feature_network is None and len(made) == len(sides):
        return None
    return get_feature_extractor(feature_network or choose_for(sides.values()))


def _check(
    names: list[str],
    sides: dict[str, Any],
    needed: set[str],
    labels: Any,
    network: Any,
) -> None:
    """Refuses what cannot be measured, before any features are computed."""
    for name, side in sides.items():
        if side is None:
            raise ValueError(
                f"`{name}` must hold images for {', '.join(names)}. "
                "Received: None"
            )
        if name in needed and isinstance(side, FeatureStatistics):
            raise ValueError(
                "A statistics file is enough for fid, and on the real side "
                "for fid_infinity; other metrics need the images. "
                f"Received: statistics of {side.origin.images} as `{name}` "
                f"for {', '.join(names)}"
            )
    head = getattr(network or sides["fake"], "head", None)
    if set(NEEDS_HEAD) & set(names) and head is None:
        raise ValueError(
            "The Inception Score and the conditional accuracy need a feature "
            "network with a classifier, such as inception_2048 or "
            "fashion_mnist_classifier. Received: "
            f"{getattr(network, 'name', None)!r}"
        )
    if OF_LABELS in names and labels is None:
        raise ValueError(
            f"{OF_LABELS} needs the labels of the generated images: a GAN "
            "that takes labels, an image source with labels, or `labels`. "
            f"Received: {getattr(sides['fake'], 'name', 'images')} without "
            "labels"
        )


def _warn_if_swapped(real: Any) -> None:
    origin = real.origin if isinstance(real, Side) else real
    if getattr(origin, "split", None) == GENERATED:
        name = origin.images if isinstance(real, Side) else real.name
        warnings.warn(
            f"The real images ({name}) are marked as generated by a GAN. Are "
            "the real and the generated images swapped?",
            stacklevel=3,
        )


def _features(
    sides: dict[str, Any],
    needed: set[str],
    options: tuple[Any, int, int | None, int],
    progress: Callable[[int], Any] | None,
) -> dict[str, Any]:
    """Computes the features of the sides that need them, else statistics."""
    before = 0

    def advance(done: int) -> None:
        if progress is not None:
            progress(before + done)

    features = {}
    for name, side in sides.items():
        statistics = () if name in needed else (name,)
        (features[name],) = prepare({name: side}, *options, statistics, advance)
        if not isinstance(side, Side):
            before += options[2] or len(side)
    return features
