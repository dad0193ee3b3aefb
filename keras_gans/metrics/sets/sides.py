"""The two sides of a comparison, their checks, and the record of a value."""

import warnings
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

import keras
import numpy as np

from keras_gans.metrics.distances.statistics import Uncounted
from keras_gans.metrics.features import shipped_classifiers
from keras_gans.metrics.features.choice import choose_for
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
    Origin,
    compute_features,
    feature_statistics,
)
from keras_gans.metrics.features.networks import (
    FeatureExtractor,
    get_feature_extractor,
)
from keras_gans.metrics.features.usual_images import warn_of_unusual_images
from keras_gans.metrics.labels import warn_of_turns
from keras_gans.metrics.record import MetricRecord

Network: TypeAlias = str | keras.Model | FeatureExtractor
Side: TypeAlias = FeatureSet | FeatureStatistics

DEFAULT_NETWORK = shipped_classifiers.FASHION_MNIST


def prepare(
    sides: Mapping[str, Any],
    feature_network: Network | None = None,
    batch_size: int = 256,
    num_samples: int | None = None,
    seed: int = 0,
    statistics: Collection[str] = (),
    progress: Callable[[int], Any] | None = None,
) -> list[Any]:
    """Computes the features of every side that is images, with one network.

    Args:
        sides: Sides by the name for errors: images (array or image source), a
            `FeatureSet`, or `FeatureStatistics` where those are enough.
        feature_network: A network's name, a Keras model, or an extractor.
            None takes the network of the sides that are features, and
            `default_feature_network` of the first where all are images.
        batch_size: Images at a time.
        num_samples: Number of images to choose from each set; None uses all.
        seed: Seed of the choice.
        statistics: Names of the sides whose mean and covariance are enough.
        progress: A function of the number of images done, of each side.

    Returns:
        The sides, in their order: `FeatureStatistics` for those named in
        `statistics`, `FeatureSet` for the others.

    Raises:
        ValueError: For bad images, fewer than 2 of them, features of another
            network, and values that are not finite.
    """
    made = [s.origin for s in sides.values() if isinstance(s, Side)]
    warn_of_turns(
        *(getattr(sides.get(name), "labels", None) for name in ("real", "fake"))
    )
    for name, side in sides.items():
        if not isinstance(side, Side) and len(side) < 2:
            raise ValueError(
                f"`{name}` must hold at least 2 images. Received: {len(side)}"
            )
    if feature_network is not None or len(made) < len(sides):
        feature_network = get_feature_extractor(
            feature_network or choose_for(sides.values())
        )
        wanted = origin_of(feature_network)
    else:
        wanted = made[0]
    prepared = []
    for name, side in sides.items():
        if not isinstance(side, Side):
            how = feature_statistics if name in statistics else compute_features
            options = (feature_network, batch_size, num_samples, seed)
            side = how(side, *options, progress)
        check_side(name, side, wanted)
        if name == "real":
            warn_of_unusual_images(side)
        if name in statistics and isinstance(side, FeatureSet):
            side = side.statistics()
        if name not in statistics and isinstance(side, FeatureStatistics):
            raise ValueError(
                f"This metric needs images or `compute_features(...)` as "
                f"`{name}`. Received: FeatureStatistics"
            )
        prepared.append(side)
    _warn_of_the_same(dict(zip(sides, prepared, strict=True)))
    return prepared


def make_record(
    metric: str, value: float, real: Side | None, fake: Side, **details: Any
) -> MetricRecord:
    """Makes the record of a value.

    Args:
        metric: Name of the metric.
        value: The number.
        real: The reference set, or None where the metric needs none.
        fake: The generated set.
        **details: Settings and further results, as numbers.

    Returns:
        The record.
    """
    origin = fake.origin
    reference = real.origin if real is not None else None
    seed = origin.seed
    if seed is None and reference:
        seed = reference.seed
    return MetricRecord(
        metric=metric,
        value=float(value),
        feature_network=origin.feature_network,
        feature_network_checksum=origin.feature_network_checksum,
        num_real=count(real) if real is not None else 0,
        num_fake=count(fake),
        real=reference.images if reference else None,
        real_checksum=reference.images_checksum or None if reference else None,
        fake=origin.images,
        seed=seed,
        resize=origin.resize,
        split=reference.split if reference else None,
        channels=origin.channels or getattr(reference, "channels", None),
        details=details,
    )


def logits_of(side: FeatureSet) -> np.ndarray:
    """Returns how the feature network classifies images.

    Args:
        side: Features, with the head of their network.

    Returns:
        Logits (n, classes).

    Raises:
        ValueError: Where the network has no head.
    """
    if side.head is None:
        raise ValueError(
            "This metric needs a network with a classifier: a "
            "FeatureExtractor with a `head`. "
            f"Received: {side.origin.feature_network!r}, which has none"
        )
    return side.head(side.features)


def count(side: Side) -> int | None:
    """Returns the number of images of a side; None where it is unknown."""
    if isinstance(side, FeatureSet):
        return len(side)
    unknown = isinstance(side.gaussian, Uncounted)
    return None if unknown else side.gaussian.count


def check_side(name: str, side: Side, wanted: Origin) -> None:
    """Refuses features of another network, or of too few images.

    Args:
        name: Name of the side in an error.
        side: The features.
        wanted: An origin with the feature network that is wanted.

    Raises:
        ValueError: For another network, fewer than 2 images, and values that
            are not finite.
    """
    of_wanted = (wanted.feature_network_checksum, wanted.resize)
    origin = side.origin
    if (origin.feature_network_checksum, origin.resize) != of_wanted:
        raise ValueError(
            f"`{name}` must hold features of the network "
            f"{wanted.feature_network!r}, or of one with the same weights and "
            f"resize={wanted.resize!r}. Received: statistics of "
            f"{origin.feature_network!r} with resize={origin.resize!r}"
        )
    size = count(side)
    if size is not None and size < 2:
        raise ValueError(
            f"`{name}` must hold at least 2 images. Received: {size}"
        )
    values = (
        side.features if isinstance(side, FeatureSet) else side.gaussian.mean
    )
    if not np.isfinite(values).all():
        raise ValueError(
            f"The features of `{name}` must be finite; broken weights give "
            "others. Received: NaN or infinite values from "
            f"{origin.feature_network!r}"
        )


def origin_of(extractor: FeatureExtractor) -> Origin:
    """Returns the origin of an extractor's features, without images."""
    return Origin(
        extractor.name, extractor.checksum, extractor.resize, None, ""
    )


def _warn_of_the_same(sides: dict[str, Side]) -> None:
    seen: dict[str, str] = {}
    for name, side in sides.items():
        checksum = side.origin.images_checksum
        if checksum and checksum in seen:
            warnings.warn(
                f"`{seen[checksum]}` and `{name}` are the very same images, "
                "so the result says nothing about a generator. Received: "
                f"{side.origin.images or 'images'} of SHA-256 {checksum[:16]}… "
                "twice",
                stacklevel=4,
            )
        seen[checksum] = name
