"""Scores of a preset: against images, and the variant's own."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from keras_gans import metrics
from keras_gans.data import GeneratedImages, Images, ImageSource, Rows, Source
from keras_gans.data.generated import image_name
from keras_gans.engine.model import AdversarialModel
from keras_gans.engine.training.validation import (
    ROWS,
    captions_of,
    mean_scores,
    rows_to_score,
)
from keras_gans.metrics.features import shipped_classifiers
from keras_gans.modalities import ClassLabel, Image, Mask, Modality
from keras_gans.presets.publication.baselines import baselines, filled


def default_networks(gan: AdversarialModel) -> tuple[str, ...]:
    """Returns the shipped feature network for the GAN's images, if any.

    Args:
        gan: The GAN.
    """
    shapes = [m.shape for m in gan.makes.values() if isinstance(m, Image)]
    grey = shipped_classifiers.IMAGE_SHAPE
    if not shapes or (shapes[0][-1] != 3 and shapes[0] != grey):
        return ()
    return (metrics.shipped_feature_network(shapes[0]),)


def rows_to_take(
    gan: AdversarialModel, data: Any, num: int, networks: int = 1
) -> dict[str, np.ndarray]:
    """Returns rows of what generators take and cannot draw.

    Args:
        gan: The GAN.
        data: The data that hold it.
        num: Number of rows; fewer begin again at their end.
        networks: How many of the maker's networks they are for.

    Returns:
        Carried values (num, ...) by name; nothing where all can be drawn.
    """
    takes: dict[str, Modality] = {}
    for i in range(networks):
        takes |= gan.taken_by(i)
    names = [name for name, modality in takes.items() if not modality.is_drawn]
    if not names:
        return {}
    source = as_source(data)
    held = gan.columns_of(names)
    rows = source.rows(np.arange(num) % len(source), [*held.values()])
    return {name: rows[column] for name, column in held.items()}


def score(
    gan: AdversarialModel,
    data: Any,
    networks: Sequence[Any],
    num_samples: int,
    seed: int,
) -> list[metrics.MetricRecord]:
    """Scores a GAN's samples, and gives the scores that the variant declares.

    Args:
        gan: The GAN.
        data: The data to compare with.
        networks: The feature networks.
        num_samples: Number of samples; where the generator takes rows, at
            most one for each.
        seed: Seed of the samples.

    Returns:
        A record for each score.
    """
    records = []
    if networks:
        real = _images(data, image_name(gan))
        if not all(m.is_drawn for m in gan.takes.values()):
            num_samples = min(num_samples, len(real))
        labels = metrics.labels_for(gan, real, num_samples, seed)
        given = rows_to_take(gan, data, num_samples)
        if gan.told_by is not None:
            given |= captions_of(gan, as_source(data), num_samples)
        note = f"generate({num_samples})"
        made = GeneratedImages(gan, num_samples, seed, labels, note, **given)
    for i, network in enumerate(networks):
        names = ["fid"]
        if not i and _knows_classes(network, gan):
            names.append("conditional_accuracy")
        records += metrics.evaluate(real, made, names, network)
    if gan.scores:
        records += _own_scores(gan, as_source(data), seed)
    return [dataclasses.replace(record, seed=seed) for record in records]


def score_baselines(
    gan: AdversarialModel, data: Any, held_out: Any, seed: int = 0
) -> list[metrics.MetricRecord]:
    """Gives the scores that methods without learning have on held-out rows.

    Args:
        gan: The GAN.
        data: The data of training.
        held_out: The rows held out.
        seed: Seed of what is drawn, such as masks.

    Returns:
        A record for each of the variant's own scores and each baseline; none
        for a variant that neither makes an image of another one nor fills in
        its holes, and none for data without pairs.
    """
    known, asked = as_source(data), as_source(held_out)
    needed = gan.columns_of(n for n, m in gan.takes.items() if not m.is_drawn)
    if len(asked.sides) > 1 or not needed:
        return []
    if not {*needed.values(), *gan.makes} <= {*asked.modalities}:
        return []
    taken, made = next(iter(needed.values())), next(iter(gan.makes))
    kinds = [type(m) for m in (*gan.takes.values(), *gan.makes.values())]
    translates = kinds == [Image, Image] and taken != made
    if not translates and kinds != [Image, Mask, Image]:
        return []
    before, rows = (s.rows(rows_to_score(s)) for s in (known, asked))
    num = len(rows[taken])
    inputs = gan.inputs_for(num, seed, **gan.taken_from(rows))
    if translates:
        methods = baselines(before[taken], before[made], rows[taken])
    else:
        methods = filled(before[made], rows[made], inputs["masks"])
    real = gan.makes[made].to_device(rows[made])
    return [
        _own_record(gan, asked, score, value, name)
        for name, images in methods.items()
        for score, value in mean_scores(
            gan.scores, real, images, inputs
        ).items()
    ]


def _knows_classes(network: Any, gan: AdversarialModel) -> bool:
    """Returns whether a network tells as many classes as a GAN takes."""
    kind: Any = gan.takes.get("labels")
    extractor = metrics.get_feature_extractor(network)
    if not isinstance(kind, ClassLabel) or extractor.head is None:
        return False
    logits = extractor.head(np.zeros((1, extractor.dimensions)))
    return logits.shape[-1] == kind.num_classes


def _own_scores(
    gan: AdversarialModel, source: Source, seed: int
) -> list[metrics.MetricRecord]:
    if not {*gan.learns_from, *gan.makes} <= {*source.modalities}:
        return []  # Labels are needed, and the images have none.
    return [
        _own_record(gan, source, name, value, "generate_from(rows)")
        for name, value in gan.score_rows(source, seed=seed).items()
    ]


def _own_record(
    gan: AdversarialModel, source: Source, name: str, value: Any, fake: str
) -> metrics.MetricRecord:
    num = min(len(source), ROWS)
    return metrics.MetricRecord(
        metric=name,
        value=float(value),
        feature_network=next(iter(gan.makes)),  # what is compared
        feature_network_checksum="",
        num_real=num,
        num_fake=num,
        real=source.name,
        fake=fake,
        split=source.split,
    )


def as_source(data: Any) -> Source:
    """Returns data as a source: arrays, by name or of images, or a source."""
    if isinstance(data, Source):
        return data
    return Rows(data) if isinstance(data, dict) else Images(data)


def _images(data: Any, name: str) -> Any:
    """Returns the images of a name, as metrics take them."""
    source = as_source(data)
    if isinstance(source, ImageSource):
        return source
    rows = source.rows(np.arange(len(source)), [name])
    images = Images(rows[name], name=source.name)
    images.split = source.split
    return images
