"""A plot of the run while it goes on."""

import math
import os
import time
from pathlib import Path
from typing import Any

import keras

from keras_gans import distribution
from keras_gans.callbacks.arguments import check_folder
from keras_gans.pictures.history import epochs_of_grids, plot_history

SHARE = 0.05
"""The share of a run's time that drawing may take."""


class LossPlot(keras.callbacks.Callback):
    """Draws losses, scores and FID into a picture as training goes on.

    It is drawn after the first epoch, at the end, and between them as often
    as takes a twentieth of the time of training at most. A run that goes on
    from a backup has all of its epochs in it.

    Put it after the callbacks that write to the logs, such as `FID`.

    Args:
        path: The picture's file, for instance "losses.png".
        samples: The folder of `SampleGrid`, whose epochs are marked; None
            marks none.

    Raises:
        OSError: When training begins, where the folder cannot be written to.
    """

    resumed = ("rows",)

    def __init__(
        self, path: str | os.PathLike, samples: str | os.PathLike | None = None
    ):
        super().__init__()
        self.path = Path(path)
        self.samples = samples
        self.rows: list[dict[str, float]] = []
        self._next = 0.0
        self._drawn: Any = None

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Refuses a folder that could not be written to later."""
        if distribution.is_chief():
            check_folder(self.path.parent)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Notes this epoch, and draws where it is time."""
        numbers = {k: float(v) for k, v in (logs or {}).items()}
        self.rows = [row for row in self.rows if row["epoch"] <= epoch]
        # What is not measured in this epoch counts as infinite.
        finite = {k: v for k, v in numbers.items() if math.isfinite(v)}
        self.rows.append({"epoch": epoch + 1, **finite})
        start = time.monotonic()
        if start >= self._next:
            self._draw()
            end = time.monotonic()
            self._next = end + (end - start) / SHARE

    def on_train_end(self, logs: dict | None = None) -> None:
        """Draws all epochs."""
        self._draw()

    def _draw(self) -> None:
        if distribution.is_chief() and any(len(row) > 1 for row in self.rows):
            grids = (
                [] if self.samples is None else epochs_of_grids(self.samples)
            )
            last = self.rows[-1]["epoch"]
            grids = [g for g in grids if g <= last]
            if (last, grids) != self._drawn:
                plot_history(self.rows, self.path, grids)
                self._drawn = (last, grids)
