"""Sources: rows of named values, read by index."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Any

import numpy as np

from keras_gans.data.report import Origin, Report, report_on
from keras_gans.data.streaming import stream
from keras_gans.modalities import ClassLabel, Image, Modality


class Source(ABC):
    """Data to train on: rows of named values, each name with its modality.

    A subclass sets `modalities` and defines `__len__` and `rows`. A source
    that holds only a part of the data, because other hosts hold the rest, has
    the attribute `part`, (index, count).

    Attributes:
        modalities: The modality of every name, in their order.
        name: The name of the data in records and messages.
        split: The split of the data set, for records, or None.
        changes: What changes rows at random, in words, or "".
    """

    modalities: dict[str, Modality]
    name: str = "data"
    split: str | None = None
    changes: str = ""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads rows.

        Args:
            indices: The numbers of the rows, an int array of shape (n,).
            names: The names to read; None for all.

        Returns:
            Carried values (n, ...) by name.
        """

    @property
    def sides(self) -> tuple["Source", ...]:
        """The sources that have an order of their own: this one.

        Unpaired data have two.
        """
        return (self,)

    def in_pass(self, nth_pass: int) -> "Source":
        """Returns the source as a pass over the data sees it.

        Args:
            nth_pass: The number of the pass, from 0.

        Returns:
            A source whose random changes are those of that pass; this source
            where nothing is random.
        """
        return self

    def told_as(self, name: str, modality: Modality) -> "Source":
        """Returns the source as a GAN understands it, where that is possible.

        Args:
            name: The name of a column.
            modality: What the GAN knows of it, such as the words of captions
                or the order of the classes.

        Returns:
            A source that has the modality; this one where it cannot.
        """
        theirs = self.modalities.get(name)
        if type(theirs) is not type(modality):
            return self
        values = self.in_memory(name)
        if values is None:
            return self
        values = modality.renumbered(np.asarray(values), theirs)
        if values is None:
            return self
        return self.with_column(name, values, modality)

    def with_column(
        self, name: str, values: np.ndarray, modality: Modality
    ) -> "Source":
        """Returns a source with one more column, or another one in its place.

        Args:
            name: The name of the column.
            values: Its values, one for every row.
            modality: Their modality.

        Raises:
            ValueError: For another number of values than rows, and for
                unpaired data, which have no common rows.
        """
        return _WithColumn(self, name, values, modality)

    def check_column(  # noqa: B027
        self, name: str, modality: Modality
    ) -> None:
        """Checks the values of a column, where they are all in memory.

        Args:
            name: The name of the column.
            modality: The modality that is wanted.

        Raises:
            ValueError: For values that the modality refuses.
        """

    def in_memory(self, name: str) -> np.ndarray | None:
        """Returns the values of a column; None where they are not in memory.

        Args:
            name: The name of the column.
        """
        return None

    def origins(self) -> dict[str, Origin]:
        """Returns what images were before they were fitted to one shape.

        Returns:
            An `Origin` by the names of the columns, where that is known.
        """
        return {}

    def report(self, batch_size: int | None = None) -> Report:
        """Reports what the data are, to be looked at before training.

        Args:
            batch_size: Rows in a batch, to know what a pass leaves out.

        Returns:
            How many rows there are, from which sizes and modes, cropped how,
            what lies behind transparent images, which files were skipped,
            the number of rows of each class, and what a pass leaves out.
            `print(source.report())` shows it.
        """
        return report_on(self, batch_size)

    def __repr__(self) -> str:
        columns = ", ".join(
            f"{name} ({modality.describe()})"
            for name, modality in self.modalities.items()
        )
        kind = type(self).__name__
        return f'{kind}("{self.name}", {len(self):,} rows of {columns})'


class _WithColumn(Source):
    """A source with one more column, which is in memory."""

    def __init__(
        self, source: Source, name: str, values: np.ndarray, modality: Modality
    ):
        if len(source.sides) > 1 or len(values) != len(source):
            raise ValueError(
                f"`{name}` must hold one value for every row. Received: "
                f"{len(values)} values for {source!r}"
            )
        self.source = source
        self.column = name
        self.values = values
        self.modalities = {**source.modalities, name: modality}
        self.name = source.name
        self.split = source.split
        if hasattr(source, "part"):
            self.part = source.part

    def __len__(self) -> int:
        return len(self.source)

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        names = self.modalities if names is None else names
        others = [name for name in names if name != self.column]
        rows = self.source.rows(indices, others)
        if self.column in names:
            rows[self.column] = self.values[indices]
        return rows

    def in_pass(self, nth_pass: int) -> Source:
        source = self.source.in_pass(nth_pass)
        modality = self.modalities[self.column]
        return source.with_column(self.column, self.values, modality)

    def told_as(self, name: str, modality: Modality) -> Source:
        if name == self.column:
            return super().told_as(name, modality)
        source = self.source.told_as(name, modality)
        own = self.modalities[self.column]
        return source.with_column(self.column, self.values, own)

    def check_column(self, name: str, modality: Modality) -> None:
        if name == self.column:
            modality.check(self.values, name)
        else:
            self.source.check_column(name, modality)

    def in_memory(self, name: str) -> np.ndarray | None:
        if name == self.column:
            return self.values
        return self.source.in_memory(name)

    def origins(self) -> dict[str, Origin]:
        return self.source.origins()

    @property
    def changes(self) -> str:  # type: ignore[override]
        return self.source.changes


class ImageSource(Source):
    """A sequence of images of one shape, read by index.

    Attributes:
        image_shape: Height, width and channels of every image.
        labels: An int array of shape (N,), or None.
        class_names: The name of every class, in the order of the labels, or
            None.
        name: The name of the data in records and messages.
        split: The split of the data set, for records, or None.
        fitted_from: What the images were before they were fitted to one
            shape, or None where that is not known.
    """

    image_shape: tuple[int, int, int]
    fitted_from: Origin | None = None
    labels: np.ndarray | None = None
    class_names: list[str] | None = None
    name: str = "images"

    @abstractmethod
    def read(self, rows: np.ndarray) -> np.ndarray:
        """Reads images.

        Args:
            rows: Their indices, from 0, as an int array of shape (n,).

        Returns:
            An array of shape (n, H, W, C), uint8 in [0, 255] or float in
            [-1, 1].
        """

    @property
    def has_labels(self) -> bool:
        """Whether every image has a label."""
        return self.labels is not None

    @property
    def modalities(self) -> dict[str, Modality]:  # type: ignore[override]
        """`images`, and `labels` where there are labels."""
        modalities: dict[str, Modality] = {"images": Image(*self.image_shape)}
        if self.has_labels:
            names = self.class_names
            num = (
                len(names)
                if names
                else int(np.max(np.asarray(self.labels))) + 1
            )
            modalities["labels"] = ClassLabel(num, names)
        return modalities

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads images, and their labels where there are labels."""
        rows = {}
        if names is None or "images" in names:
            rows["images"] = self[indices]
        if self.has_labels and (names is None or "labels" in names):
            rows["labels"] = np.asarray(self.labels)[indices]
        return rows

    def check_column(self, name: str, modality: Modality) -> None:
        """Checks the labels; see `Source.check_column`."""
        if name == "labels":
            modality.check(self.labels, name)

    def in_memory(self, name: str) -> np.ndarray | None:
        """Returns the labels; see `Source.in_memory`."""
        return self.labels if name == "labels" else None

    def origins(self) -> dict[str, Origin]:
        """Returns what the images were; see `Source.origins`."""
        return {} if self.fitted_from is None else {"images": self.fitted_from}

    def __getitem__(self, indices: Any) -> np.ndarray:
        # The common case of a feed, without a detour: to pick a batch from
        # the numbers of ten million images takes 40 ms.
        is_rows = isinstance(indices, np.ndarray) and indices.dtype == "int64"
        if (
            is_rows
            and indices.ndim == 1
            and np.all((indices >= 0) & (indices < len(self)))
        ):
            return self.read(indices)
        rows = np.arange(len(self))[indices]
        return self.read(rows) if rows.ndim else self.read(rows[None])[0]

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self[:], dtype=dtype)

    def to_tf_dataset(
        self,
        batch_size: int = 64,
        shuffle_seed: int | None = None,
        epoch: int = 0,
        with_labels: bool = False,
    ) -> Any:
        """Streams through `tf.data`, one epoch at each iteration.

        Batches are read in parallel and ahead of time, by the same code as
        `source[indices]`, so the pixels are the same. The order is the one
        that `gan.fit` uses for the same seed and epoch. Images that do not
        fill a batch are left out, as there.

        Args:
            batch_size: Images in a batch, at least 1.
            shuffle_seed: Seed of the order, or None for the source's order.
            epoch: The first iteration's epoch, from 0; with the seed it
                decides the order. Each further iteration is the next epoch.
            with_labels: Whether to give (images, labels) and not only images.

        Returns:
            A `tf.data.Dataset` of tensors of shape (batch_size, H, W, C).

        Raises:
            ImportError: Where TensorFlow is not installed.
            ValueError: Where a batch would be empty or larger than the data,
                or where labels are wanted and there are none.
        """
        return stream(self, batch_size, shuffle_seed, epoch, with_labels)

    def __repr__(self) -> str:
        images, *classes = (m.describe() for m in self.modalities.values())
        content = ", ".join([f"{len(self):,} {images}", *classes])
        return f'{type(self).__name__}("{self.name}", {content})'
