"""Going on with a run that was stopped, at the very step where it stood."""

import json
import warnings
from pathlib import Path
from typing import Any

import keras

from keras_gans.engine.feed import Batches


def discard_torn_backups(callbacks: list[Any]) -> None:
    """Removes the note of an epoch that a kill left half written.

    `keras.callbacks.BackupAndRestore` writes it in place and fails on what is
    not JSON. The weights are whole, and they hold the counters.
    """
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.BackupAndRestore):
            note = Path(callback._training_metadata_path)
            try:
                json.loads(note.read_text())
            except FileNotFoundError:
                pass
            except ValueError:
                note.unlink()


class Resume(keras.callbacks.Callback):
    """Lays out each epoch of a `fit` from the steps that the model counted.

    `keras.callbacks.BackupAndRestore` remembers the epoch alone, and in a
    second file: after a kill in the middle of an epoch it would repeat steps
    that the restored weights have taken. The model's own counters, saved
    with its weights, say where it stood. Comes last in the list of callbacks,
    so that backups are restored before it looks.

    Args:
        batches: The feed of this `fit`.
        initial_epoch: The epoch with which `fit` was told to begin.
        steps: Steps that the model had taken before backups are restored.
    """

    def __init__(self, batches: Batches, initial_epoch: int, steps: int):
        super().__init__()
        self.batches = batches
        self.initial_epoch = initial_epoch
        self.steps = steps

    def _steps_done(self) -> int:
        return int(self.model.steps.numpy()) - int(
            self.model.first_step.numpy()
        )

    def on_train_begin(self, logs: Any = None) -> None:
        """Finds the epoch to go on with."""
        # The second file is missing after a kill between the two.
        restored = self.model._initial_epoch is not None
        if not restored and int(self.model.steps.numpy()) == self.steps:
            self.model.first_step.assign(self.steps)
        self.batches.seed = int(self.model.shuffle_seed.numpy())
        epochs_done = self._steps_done() // self.batches.steps_per_epoch
        self.model._initial_epoch = self.initial_epoch + epochs_done

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Lays out what is left of the epoch."""
        per_epoch = self.batches.steps_per_epoch
        done = self._steps_done() - (epoch - self.initial_epoch) * per_epoch
        self.batches.start(int(self.model.steps.numpy()), per_epoch - done)
        if done:  # Keras takes the rest of an epoch for data that ran out.
            warnings.filterwarnings("ignore", "Your input ran out of data")
