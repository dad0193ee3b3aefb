"""The feed: the batch of every step follows from the seed and its number."""

import functools
from typing import Any

import keras
import numpy as np


@functools.lru_cache(maxsize=4)
def order_of(
    nth_pass: int, num: int, seed: int | None, side: int = 0
) -> np.ndarray:
    """Returns the order of `num` rows in a pass.

    Args:
        nth_pass: The number of the pass, from 0.
        num: Number of rows.
        seed: Seed of the order; None does not shuffle.
        side: The side of unpaired data, from 0.
    """
    if seed is None:
        return np.arange(num)
    # Side 0 has the order that data of one side have.
    seeds = [seed, nth_pass, side] if side else [seed, nth_pass]
    return np.random.default_rng(seeds).permutation(num)


class Batches(keras.utils.PyDataset):
    """Whole batches of rows, shuffled anew in every pass over the data.

    Batch k of a run is a pure function of the seed and of k, so a run that
    was killed sees exactly the rows that it would have seen. What does not
    fill a batch is left out of that pass. Unpaired data have several sides,
    each with an order of its own.

    Args:
        source: A `keras_gans.data.Source`. One with `part` (index, count)
            holds that part of the data, of which every batch gets its equal
            share; other hosts hold the rest.
        names: The names that rows keep; None for all.
        batch_size: Rows in a batch.
        steps_per_epoch: Batches in an epoch; None for those of one pass over
            the longest side.
        shuffle: Whether to shuffle; False keeps the source's order.
        seed: Seed of the shuffling.

    Attributes:
        share: (index, count): which of so many equal shares of every batch
            to give, where several hosts read one batch.

    Raises:
        ValueError: For fewer rows than a batch.
    """

    def __init__(
        self,
        source: Any,
        names: tuple[str, ...] | None = None,
        batch_size: int = 64,
        steps_per_epoch: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
    ):
        super().__init__(workers=0)
        self.source = source
        self.names = tuple(names or source.modalities)
        self.parts = getattr(source, "part", (0, 1))[1]
        shortest = min(map(len, source.sides))
        if batch_size < 1 or shortest * self.parts < batch_size:
            raise ValueError(
                "A batch must not be empty nor larger than the data. "
                f"Received: batch_size={batch_size}, {shortest} rows"
            )
        self.batch_size = batch_size
        self.steps_per_pass = max(self._passes())
        self.steps_per_epoch = steps_per_epoch or self.steps_per_pass
        self.shuffle = shuffle
        self.seed = seed
        self.share = (0, 1)
        self.start(step=0, num_batches=self.steps_per_epoch)

    def _passes(self) -> list[int]:
        """Returns the batches in a pass over each side."""
        size = self.batch_size // self.parts
        return [len(side) // size for side in self.source.sides]

    def start(self, step: int, num_batches: int) -> None:
        """Lays out what comes next: `num_batches` from the run's `step` on."""
        self._first = step
        self._num_batches = num_batches

    @property
    def num_batches(self) -> int:
        """Batches that are left in this epoch."""
        return self._num_batches

    def __getitem__(self, index: int) -> tuple[dict[str, np.ndarray]]:
        step = self._first + index
        rows: dict[str, np.ndarray] = {}
        for i, (side, steps) in enumerate(
            zip(self.source.sides, self._passes(), strict=True)
        ):
            names = [name for name in side.modalities if name in self.names]
            indices = self._indices(step, i, side, steps)
            rows.update(side.in_pass(step // steps).rows(indices, names))
        return (rows,)

    def _indices(
        self, step: int, i: int, side: Any, steps_per_pass: int
    ) -> np.ndarray:
        nth_pass, k = divmod(step, steps_per_pass)
        seed = self.seed if self.shuffle else None
        order = order_of(nth_pass, len(side), seed, i)
        size = self.batch_size // self.parts
        indices = order[k * size : (k + 1) * size]
        if self.parts > 1:
            return indices
        return np.array_split(indices, self.share[1])[self.share[0]]
