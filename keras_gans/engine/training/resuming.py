"""Going on with a run that was stopped, at the very step where it stood."""

import json
import warnings
from pathlib import Path
from typing import Any

import h5py
import keras

from keras_gans import distribution
from keras_gans.engine.saving import NOTE
from keras_gans.engine.training.callback_states import restore_states, states_of
from keras_gans.engine.training.feed import Batches
from keras_gans.engine.training.run_facts import differences


def is_backup(callback: Any) -> bool:
    """Returns whether a callback saves the run to go on with."""
    return isinstance(callback, keras.callbacks.BackupAndRestore)


def back_up_whole_epochs(callbacks: list[Any], batches: Batches) -> None:
    """Leaves the last batch of an epoch to the backup at the epoch's end.

    A run that was killed between the two would skip the epoch's end.
    """

    def leaving_the_last(should_save: Any) -> Any:
        def should_save_but_last(batch: int) -> bool:
            # Keras's counts the batches, and must be called.
            return should_save(batch) and batch + 1 < batches.num_batches

        return should_save_but_last

    for callback in callbacks:
        if is_backup(callback):
            callback._should_save_on_batch = leaving_the_last(
                callback._should_save_on_batch
            )


def discard_torn_backups(callbacks: list[Any]) -> None:
    """Removes the note of an epoch that a kill left half written.

    `keras.callbacks.BackupAndRestore` writes it in place and fails on what is
    not JSON. The weights are whole, and they hold the counters.
    """
    for callback in callbacks:
        if is_backup(callback):
            note = Path(callback._training_metadata_path)
            try:
                json.loads(note.read_text())
            except FileNotFoundError:
                pass
            except ValueError:
                note.unlink()


def refuse_other_runs(callbacks: list[Any], facts: dict[str, Any]) -> None:
    """Looks at backups before they are restored.

    Args:
        callbacks: Those of a `fit`.
        facts: What its run is a run of.

    Raises:
        ValueError: For a backup of another run, which is left alone.
    """
    for callback in filter(is_backup, callbacks):
        note = _note_in(callback._weights_path)
        unlike = differences(note["facts"], facts) if note else []
        if unlike:
            raise ValueError(
                "The backup is of another run. To go on with it, train on the "
                "same data with the same arguments (the number of epochs and "
                "the callbacks may change); else choose another folder. "
                f"Received: {'; '.join(unlike)}"
            )


def _note_in(path: str) -> dict[str, Any] | None:
    """Returns the note in a file of weights; None without one."""
    try:
        with h5py.File(path) as file:
            note = file.get(f"vars/{NOTE}")
            return note and json.loads(note[()].tobytes())
    except OSError:  # no backup yet, or a torn one, which Keras deals with
        return None


class KeepNote(keras.callbacks.Callback):
    """Keeps with a backup what the run is, and what its callbacks have counted.

    `refuse_other_runs` has looked at the note in a backup before. Comes last in
    the list of callbacks, so that backups are restored before it looks.

    Args:
        callbacks: All callbacks of the `fit`.
        facts: What the run is a run of, before backups are restored.
    """

    def __init__(self, callbacks: list[Any], facts: dict[str, Any]):
        super().__init__()
        self.callbacks = callbacks
        self.facts = facts
        self.note: dict[str, Any] | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Takes over what the callbacks of a restored backup had counted."""
        self.note = self.model.take_run_note()
        if self.note is not None:
            restore_states(self.callbacks, self.note["callbacks"])
        self.model.keep_run_note(self._note)

    def _note(self) -> dict[str, Any]:
        return {
            "facts": self.facts,
            "callbacks": states_of(self.callbacks),
            "means": None,
        }

    def on_train_end(self, logs: Any = None) -> None:
        """Leaves the files that are saved from now on without the note."""
        self.model.keep_run_note(None)


class Resume(KeepNote):
    """Lays out each epoch of a `fit` from the steps that the model counted.

    `keras.callbacks.BackupAndRestore` remembers the epoch alone, and in a
    second file: after a kill in the middle of an epoch it would repeat steps
    that the restored weights have taken. The model's own counters, saved
    with its weights, say where it stood. The note in a backup also holds the
    means of the epoch so far, which go on from where they stood.

    Args:
        batches: The feed of this `fit`.
        initial_epoch: The epoch with which `fit` was told to begin.
        steps: Steps that the model had taken before backups are restored.
        callbacks: All callbacks of the `fit`.
        facts: What the run is a run of, before backups are restored.
    """

    def __init__(
        self,
        batches: Batches,
        initial_epoch: int,
        steps: int,
        callbacks: list[Any],
        facts: dict[str, Any],
    ):
        super().__init__(callbacks, facts)
        self.batches = batches
        self.initial_epoch = initial_epoch
        self.steps = steps
        self._means: list[float] | None = None

    def _steps_done(self) -> int:
        return int(self.model.steps.numpy()) - int(
            self.model.first_step.numpy()
        )

    def on_train_begin(self, logs: Any = None) -> None:
        """Finds the epoch to go on with."""
        super().on_train_begin()
        if self.note is not None:
            self._means = self.note["means"]
        # The second file is missing after a kill between the two.
        restored = self.model._initial_epoch is not None
        if not restored and int(self.model.steps.numpy()) == self.steps:
            self.model.first_step.assign(self.steps)
        self.batches.seed = int(self.model.shuffle_seed.numpy())
        epochs_done = self._steps_done() // self.batches.steps_per_epoch
        self.model._initial_epoch = self.initial_epoch + epochs_done

    def _note(self) -> dict[str, Any]:
        if distribution.process()[1] > 1:
            # Only the chief saves, and to read a mean all would have to meet.
            return super()._note()
        return {**super()._note(), "means": self.model.means_so_far()}

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Backs up what the end of the epoch has changed in callbacks."""
        for callback in self.callbacks:
            if is_backup(callback) and callback.save_freq != "epoch":
                callback._save_model()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Lays out what is left of the epoch."""
        per_epoch = self.batches.steps_per_epoch
        done = self._steps_done() - (epoch - self.initial_epoch) * per_epoch
        self.batches.start(int(self.model.steps.numpy()), per_epoch - done)
        if done:  # Keras takes the rest of an epoch for data that ran out.
            warnings.filterwarnings("ignore", "Your input ran out of data")
            if self._means is not None:
                self.model.set_means(self._means)
        self._means = None
