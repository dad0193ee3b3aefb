"""Says in plain words, while a GAN trains, what goes wrong."""

import dataclasses
import json
import math
import os
import time
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans import diagnostics, distribution
from keras_gans.callbacks.arguments import check_folder
from keras_gans.callbacks.fid import NOT_MEASURED
from keras_gans.callbacks.game import (
    game_of,
    players_without_a_step,
    rates_of,
)
from keras_gans.callbacks.measuring import Measuring, layers_not_finite, names
from keras_gans.diagnostics import Finding
from keras_gans.diagnostics.measures import swing
from keras_gans.files import atomic_path

PARTS = 16
"""Parts of an epoch whose mean losses are compared."""

OF_MAKER = ("diversity", "dead_units")
"""What is measured without the judge, which may not have begun to learn."""

LOOKS = 0.2
"""The part of its time in which weights are looked at; the rest measures."""

FIRST = 2.0
"""Seconds that the first measurement, which compiles, is taken to last."""


class Diagnostics(keras.callbacks.Callback):
    """Watches a run, and says what goes wrong and what to try first.

    It knows no variant: it reads what a GAN declares and logs. It finds
    losses that are not finite, learning rates far apart, a discriminator or a
    generator that wins, collapse, images that the discriminator remembers
    (with `validation_data`), losses that swing, and dead units. A finding is
    printed once, when it is first seen, and again in a summary at the end. Of
    a healthy run nothing is printed.

    Losses are looked at after each step, and the weights where a loss is not
    finite, before training and, as far as the clock permits, `PARTS` times an
    epoch: after a step with NaN all weights are NaN, which tells nothing.

    After each epoch it looks at the logs. On 64 rows (256 for `memorised`) it
    measures, and writes to the logs:

    - `diversity`: the distance of samples to the nearest other one, over the
      same of real rows, in the space of a small network that ships (for
      other things than grey and colour images, of the values);
    - `separation`: the share of pairs in which the discriminator, as it is in
      training, gives the real row a higher score than the generated one;
    - `<judge>_real_accuracy`, `<judge>_fake_accuracy`: the shares of real and
      of generated rows that it judges rightly, where its loss has a boundary
      between the two (`keras_gans.losses.BOUNDARIES`), which critics do not;
    - `memorised`: as `separation`, for training rows and held-out ones;
    - `dead_units`, `<judge>_dead_units`: the shares of the generator's and of
      the discriminator's rectified units that are zero for all rows;
    - `<player>_gradient`: the norm of each player's gradient, without lazy
      terms, of a step that is not taken.

    Where several devices train, only `diversity` and `dead_units` are measured.
    Of several networks of a player, as CycleGAN's, the first is measured. A
    judge that takes no step in an epoch, as SRGAN's in its first stage, is
    not. Data without rows to choose from, such as a `tf.data.Dataset`, are
    watched by their logs alone. `memorised` needs 64 held-out rows.

    The clock keeps the measurements to `share` of the time of training. In
    the epochs between, the logs hold `NOT_MEASURED`, as for `FID`. Put this
    callback before those that read the logs.

    Args:
        share: The share of the time that it may take; 1 measures after every
            epoch.
        path: A file to write the findings to, JSON; None writes none.
        verbose: 1 prints findings, 0 does not.

    Attributes:
        rows: What is known of each epoch, by name.

    Raises:
        ValueError: For a share outside of (0, 1].
        OSError: When training begins, where the folder of `path` cannot be
            written to.

    Example:
    ```python
    doctor = keras_gans.callbacks.Diagnostics()
    gan.fit(images, epochs=50, callbacks=[doctor])
    for finding in doctor.findings:
        print(finding.name, finding.remedy)
    ```
    """

    resumed = ("rows", "found", "batches", "parts")
    uses_validation = True

    def __init__(
        self,
        share: float = 0.03,
        path: str | os.PathLike | None = None,
        verbose: int = 1,
    ):
        super().__init__()
        if not 0 < share <= 1:
            raise ValueError(
                f"`share` must be in (0, 1]. Received: share={share}"
            )
        self.share = share
        self.path = None if path is None else Path(path)
        self.verbose = verbose
        self.rows: list[dict[str, float]] = []
        self.found: list[dict[str, Any]] = []
        self.batches = 0
        self.parts: list[Any] = []
        self.broken: list[str] = []

    @property
    def findings(self) -> list[Finding]:
        """All findings of the run so far, in the order of their epochs."""
        return [Finding(**found) for found in self.found]

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Sets the clock, and refuses a folder that cannot be written to."""
        if self.path is not None and distribution.is_chief():
            check_folder(self.path.parent)
        self._begun, self._spent, self._cost = time.monotonic(), 0.0, FIRST
        self._looked, self._look_cost, self._was_finite = 0.0, 0.0, True
        self._measuring: Measuring | None = None
        self._game = game_of(self.model)
        self.batches, self.parts, self.broken = 0, [], []
        self._steps = 0
        if self.model._learned is None:
            warnings.warn(
                "Diagnostics reads the losses alone: it takes rows to measure "
                "from arrays and sources, and these data have none to choose "
                "from. Received: data for `fit` without rows",
                stacklevel=2,
            )
        self._look()

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Notes the means of the epoch so far, `PARTS` times an epoch."""
        self.batches += 1
        logs = logs or {}
        # Of data of unknown length it is known after the first epoch.
        steps = self.params.get("steps") or self._steps
        is_part = bool(steps) and self.batches % -(-steps // PARTS) == 0
        if is_part:
            self.parts.append([self.batches, dict(logs)])
        is_finite = math.isfinite(logs.get("loss", 0.0))
        if (self._was_finite and not is_finite) or (
            is_part and self._is_time(self._looked + self._look_cost, LOOKS)
        ):
            self._look()
        self._was_finite = is_finite

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Measures where it is time, and says what is found."""
        logs = {} if logs is None else logs
        gan = self.model
        row = {
            "epoch": epoch + 1,
            **{name: float(value) for name, value in logs.items()},
            **self._swings(),
            **rates_of(gan),
        }
        idle = players_without_a_step(gan)
        for player in idle:  # the logs hold 0 of them
            row.pop(f"{player}_loss", None)
        self._steps, self.batches, self.parts = self.batches, 0, []
        if not distribution.is_chief():
            return
        if gan._learned is not None:
            measured: dict[str, float] = dict.fromkeys(names(gan), NOT_MEASURED)
            if math.isfinite(row.get("loss", 0.0)) and self._is_time(
                self._spent + self._cost
            ):
                measured |= self._measured()
            if idle.intersection(gan.judges[:1]):
                measured = {n: v for n, v in measured.items() if n in OF_MAKER}
            logs |= measured
            row |= {name: float(value) for name, value in measured.items()}
        self.rows = [r for r in self.rows if r["epoch"] <= epoch] + [row]
        self.found = [f for f in self.found if f["epoch"] <= epoch]
        game = dataclasses.replace(self._game, broken=tuple(self.broken))
        self._note(diagnostics.find(self.rows, game))

    def on_train_end(self, logs: dict | None = None) -> None:
        """Says again all that was found."""
        if self.found and self.verbose and distribution.is_chief():
            print("\nWhat went wrong in this run:")
            for finding in self.findings:
                print(finding)

    def _is_time(self, spent: float, part: float = 1.0) -> bool:
        trained = time.monotonic() - self._begun
        return self.share == 1 or spent <= part * self.share * trained

    def _look(self) -> None:
        """Notes the first layers whose weights are not finite."""
        if self.broken or not distribution.is_chief():
            return
        start = time.monotonic()
        self.broken = layers_not_finite(self.model)
        self._look_cost = time.monotonic() - start
        self._looked += self._look_cost
        self._spent += self._look_cost

    def _measured(self) -> dict[str, float]:
        start, gan = time.monotonic(), self.model
        if self._measuring is None:
            self._measuring = Measuring(gan, gan._learned, gan._held_out)
        measured = self._measuring()
        self._cost = time.monotonic() - start
        self._spent += self._cost
        return measured

    def _swings(self) -> dict[str, float]:
        """Returns how far each player's loss swings within the epoch."""
        if len(self.parts) < PARTS // 2:
            return {}
        counts = np.array([count for count, _ in self.parts])
        swings = {}
        for player in self.model.players:
            means = [m.get(f"{player}_loss", 0.0) for _, m in self.parts]
            if np.isfinite(means).all():
                parts = np.diff(counts * means) / np.diff(counts)
                swings[f"{player}_swing"] = swing(parts)
        return swings

    def _note(self, findings: list[Finding]) -> None:
        known = {found["name"]: found for found in self.found}
        for finding in findings:
            if finding.name in known:
                known[finding.name] |= {
                    "words": finding.words,
                    "until": finding.epoch,
                }
                continue
            self.found.append(dataclasses.asdict(finding))
            if self.verbose:
                print(f"\n{finding}")
        if self.path is not None:
            with atomic_path(self.path) as draft:
                draft.write_text(json.dumps(self.found, indent=1), "utf-8")
