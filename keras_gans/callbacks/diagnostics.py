"""Says in plain words, while a GAN trains, what goes wrong."""

import math
import time
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.callbacks.fid import NOT_MEASURED
from keras_gans.callbacks.measuring import Measuring
from keras_gans.diagnostics import measures

PARTS = 16
"""Parts of an epoch whose means are compared."""


class Diagnostics(keras.callbacks.Callback):
    """d."""

    resumed = ("rows", "said", "batches", "parts")
    uses_validation = True

    def __init__(self, share=0.03, verbose=1):
        super().__init__()
        self.share = share
        self.rows = []
        self.said = []
        self.batches = 0
        self.parts = []
        self.spent = 0.0

    def on_train_begin(self, logs=None):
        gan = self.model
        self._measuring = None
        self.begun = time.monotonic()
        if gan._learned is not None and distribution.is_chief():
            self._measuring = Measuring(gan, gan._learned, gan._held_out)

    def on_train_batch_end(self, batch, logs=None):
        self.batches += 1
        steps = self.params.get("steps") or PARTS
        if self.batches % max(1, steps // PARTS) == 0:
            self.parts.append([self.batches, dict(logs)])

    def on_epoch_end(self, epoch, logs=None):
        row = {"epoch": epoch + 1, **{k: float(v) for k, v in logs.items()}}
        row |= self._swings()
        t = time.monotonic()
        if self._measuring:
            row |= self._measuring()
        row["seconds"] = time.monotonic() - t
        for p, o in zip(self.model.players, self.model.optimizer.optimizers):
            row[f"{p}_rate"] = float(o.learning_rate)
        self.rows.append(row)
        self.batches, self.parts = 0, []

    def _swings(self):
        if len(self.parts) < 4:
            return {}
        n = np.array([c for c, _ in self.parts])
        out = {}
        for name in self.parts[0][1]:
            total = n * np.array([m[name] for _, m in self.parts])
            means = np.diff(total) / np.diff(n)
            out[f"{name}_swing"] = measures.swing(means)
            out[f"{name}_sd"] = float(means.std())
        return out
