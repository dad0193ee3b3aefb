"""`fit`: data in, a feed to Keras, and the callbacks that go with it."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.arguments import whole_number
from keras_gans.data import load
from keras_gans.engine.compiling import CompiledModel
from keras_gans.engine.training.feed import Batches
from keras_gans.engine.training.opening import (
    check_batch,
    check_first_batch,
    open_rows,
)
from keras_gans.engine.training.resuming import (
    KeepNote,
    Resume,
    back_up_whole_epochs,
    discard_torn_backups,
    is_backup,
    refuse_other_runs,
)
from keras_gans.engine.training.run_facts import facts_of_run
from keras_gans.engine.training.stages import CountSteps
from keras_gans.engine.training.validation import (
    ScoredModel,
    Validation,
    captions_of,
    first_rows,
)
from keras_gans.modalities import Modality
from keras_gans.onednn import warn_of_bfloat16


class FittedModel(ScoredModel, CompiledModel):
    """A model that `fit` trains on rows of named values."""

    reader: Callable[..., Any] = staticmethod(load)
    """What opens data for this variant on the command line: a function of a
    name or path, and of options such as `image_size`, to a source."""

    @classmethod
    def arguments_from(cls, data: Mapping[str, Modality]) -> dict[str, Any]:
        """Returns the constructor's arguments that the data decide.

        Args:
            data: The modalities of the data, by name.

        Returns:
            What the modalities say, for instance `image_shape` and
            `num_classes`, where the constructor has such an argument.
        """
        known = inspect.signature(cls.__init__).parameters
        return {
            argument: value
            for name, modality in data.items()
            for argument, value in modality.arguments(name).items()
            if argument in known
        }

    def fit(
        self,
        x: Any,
        y: Any = None,
        *,
        batch_size: int = 64,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        shuffle: bool = True,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_data: Any = None,
    ) -> keras.callbacks.History:
        """Trains.

        Args:
            x: A source from `keras_gans.data`; an array of images (N, H, W,
                C), uint8 in [0, 255] or float in [-1, 1], or of whatever the
                variant learns from first; a tuple of such, (images, captions);
                a dictionary of arrays by name; or any other data that Keras
                takes (`tf.data.Dataset`, `DataLoader`, `PyDataset`), whose
                order is theirs.
            y: What the variant learns from second, for instance labels (N,);
                None takes the source's own.
            batch_size: Rows in a batch, of all devices together; a pass
                leaves the rest out. Other data than arrays and sources have
                batches of their own.
            epochs: The epoch to end with.
            verbose: 0, 1, 2 or "auto", as in Keras.
            callbacks: Keras callbacks. Under `BackupAndRestore` a run that
                was killed goes on with the very batch after its last backup.
            shuffle: Whether to shuffle arrays and sources.
            initial_epoch: The epoch to begin with.
            steps_per_epoch: Batches in an epoch; None for all of the data.
            validation_data: Held-out rows, as `x` or as (x, y). Variants with
                `scores` write `val_<score>` to the logs of every epoch; for
                the others `callbacks.FID()` compares with them.

        Returns:
            A `History` of every epoch's mean losses.

        Raises:
            ValueError: For data that the model cannot be trained on, and for
                sizes and numbers that are no whole ones.
        """
        batch_size = whole_number("batch_size", batch_size)
        epochs = whole_number("epochs", epochs, 0)
        initial_epoch = whole_number("initial_epoch", initial_epoch, 0)
        if steps_per_epoch is not None:
            steps_per_epoch = whole_number("steps_per_epoch", steps_per_epoch)
        callbacks = _as_list(callbacks)
        self._check_trainable()
        warn_of_bfloat16(self.networks_of(self.maker)[0])
        who = type(self).__name__
        source = open_rows(x, y, self.learns_from, who)
        self._open_validation(validation_data, callbacks, batch_size)
        if source is not None:
            self._learn_from(source)
            names = tuple(self.learns_from)
            size = self._checked_batch(batch_size)
            batches = Batches(source, names, size, steps_per_epoch, shuffle)
            facts = self._compared_facts(callbacks, batches)
            back_up_whole_epochs(callbacks, batches)
            steps = int(self.steps.numpy())
            callbacks.append(
                Resume(batches, initial_epoch, steps, callbacks[:], facts)
            )
            x = distribution.share_out(self, batches, callbacks)
            y, steps_per_epoch, shuffle = None, None, False
        else:
            x, rows = check_first_batch(x, self.learns_from, who)
            batch_size = self._checked_batch(rows) or batch_size
            facts = self._compared_facts(callbacks, data=x)
            callbacks.append(KeepNote(callbacks[:], facts))
            # Keras warns of a `shuffle` that it cannot heed.
            shuffle = shuffle and isinstance(x, keras.utils.PyDataset)
        self._rows, self._learned = self._held_out or source, source
        callbacks.append(CountSteps(batch_size))
        self._initial_epoch = None
        with distribution.naming_the_lost():
            return super().fit(
                x,
                y,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                shuffle=shuffle,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
            )

    def _compared_facts(
        self, callbacks: list[Any], batches: Any = None, data: Any = None
    ) -> dict[str, Any]:
        """Returns what the run is a run of, once backups are of the same.

        Raises:
            ValueError: For a backup of another run.
        """
        discard_torn_backups(callbacks)
        # What an epoch's end changes must be in that epoch's backup.
        callbacks.sort(key=is_backup)
        facts = facts_of_run(self, batches, data)
        refuse_other_runs(callbacks, facts)
        self.take_run_note()  # of weights that the user has loaded
        return facts

    def train_on_batch(
        self, x: Any, y: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Takes one step, as in Keras.

        Raises:
            ValueError: For values that the model cannot be trained on.
        """
        self._check_trainable()
        check_batch((x, y), self.learns_from, type(self).__name__)
        self.begin_stages(len(keras.tree.flatten(x)[0]))
        return super().train_on_batch(x, y, *args, **kwargs)

    def _checked_batch(self, rows: Any) -> Any:
        """Returns the rows of a batch, None where they are not known."""
        gan: Any = self
        devices = distribution.num_replicas()
        if gan.together > 1 and rows and rows % (gan.together * devices):
            raise ValueError(
                f"The discriminator judges {gan.together} rows together, which "
                "must divide the batch of each device. "
                f"Received: batches of {rows} rows on {devices} device(s)"
            )
        return rows

    def _check_trainable(self) -> None:
        if not self.compiled:
            return
        for player in self.players:
            known = {id(v) for v in self.optimizer.variables_of(player)}
            if known != {id(v) for v in self.variables_of(player)}:
                raise ValueError(
                    "Layers were frozen or thawed after `compile`: call "
                    "`compile` again before `fit`. "
                    f"Received: other trainable weights of {player!r}"
                )

    def _open_validation(
        self, data: Any, callbacks: list[Any], batch_size: int
    ) -> None:
        gan: Any = self
        self._held_out = None
        if data is None:
            return
        x, y = data if isinstance(data, tuple) else (data, None)
        needed = {**self.learns_from, **self.compared}
        self._held_out = open_rows(x, y, needed, type(self).__name__)
        if self._held_out is None:
            raise ValueError(
                "`validation_data` must be arrays or a source from "
                f"`keras_gans.data`. Received: {type(x)}"
            )
        if self.scores:
            callbacks.insert(0, Validation(self._held_out, batch_size))
            return
        draws_all = all(m.is_drawn for m in gan.takes.values())
        used = [c for c in callbacks if getattr(c, "uses_validation", False)]
        shown = [c for c in callbacks if getattr(c, "shows_examples", False)]
        if not used and (draws_all or not shown):
            raise ValueError(
                f"{type(self).__name__} has no scores of its own: pass "
                "`callbacks=[keras_gans.callbacks.FID()]` (on the command line "
                "--fid-every) to compare with `validation_data`. Received: "
                "callbacks that do not use it"
            )

    def examples(self, num: int) -> dict[str, np.ndarray]:
        """Returns rows of what the generator takes and cannot draw.

        They are the first of `validation_data`, or else of the data that the
        present `fit` trains on: what callbacks show.

        Args:
            num: Number of rows; fewer rows are repeated.

        Raises:
            ValueError: Where no rows are at hand.
        """
        gan: Any = self
        names = [n for n, m in gan.takes.items() if not m.is_drawn]
        if not names:
            return {}
        source = getattr(self, "_rows", None)
        if source is None:
            raise ValueError(
                f"{type(self).__name__} needs {', '.join(names)}, which cannot "
                "be drawn. Received: data without rows to take them from"
            )
        rows = gan.taken_from(first_rows(source, num))
        return {n: np.resize(rows[n], (num, *rows[n].shape[1:])) for n in names}

    def captions(self, num: int) -> dict[str, np.ndarray]:
        """Returns what rows say of themselves, of those that `examples` has.

        Args:
            num: Number of rows, spread evenly; fewer rows are repeated.

        Returns:
            Ids (num, length) by their name; nothing for a variant that is not
            told in words, and without rows.
        """
        gan: Any = self
        source = getattr(self, "_rows", None)
        if gan.told_by is None or source is None:
            return {}
        return captions_of(gan, source, num)

    def _learn_from(self, source: Any) -> None:
        """Takes over what the data know, such as the names of classes."""
        gan: Any = self
        declared = {**gan.takes, **self.learns_from}
        for name, modality in declared.items():
            data = source.modalities.get(name)
            if data is not None:
                self._arguments.update(modality.learn(data))


def _as_list(callbacks: Any) -> list[Any]:
    if callbacks is None:
        return []
    if isinstance(callbacks, keras.callbacks.CallbackList):
        return list(callbacks.callbacks)
    if isinstance(callbacks, keras.callbacks.Callback):
        return [callbacks]
    return list(callbacks)
