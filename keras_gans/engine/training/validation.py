"""Scores on held-out rows, in the logs of every epoch."""

from typing import Any

import keras
import numpy as np

ROWS = 1024
"""The most rows that are scored."""


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
