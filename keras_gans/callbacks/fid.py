"""FID while a GAN trains, where Keras's own callbacks can see it."""

import dataclasses
import os
import sys
from typing import Any

import keras
import numpy as np

from keras_gans import distribution, metrics
from keras_gans.arguments import whole_number
from keras_gans.callbacks.arguments import check_labels
from keras_gans.callbacks.columns import held_out_images
from keras_gans.data import load
from keras_gans.data.generated import GeneratedImages, NotFiniteError
from keras_gans.metrics.features.statistics_file import network_of
from keras_gans.metrics.labels import how_drawn, warn_of_turns


class FID(keras.callbacks.Callback):
    """Computes the FID at the end of epochs and writes it to the logs.

    It stands in the logs as `"fid"`, for `monitor="fid"`, and as
    `"fid[<feature network>]"`, which is the name to publish.

    Put it **before** the callbacks that read it: Keras calls them in the
    order of their list, and a `ModelCheckpoint(save_best_only=True)` that
    finds no `"fid"` warns and saves every epoch.

    ```python
    callbacks=[
        keras_gans.callbacks.FID(images, every=5),
        keras.callbacks.ModelCheckpoint(
            "best.weights.h5", monitor="fid", mode="min",
            save_best_only=True, save_weights_only=True),
        keras.callbacks.EarlyStopping(monitor="fid", mode="min", patience=15),
    ]
    ```

    With `every=5` it is computed after epochs 1, 5, 10, 15 and so on, and
    after the last. The logs of the epochs between hold `NOT_MEASURED`: the
    progress bar shows a dash and `CSVLogger` writes an empty cell. It counts
    as infinite, so it is never an improvement for `ModelCheckpoint` and
    `EarlyStopping`. `EarlyStopping` counts its patience in epochs, so to wait
    for 3 values give it `patience=3 * every`. `records` holds the values.

    A generator whose images are not finite gets `inf`.

    Args:
        images: The reference set, used whole: array (N, H, W, C), uint8 or
            float in [-1, 1], or a tuple (images, labels); an image source;
            `keras_gans.metrics.feature_statistics(...)`; or the path of a
            file of such, `.npz` or `.pt`, as `keras-gans stats` writes it.
            None takes `validation_data` of `fit`.
        every: Epochs from one value to the next.
        num_samples: Number of images to generate. A GAN that takes images
            makes as many as there are rows, at most: of `validation_data`,
            or else of the training data. A GAN that is told in words makes
            what their captions say.
        feature_network: A network's name, for instance `"inception_768"`, a
            Keras model, or an extractor. None takes
            `metrics.default_feature_network` of the reference set, as
            `keras-gans evaluate` does.
        batch_size: Images at a time; it does not change the value.
        seed: Seed of what is drawn: the samples are those of
            `gan.generate(num_samples, seed=seed)`.
        labels: Classes of the samples, (num_samples,), for a GAN that takes
            classes; None draws them in the proportions of the reference set,
            where it has labels, and else in turn.
        name: The key in the logs.
        verbose: 1 shows progress, 0 does not, `"auto"` does as `fit` does.

    Attributes:
        records: List of (epoch from 1, `MetricRecord`).

    Raises:
        ValueError: For arguments outside of what is named here, and for a
            file of another feature network; and when training begins, for a
            GAN that makes no images, and where there is no reference set.
    """

    uses_validation = True

    def __init__(
        self,
        images: Any = None,
        every: int = 1,
        num_samples: int = 10_000,
        feature_network: str | keras.Model | metrics.FeatureExtractor | None = (
            None
        ),
        batch_size: int = 256,
        seed: int = 0,
        labels: Any = None,
        name: str = "fid",
        verbose: int | str = "auto",
    ):
        super().__init__()
        self.every = whole_number("every", every)
        self.num_samples = whole_number("num_samples", num_samples, 2)
        check_labels(labels, self.num_samples)
        if isinstance(images, str | os.PathLike):
            feature_network = feature_network or network_of(images)
            images = metrics.load_statistics(images, feature_network)
        if isinstance(images, tuple):
            images = load(images)
        if feature_network is not None:
            feature_network = metrics.get_feature_extractor(feature_network)
        self.feature_network = feature_network
        self.images = images
        self.batch_size = whole_number("batch_size", batch_size)
        self.seed = whole_number("seed", seed, 0)
        self.labels = labels
        self.name = name
        self.verbose = verbose
        self.records: list[tuple[int, metrics.MetricRecord]] = []
        self._statistics: metrics.FeatureStatistics | None = None

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Finds the reference set, and refuses what cannot be generated."""
        gan = self.model
        self._real = self.images
        if self.images is None:
            self._real, self._statistics = held_out_images(gan), None
        self.extractor = metrics.get_feature_extractor(
            self.feature_network or metrics.default_feature_network(self._real)
        )
        num, given = self.num_samples, {}
        if not all(modality.is_drawn for modality in gan.takes.values()):
            num = min(num, len(gan._rows or ()))
            given = gan.examples(num)
        given |= gan.captions(num)
        labels = self.labels
        if labels is None:
            labels = metrics.labels_for(gan, self._real, num, self.seed)
        self._samples = GeneratedImages(gan, num, self.seed, labels, **given)
        rows = getattr(gan, "_learned", None)
        if rows is not None and "labels" in rows.modalities and labels is None:
            warn_of_turns(rows.in_memory("labels"), self._samples.labels)

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Does the reference set, once, where there is anything to train."""
        if isinstance(self._real, metrics.FeatureStatistics):
            self._statistics = self._real
        elif self._statistics is None:
            self._statistics = _merged(self._share(self._real, "reference"))

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Writes the value to the logs, where it is time."""
        last = epoch + 1 == self.params.get("epochs")
        value: float = NOT_MEASURED
        if epoch == 0 or last or (epoch + 1) % self.every == 0:
            value = self._compute(epoch + 1)
        if logs is not None:
            logs[self.name] = value
            logs[f"fid[{self.extractor.name}]"] = value

    def _compute(self, epoch: int) -> float:
        try:
            fake = self._share(self._samples, self.name)
        except NotFiniteError:
            fake = None
        # Processes must agree before they meet to merge.
        finite = distribution.gather(np.array(fake is not None)).all()
        if fake is None or not finite:
            return float("inf")
        fake = _merged(fake)
        record = metrics.fid(self._statistics, fake, self.extractor)
        record = dataclasses.replace(
            record,
            seed=self.seed,
            labels=how_drawn(
                getattr(self._real, "labels", None), self._samples.labels
            ),
        )
        self.records.append((epoch, record))
        return record.value

    def _share(self, images: Any, name: str) -> metrics.FeatureStatistics:
        """Does this process's share of the images."""
        return metrics.feature_statistics(
            images,
            self.extractor,
            self.batch_size,
            progress=self._progress(name, len(images)),
            share=distribution.process(),
        )

    def _progress(self, name: str, target: int) -> Any:
        shown = self.verbose
        if shown == "auto":
            shown = self.params.get("verbose") in (1, "auto")
        if not shown:
            return None
        sys.stdout.write(f"\n{name} of {target} images\n")
        return keras.utils.Progbar(target).update


class _NotMeasured(float):
    """Infinity, which shows as a dash and is written as an empty cell."""

    def __str__(self) -> str:
        return ""

    def __format__(self, specification: str) -> str:
        return "-"

    def __truediv__(self, other: Any) -> "_NotMeasured":
        return self  # Keras's progress bar shows value / 1


NOT_MEASURED = _NotMeasured("inf")
"""The value in the logs of an epoch whose FID is not computed.

Keras's callbacks need a number: where the key is missing, `ModelCheckpoint`
overwrites its best file, and `CSVLogger` has no column.
"""


def _merged(statistics: metrics.FeatureStatistics) -> metrics.FeatureStatistics:
    """Merges the shares of all processes that train together."""
    shares = distribution.gather(statistics.gaussian.to_array())
    merged = metrics.GaussianStatistics(statistics.gaussian.dimensions)
    for share in shares:
        merged.merge(metrics.GaussianStatistics.from_array(share))
    return dataclasses.replace(statistics, gaussian=merged)
