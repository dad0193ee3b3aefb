"""Scores on held-out rows: `evaluate`, and the logs of every epoch."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from keras_gans.engine.training.opening import open_rows
from keras_gans.modalities import Modality

ROWS = 1024
"""The most rows that are scored."""


class ScoredModel(keras.Model):
    """A model that can score what it makes against held-out rows."""

    learns_from: dict[str, Modality]

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        *,
        batch_size: int = 64,
        verbose: Any = "auto",
    ) -> dict[str, float]:
        """Scores what is made from held-out rows against those rows.

        No step is taken, and nothing changes.

        Args:
            x: Rows, as `fit` takes them.
            y: As in `fit`.
            batch_size: Rows at a time.
            verbose: Keras's own, of no effect: nothing is printed.

        Returns:
            The mean of each of the variant's `scores`.

        Raises:
            ValueError: For a variant without scores, and for data that are
                not rows.
        """
        who = type(self).__name__
        if not self.scores:
            raise ValueError(
                f"{who} has no scores of its own: compare sets by "
                "`keras_gans.metrics.fid(real, gan.generate(10_000))` and its "
                "like. Received: a call of `evaluate`"
            )
        source = open_rows(x, y, {**self.learns_from, **self.compared}, who)
        if source is None:
            raise ValueError(
                "`evaluate` takes arrays or a source from `keras_gans.data`. "
                f"Received: {type(x)}"
            )
        return self.score_rows(source, batch_size)

    def test_step(self, data: Any) -> Any:
        """Refuses: `evaluate` scores held-out rows."""
        raise ValueError(
            f"{type(self).__name__} has no test step: use `evaluate(rows)`. "
            "Received: a call of a test function"
        )

    def test_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Refuses: `evaluate` scores held-out rows."""
        return self.test_step(args)

    @property
    def scores(self) -> Mapping[str, Callable]:
        """Functions to one number a row, by the name of the score.

        The first two arguments of each are real and made values, float32
        (N, ...). Further ones are what the generator took, by name: `labels`
        of a score that needs them.
        """
        return {}

    @property
    def compared(self) -> dict[str, Modality]:
        """What `scores` compare with what is made."""
        return self.makes if self.scores else {}  # type: ignore[attr-defined]

    def score_rows(
        self, source: Any, batch_size: int = 64, seed: int = 0
    ) -> dict[str, float]:
        """Scores what is made from held-out rows against those rows.

        Args:
            source: Rows with what the generator takes and what it makes.
            batch_size: Rows at a time.
            seed: Seed of what is drawn.

        Returns:
            The mean of each of `scores`, over at most 1,024 rows that are
            spread evenly.
        """
        gan: Any = self
        rows = source.rows(rows_to_score(source))
        num = len(next(iter(rows.values())))
        given = gan.taken_from(rows)
        inputs = gan.inputs_for(num, seed, **given)
        name = next(iter(gan.makes))
        made = gan.generate_from(inputs, batch_size)[name]
        real = gan.makes[name].to_device(rows[name])
        return mean_scores(self.scores, real, made, inputs)


class Validation(keras.callbacks.Callback):
    """Writes `val_<score>` to the logs: the variant's scores on held-out rows.

    Args:
        source: The held-out rows.
        batch_size: Rows at a time.
    """

    def __init__(self, source: Any, batch_size: int):
        super().__init__()
        self.source = source
        self.batch_size = batch_size

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Scores the rows."""
        values = self.model.score_rows(self.source, self.batch_size)
        if logs is not None:
            logs.update({f"val_{name}": v for name, v in values.items()})


def mean_scores(
    scores: Mapping[str, Callable], real: Any, made: Any, inputs: dict[str, Any]
) -> dict[str, float]:
    """Returns the mean of each score over all rows.

    Args:
        scores: Functions of real and made images (N, H, W, C), and of what
            the generator took, by its name, where they have such arguments.
        real: What was to be made.
        made: What was made.
        inputs: What the generator took, by name.
    """
    means = {}
    for score, function in scores.items():
        wanted = inspect.signature(function).parameters
        taken = {n: v for n, v in inputs.items() if n in wanted}
        means[score] = float(np.mean(function(real, made, **taken)))
    return means


def rows_to_score(source: Any) -> np.ndarray:
    """Returns the numbers of the rows to score, at most 1,024.

    They are spread evenly: sources are often in the order of their classes.
    """
    return np.linspace(0, len(source) - 1, min(ROWS, len(source))).astype(int)


def first_rows(source: Any, num: int) -> dict[str, np.ndarray]:
    """Returns the first rows of a source, at most `num`."""
    return source.rows(np.arange(min(num, len(source))))


def captions_of(gan: Any, source: Any, num: int) -> dict[str, np.ndarray]:
    """Returns the ids (num, length) of sentences of a source, by their name.

    Args:
        gan: The GAN, which is told in words.
        source: The source.
        num: How many, spread evenly; fewer are repeated.
    """
    name = gan.told_by
    source = source.told_as(name, gan.takes[name])
    rows = np.arange(num) % len(source)
    if num < len(source):
        rows = np.arange(num) * len(source) // num
    return source.rows(rows, [name])
