"""The time of a training step on this device."""

import statistics
import time
from typing import Any

import keras
import numpy as np


def batch_for(gan: Any, batch_size: int) -> tuple[np.ndarray, ...]:
    """Makes a batch of noise: images, and labels for a conditional GAN."""
    rng = np.random.default_rng(0)
    shape = (batch_size, *gan.image_shape)
    images = rng.integers(0, 256, shape, dtype="uint8")
    classes = getattr(gan, "num_classes", None)
    if classes is None:
        return (images,)
    return images, rng.integers(0, classes, batch_size, dtype="int32")


class Stopwatch(keras.callbacks.Callback):
    """Takes the time of an epoch, which ends when its losses are there."""

    seconds: float

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts."""
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stops."""
        self.seconds = time.perf_counter() - self.start


def measure_step(gan: Any, batch_size: int, rounds: int = 3) -> float:
    """Measures a step of `fit`, with what it does around it.

    Args:
        gan: A compiled GAN; it is trained on noise.
        batch_size: Images in a batch.
        rounds: How often to measure, each time for a second or a step.

    Returns:
        Seconds, the median of the rounds.
    """
    batch = batch_for(gan, batch_size)
    stopwatch = Stopwatch()

    def seconds_for(steps: int) -> float:
        gan.fit(
            *batch,
            batch_size=batch_size,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[stopwatch],
        )
        return stopwatch.seconds / steps

    seconds_for(1)  # compiles
    steps = max(1, round(1 / seconds_for(1)))
    return statistics.median(seconds_for(steps) for _ in range(rounds))
