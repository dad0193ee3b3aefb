"""The time of a training step on this device."""

import statistics
import time
from typing import Any

import keras
import numpy as np


def batch_for(gan: Any, batch_size: int) -> dict[str, np.ndarray]:
    """Makes a batch of noise of what a GAN learns from, as a feed holds it.

    Args:
        gan: The GAN, whose `learns_from` is read.
        batch_size: Rows in the batch.

    Returns:
        Arrays (batch_size, ...) by name, for instance uint8 images and int32
        labels.
    """
    rng = np.random.default_rng(0)
    return {
        name: modality.carry(modality.noise(batch_size, rng))
        for name, modality in gan.learns_from.items()
    }


class Stopwatch(keras.callbacks.Callback):
    """Measures an epoch, which ends when its losses are computed."""

    seconds: float

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts the clock."""
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Stops the clock."""
        self.seconds = time.perf_counter() - self.start


def measure_step(gan: Any, batch_size: int, rounds: int = 3) -> float:
    """Measures a step of `fit`, with what it does around it.

    Args:
        gan: A compiled GAN; it is trained on noise.
        batch_size: Rows in a batch.
        rounds: How often to measure, each time for a second or a step.

    Returns:
        The median of the rounds, in seconds.
    """
    batch = batch_for(gan, batch_size)
    stopwatch = Stopwatch()

    def seconds_for(steps: int) -> float:
        gan.fit(
            batch,
            batch_size=batch_size,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[stopwatch],
        )
        return stopwatch.seconds / steps

    seconds_for(1)  # compiles
    steps = max(1, round(1 / seconds_for(1)))
    return statistics.median(seconds_for(steps) for _ in range(rounds))
