"""The feed: the batch of every step follows from the seed and its number."""

import functools
import json
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np


@functools.lru_cache(maxsize=2)
def order_of(nth_pass: int, num: int, seed: int | None) -> np.ndarray:
    """Returns the order of `num` images in a pass; None does not shuffle."""
    if seed is None:
        return np.arange(num)
    return np.random.default_rng([seed, nth_pass]).permutation(num)


class Batches(keras.utils.PyDataset):
    """Whole batches of an image source, shuffled anew in every pass over it.

    Batch k of a run is a pure function of the seed and of k. So a run that
    was killed sees exactly the images that it would have seen. What does not
    fill a batch is left out of that pass; the next pass is shuffled anew.

    Args:
        images: Anything with a length that gives images (n, H, W, C) when
            indexed with an array of n ints. One with `part` (index, count)
            holds that part of the data, of which every batch gets its equal
            share; other hosts hold the rest.
        labels: Their labels, one for each, or None.
        batch_size: Images in a batch.
        steps_per_epoch: Batches in an epoch; None for those of one pass.
        shuffle: Whether to shuffle; False keeps the source's order.
        seed: Seed of the shuffling.

    Attributes:
        share: (index, count): which of so many equal shares of every batch
            to give, where several hosts read one batch.

    Raises:
        ValueError: For fewer images than a batch, or a wrong count of labels.
    """

    def __init__(
        self,
        images: Any,
        labels: Any = None,
        batch_size: int = 64,
        steps_per_epoch: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
    ):
        super().__init__(workers=0)
        parts = getattr(images, "part", (0, 1))[1]
        if batch_size < 1 or len(images) * parts < batch_size:
            raise ValueError(
                "A batch must not be empty nor larger than the data. "
                f"Received: batch_size={batch_size}, {len(images)} images"
            )
        if labels is not None and len(labels) != len(images):
            raise ValueError(
                "Every image needs one label. "
                f"Received: {len(images)} images and {len(labels)} labels"
            )
        self.images = images
        self.labels = None if labels is None else np.asarray(labels)
        self.batch_size = batch_size
        self.parts = parts
        self.steps_per_pass = len(images) // (batch_size // self.parts)
        self.steps_per_epoch = steps_per_epoch or self.steps_per_pass
        self.shuffle = shuffle
        self.seed = seed
        self.share = (0, 1)
        self.start(step=0, num_batches=self.steps_per_epoch)

    def start(self, step: int, num_batches: int) -> None:
        """Lays out what comes next: `num_batches` from the run's `step` on."""
        self._first = step
        self._num_batches = num_batches

    @property
    def num_batches(self) -> int:
        """Batches that are left in this epoch."""
        return self._num_batches

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        nth_pass, row = divmod(self._first + index, self.steps_per_pass)
        seed = self.seed if self.shuffle else None
        order = order_of(nth_pass, len(self.images), seed)
        size = self.batch_size // self.parts
        rows = order[row * size : (row + 1) * size]
        if self.parts == 1:
            rows = np.array_split(rows, self.share[1])[self.share[0]]
        if self.labels is None:
            return (self.images[rows],)
        return self.images[rows], self.labels[rows]


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
