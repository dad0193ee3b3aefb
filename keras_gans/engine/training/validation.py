"""Scores on held-out rows: `evaluate`, and the logs of every epoch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import keras
import numpy as np

from keras_gans.engine.training.feed import open_rows
from keras_gans.modalities import Modality

ROWS = 1024
"""The most rows that are scored."""


class ScoredModel(keras.Model):
    """A model that can score what it makes against held-out rows."""

    learns_from: dict[str, Modality]

    def evaluate(
        self, x: Any = None, y: Any = None, *, batch_size: int = 64
    ) -> dict[str, float]:
        """Scores what is made from held-out rows against those rows.

        No step is taken, and nothing changes.

        Args:
            x: Rows, as `fit` takes them.
            y: As in `fit`.
            batch_size: Rows at a time.

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

    scores: Mapping[str, Any] = MappingProxyType({})
    """Functions (real, made), both float32 (N, ...), to one number a row, by
    name; they compare what is made from held-out rows with those rows."""

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
            The mean of each of `scores` over at most 1,024 rows.
        """
        gan: Any = self
        rows = first_rows(source, ROWS)
        given = {n: v for n, v in rows.items() if n in gan.takes}
        num = len(next(iter(rows.values())))
        made = gan.generate_from(gan.inputs_for(num, seed, **given), batch_size)
        name = next(iter(gan.makes))
        real = gan.makes[name].to_device(rows[name])
        return {
            score: float(np.mean(function(real, made[name])))
            for score, function in self.scores.items()
        }


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


def first_rows(source: Any, num: int) -> dict[str, np.ndarray]:
    """Returns the first rows of a source, at most `num`."""
    return source.rows(np.arange(min(num, len(source))))
