"""FID while a GAN trains, where Keras's own callbacks can see it."""

import dataclasses
import os
import sys
from typing import Any

import keras
import numpy as np

from keras_gans import distribution, metrics
from keras_gans.data.generated import GeneratedImages, NotFiniteError


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

    With `every=5` it is computed after the first epoch, then after epochs 5,
    10, 15 and so on, and after the last. In between the logs **repeat the
    last value**. They must hold some number: where the key is missing,
    `ModelCheckpoint` overwrites its best file and `CSVLogger` never makes a
    column; and a NaN in the first epoch would be its best value for ever. A
    repeated value is never an improvement. But `EarlyStopping` counts its
    patience in epochs, so to wait for 3 values give it `patience=3 * every`.
    `records` holds the values that were computed, and no others.

    A generator whose images are not finite gets `inf`.

    Args:
        images: The reference set, used whole: array (N, H, W, C), uint8 or
            float in [-1, 1]; an image source;
            `keras_gans.metrics.feature_statistics(...)`; or the path of a
            file of such, `.npz` or `.pt`, as `keras-gans stats` writes it.
        every: Epochs from one value to the next.
        num_samples: How many images to generate.
        feature_network: A network's name, for instance `"inception_768"`, a
            Keras model, or an extractor.
        batch_size: Images at a time; it does not change the value.
        seed: Seed of the latents: they are those of
            `gan.generate(num_samples, seed=seed)`.
        labels: Labels of the samples, int (num_samples,), for a conditional
            GAN; None leaves them to it.
        name: The key in the logs.
        verbose: 1 shows progress, 0 does not, `"auto"` does as `fit` does.

    Attributes:
        records: List of (epoch from 1, `MetricRecord`).

    Raises:
        ValueError: For arguments outside of what is named here, and for a
            file of another feature network.
    """

    def __init__(
        self,
        images: Any,
        every: int = 1,
        num_samples: int = 10_000,
        feature_network: str
        | keras.Model
        | metrics.FeatureExtractor = "fashion_mnist_classifier",
        batch_size: int = 256,
        seed: int = 0,
        labels: Any = None,
        name: str = "fid",
        verbose: int | str = "auto",
    ):
        super().__init__()
        if every < 1 or num_samples < 2:
            raise ValueError(
                "`every` must be at least 1 and `num_samples` at least 2. "
                f"Received: every={every}, num_samples={num_samples}"
            )
        if labels is not None and len(labels) != num_samples:
            raise ValueError(
                "`labels` must hold one label for each sample. Received: "
                f"{len(labels)} labels for {num_samples} samples"
            )
        self.every = every
        self.num_samples = num_samples
        self.extractor = metrics.get_feature_extractor(feature_network)
        if isinstance(images, str | os.PathLike):
            images = metrics.load_statistics(images, self.extractor)
        self.images = images
        self.batch_size = batch_size
        self.seed = seed
        self.labels = labels
        self.name = name
        self.verbose = verbose
        self.records: list[tuple[int, metrics.MetricRecord]] = []
        self._value: float | None = None

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Forgets the last value of another `fit`, and looks at the labels."""
        self._value = None
        self._samples = GeneratedImages(
            self.model, self.num_samples, self.seed, self.labels
        )

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        """Does the reference set, once, where there is anything to train."""
        if not isinstance(self.images, metrics.FeatureStatistics):
            self.images = _merged(self._share(self.images, "reference"))

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Writes the value to the logs, a new one where it is time."""
        last = epoch + 1 == self.params.get("epochs")
        if self._value is None or last or (epoch + 1) % self.every == 0:
            self._value = self._compute(epoch + 1)
        if logs is not None:
            logs[self.name] = self._value
            logs[f"fid[{self.extractor.name}]"] = self._value

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
        record = metrics.fid(self.images, fake, self.extractor)
        record = dataclasses.replace(record, seed=self.seed)
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


def _merged(statistics: metrics.FeatureStatistics) -> metrics.FeatureStatistics:
    """Merges the shares of all processes that train together."""
    shares = distribution.gather(statistics.gaussian.to_array())
    merged = metrics.GaussianStatistics(statistics.gaussian.dimensions)
    for share in shares:
        merged.merge(metrics.GaussianStatistics.from_array(share))
    return dataclasses.replace(statistics, gaussian=merged)
