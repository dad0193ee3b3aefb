"""What a training run writes to its folder, epoch after epoch."""

import csv
import json
import threading
from pathlib import Path
from typing import Any

import keras

from keras_gans import callbacks, distribution
from keras_gans.cli.output import console
from keras_gans.cli.runs import BACKUP, BEST, SCORES, read_scores
from keras_gans.files import atomic_path


class EpochLog(keras.callbacks.Callback):
    """Writes a CSV file with a line for each epoch, counted from 1.

    A run that goes on may log other columns, and repeats the epoch after its
    last backup; its line then takes the place of the old one.

    Args:
        path: The file.
    """

    def __init__(self, path: Path):
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Writes this epoch's line."""
        if not distribution.is_chief():
            return
        rows: list[dict[str, Any]] = []
        if self.path.is_file():
            with open(self.path, encoding="utf-8", newline="") as file:
                rows = [r for r in csv.DictReader(file) if _epoch(r) <= epoch]
        rows.append({"epoch": epoch + 1, **(logs or {})})
        columns = dict.fromkeys(name for row in rows for name in row)
        with (
            atomic_path(self.path) as draft,
            open(draft, "w", encoding="utf-8", newline="") as file,
        ):
            writer = csv.DictWriter(file, list(columns))
            writer.writeheader()
            writer.writerows(rows)


def _epoch(row: dict[str, str]) -> int:
    return int(row["epoch"])


class Scores(keras.callbacks.Callback):
    """Writes every new score to a file of JSON lines, and keeps the best GAN.

    Args:
        fid: The callback that scores; it comes before this one.
        out: The run's folder.
    """

    def __init__(self, fid: callbacks.FID, out: Path):
        super().__init__()
        self.fid = fid
        self.out = out

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Writes this epoch's score, if it has one."""
        records = [r for scored, r in self.fid.records if scored == epoch + 1]
        if not records or not distribution.is_chief():
            return
        score = {"epoch": epoch + 1, **json.loads(records[-1].to_json())}
        # Anew, for a last line that a kill has torn, and without what a run
        # scored after the backup from which it goes on.
        scores = [s for s in read_scores(self.out) if s["epoch"] <= epoch]
        with atomic_path(self.out / SCORES) as draft:
            lines = [json.dumps(line) + "\n" for line in (*scores, score)]
            draft.write_text("".join(lines), "utf-8")
        others = [s["value"] for s in scores if s["name"] == score["name"]]
        if score["value"] < min(others, default=float("inf")):
            about = {"epochs": epoch + 1, "metrics": [score]}
            self.model.save_to_preset(self.out / BEST, metadata=about)


class Backup(keras.callbacks.BackupAndRestore):
    """Keras's backups, and one more at the step where training is stopped.

    Args:
        out: The run's folder.
        save_freq: Batches from one backup to the next, or "epoch".
        steps_per_epoch: Steps in an epoch.
        pressed: The event that ends training.
    """

    def __init__(
        self,
        out: Path,
        save_freq: int | str,
        steps_per_epoch: int,
        pressed: threading.Event,
    ):
        super().__init__(
            (out / BACKUP).parent, save_freq, delete_checkpoint=False
        )
        self.out = out
        self.steps_per_epoch = steps_per_epoch
        self.pressed = pressed

    @property
    def step(self) -> int:
        """The steps that the run has taken."""
        return int(self.model.steps.numpy())

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Restores the last backup."""
        super().on_train_begin(logs)
        done, epochs = self.step // self.steps_per_epoch, self.params["epochs"]
        if done >= epochs:
            self._say(
                f"{self.out} holds {done} epochs (step {self.step}): nothing "
                f"is left to train up to epoch {epochs}"
            )
        elif self.step:
            self._say(
                f"Going on after epoch {done} of {epochs} (step {self.step}), "
                f"which {self.out} holds"
            )

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Saves where it is time, and where training is to stop."""
        super().on_train_batch_end(batch, logs)
        # After an epoch's last step its scores and pictures come first.
        if self.pressed.is_set() and self.step % self.steps_per_epoch:
            self._stop()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Saves where it is time, and where training is to stop."""
        super().on_epoch_end(epoch, logs)
        if self.pressed.is_set():
            self._stop()

    def _stop(self) -> None:
        self._save_model()
        self._say(
            f"Saved at step {self.step}. `keras-gans generate {self.out}`, "
            "evaluate and export work from there."
        )
        raise KeyboardInterrupt

    def _say(self, message: str) -> None:
        if distribution.is_chief():
            console().print(message)
