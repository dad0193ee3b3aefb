"""Pairs of images of one size, which PSNR, SSIM and LPIPS compare."""

import array
import dataclasses
import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.features.stream import quantise
from keras_gans.metrics.record import MetricRecord


def check_pair(real: Any, fake: Any) -> None:
    """Refuses images that cannot be compared pixel by pixel.

    Only the shapes of tensors are checked, so that it works in compiled steps.
    Of NumPy arrays the values are checked too.

    Args:
        real: Images (n, H, W, C), uint8 or float in [-1, 1].
        fake: As many images of the same size.

    Raises:
        ValueError: For shapes that differ and for another rank, and for NumPy
            arrays in a wrong range or with values that are not finite.
    """
    for name, images in (("real", real), ("fake", fake)):
        if isinstance(images, np.ndarray):
            quantise(images, name)
    if len(real.shape) != 4 or tuple(real.shape) != tuple(fake.shape):
        raise ValueError(
            "`real` and `fake` must have the same shape (n, H, W, C). "
            f"Received: {tuple(real.shape)} and {tuple(fake.shape)}"
        )


class ImagePairMetric(keras.metrics.Metric):
    """A streaming Keras metric: the mean over pairs of images.

    Images are first rounded to uint8, as image files hold it. The value of
    every pair is kept in float64, so the mean does not depend on the order of
    the pairs or the number of replicas. The metric works outside compiled
    steps.

    Subclasses set `metric`, their name, and define `compare`.

    Args:
        compared: What is compared, for instance `"y"`; it takes the place of
            the feature network in results.
        checksum: SHA-256 of the weights, where a network compares.
        name: Name of the metric; None gives `<metric>[<compared>]`.
    """

    metric: str
    channels: str | None = None
    """How images got the channels of a network, for records."""

    def __init__(
        self, compared: str, checksum: str = "", name: str | None = None
    ):
        super().__init__(name=name or f"{self.metric}[{compared}]")
        self.compared = compared
        self.compared_checksum = checksum
        self._values = array.array("d")

    def compare(self, real: Any, fake: Any) -> Any:
        """Compares uint8 images; returns a tensor (n,)."""
        raise NotImplementedError

    def update_state(
        self, real: Any, fake: Any, sample_weight: None = None
    ) -> None:
        """Adds a batch of pairs.

        Args:
            real: Images (n, H, W, C), uint8 or float in [-1, 1].
            fake: As many images of the same size. The size may change from
                batch to batch.
            sample_weight: Must be None; Keras passes it.

        Raises:
            ValueError: For bad images, shapes that differ, and weights.
            TypeError: In a compiled step.
        """
        if sample_weight is not None:
            raise ValueError(
                f"{self.name} takes no weights. Received: {sample_weight!r}"
            )
        try:
            pair = [ops.convert_to_numpy(images) for images in (real, fake)]
        except Exception as error:  # Each backend has its own.
            raise TypeError(
                f"{self.name} works outside compiled steps; in compiled "
                "steps use the function of tensors, for instance "
                "`compile(metrics=[peak_signal_noise_ratio])`. "
                f"Received: {real!r}"
            ) from error
        real, fake = map(quantise, pair, ("real", "fake"))
        check_pair(real, fake)
        values = ops.convert_to_numpy(self.compare(real, fake))
        self._values.extend(values.astype("float64"))

    def merge_state(self, metrics: Sequence["ImagePairMetric"]) -> None:
        """Adds the pairs of other metrics, for instance of replicas."""
        for metric in metrics:
            self._values.extend(metric._values)

    def details(self) -> dict[str, float | int]:
        """Returns the `details` of a record: the spread over images."""
        with np.errstate(invalid="ignore"):  # PSNR may be infinite.
            deviation = float(np.std(self._values))
        return {
            "deviation": deviation,
            "minimum": min(self._values),
            "maximum": max(self._values),
        }

    def record(self) -> MetricRecord:
        """Returns the record of the mean so far."""
        return MetricRecord(
            metric=self.metric,
            value=self.result(),
            feature_network=self.compared,
            feature_network_checksum=self.compared_checksum,
            num_real=len(self._values),
            num_fake=len(self._values),
            channels=self.channels,
            details=self.details(),
        )

    def result(self) -> float:
        """Returns the mean so far."""
        if not self._values:
            raise ValueError(
                f"{self.name} needs at least 1 pair of images. Received: none"
            )
        return math.fsum(self._values) / len(self._values)

    def reset_state(self) -> None:
        """Forgets all pairs."""
        self._values = array.array("d")


def compare_sets(
    metric: ImagePairMetric, real: Any, fake: Any, batch_size: int
) -> MetricRecord:
    """Compares two sets, image by image.

    Args:
        metric: A metric without pairs.
        real: Array (N, H, W, C), an image source, or a list of images
            (H, W, C), which may differ in size.
        fake: As many images, in the same order.
        batch_size: Images at a time.

    Returns:
        The record, with the names and the checksum of the sets.

    Raises:
        ValueError: For bad images, and for sets that do not match.
    """
    if len(real) != len(fake):
        raise ValueError(
            "`real` and `fake` must hold the same number of images, in the "
            "same order. "
            f"Received: {len(real)} and {len(fake)}"
        )
    batches = zip(
        _batches(real, batch_size), _batches(fake, batch_size), strict=True
    )
    digest = hashlib.sha256()
    of_all = not isinstance(real, list | tuple)
    for i, (real_batch, fake_batch) in enumerate(batches):
        metric.update_state(real_batch, fake_batch)
        if i == 0 or not of_all:
            shape = (len(real), *real_batch.shape[1:])
            digest.update(repr(tuple(map(int, shape))).encode())
        digest.update(quantise(real_batch).tobytes())
    return dataclasses.replace(
        metric.record(),
        real=getattr(real, "name", None),
        real_checksum=digest.hexdigest(),
        fake=getattr(fake, "name", None),
    )


def _batches(images: Any, batch_size: int) -> Iterator[np.ndarray]:
    if isinstance(images, list | tuple):
        yield from (np.asarray(image)[None] for image in images)
        return
    for start in range(0, len(images), batch_size):
        yield images[np.arange(start, min(start + batch_size, len(images)))]
