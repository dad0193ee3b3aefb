"""What data are, in one report."""

import collections
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras_gans.modalities import ClassLabel

NAMED = 10
"""Files that are named; of more the rest is counted."""
COUNTED = 20
"""Classes whose rows are counted."""


@dataclasses.dataclass(frozen=True)
class Origin:
    """Images as they were, before they were fitted to one shape.

    Attributes:
        sizes: Their different heights and widths, an int array (K, 2).
        counts: Number of images of each size, (K,).
        shape: Height, width and channels that they are fitted to.
        modes: Number of images of each mode that Pillow names.
        transparent: Number of images with transparency.
        background: The colour that those are laid over.
        skipped: Names of the files that were left out.
    """

    sizes: np.ndarray
    counts: np.ndarray
    shape: tuple[int, int, int]
    modes: Mapping[str, int]
    transparent: int = 0
    background: Any = "white"
    skipped: Sequence[str] = ()

    def facts(self) -> dict[str, str]:
        """Returns what there is to say, by name."""
        facts = {"sizes": self._sizes()}
        modes = [
            f"{mode} ({num:,})" for mode, num in sorted(self.modes.items())
        ]
        facts["modes"] = ", ".join(modes)
        facts["fitted to"] = self._fitted()
        if self.transparent:
            over = f"laid over {self.background}"
            facts["transparent"] = f"{self.transparent:,}, " + (
                "which keep their alpha" if self.shape[2] == 4 else over
            )
        if self.skipped:
            facts["skipped"] = f"{len(self.skipped):,}: " + _some(self.skipped)
        return facts

    def _sizes(self) -> str:
        words = [
            f"{h}x{w} ({num:,})"
            for (h, w), num in zip(self.sizes, self.counts, strict=True)
        ]
        if len(words) <= 3:
            return ", ".join(words)
        (low_h, low_w), (high_h, high_w) = self.sizes.min(0), self.sizes.max(0)
        return (
            f"{len(words):,} different, heights from {low_h} to {high_h} "
            f"and widths from {low_w} to {high_w}"
        )

    def _fitted(self) -> str:
        height, width, channels = self.shape
        mode = {1: "grey", 3: "RGB", 4: "RGBA"}.get(channels, f"{channels}")
        if channels not in (1, 3, 4):
            mode += " channels"
        wanted = np.array([height, width])
        scales = (wanted / self.sizes).max(axis=1, keepdims=True)
        lost = 1 - wanted / (self.sizes * scales)
        # A pixel for rounding, as in the resized image.
        cropped = (lost * self.sizes * scales >= 1).any(axis=1)
        words = [f"{height}x{width}, {mode}"]
        if (scales < 1).any():
            words.append(f"{self._num(scales[:, 0] < 1):,} made smaller")
        if (scales > 1).any():
            words.append(f"{self._num(scales[:, 0] > 1):,} enlarged")
        if cropped.any():
            words.append(
                f"{self._num(cropped):,} cropped to the centre, by up to "
                f"{lost.max():.0%} of a side"
            )
        if len(words) == 1:
            words.append("as they are")
        return f"{words[0]}: {', '.join(words[1:])}; no padding"

    def _num(self, which: np.ndarray) -> int:
        return int(self.counts[which].sum())


@dataclasses.dataclass(frozen=True)
class Report:
    """What data are: `str(report)` is a page to read.

    Attributes:
        name: Their name.
        num_rows: Number of rows.
        columns: What each name holds, in words.
        origins: Images before they were fitted, by the names of their
            columns.
        classes: Number of rows of each class, by the name of the column and
            then by the name of the class; of those that are in memory.
        changes: What changes rows at random, in words, or "".
        left_out: Rows of each side that a pass leaves out, as they do not
            fill a batch, and the rows of the side.
        batch_size: Rows in a batch; None where that is not known.
    """

    name: str
    num_rows: int
    columns: Mapping[str, str]
    origins: Mapping[str, Origin]
    classes: Mapping[str, Mapping[str, int]]
    changes: str = ""
    left_out: Sequence[tuple[int, int]] = ()
    batch_size: int | None = None

    def facts(self) -> dict[str, str]:
        """Returns what there is to say, by name."""
        facts = {"data": self.name, "rows": f"{self.num_rows:,}"}
        facts |= self.columns
        for name, origin in self.origins.items():
            which = f"{name}: " if len(self.origins) > 1 else ""
            facts |= {which + k: v for k, v in origin.facts().items()}
        for counts in self.classes.values():
            facts["classes"] = _some(
                [f"{name} ({num:,})" for name, num in counts.items()], COUNTED
            )
        if self.changes:
            facts["changed at random"] = self.changes
        if self.batch_size:
            facts["left out of a pass"] = ", ".join(
                f"{left:,} of {num:,}" for left, num in self.left_out
            ) + (f" (batches of {self.batch_size:,})")
        return facts

    def __str__(self) -> str:
        facts = self.facts()
        width = max(map(len, facts))
        return "\n".join(f"{k:{width}}  {v}" for k, v in facts.items())


def report_on(source: Any, batch_size: int | None = None) -> Report:
    """Reports on a source; see `Source.report`."""
    classes = {}
    for name, modality in source.modalities.items():
        values = source.in_memory(name)
        if isinstance(modality, ClassLabel) and values is not None:
            num = modality.num_classes
            counts = np.bincount(np.asarray(values), minlength=num).tolist()
            names = modality.names or map(str, range(num))
            classes[name] = dict(zip(names, counts, strict=True))
    sides = [len(side) for side in source.sides] if batch_size else []
    parts = getattr(source, "part", (0, 1))[1]
    return Report(
        name=source.name,
        num_rows=len(source),
        columns={n: m.describe() for n, m in source.modalities.items()},
        origins=source.origins(),
        classes=classes,
        changes=source.changes,
        left_out=[
            (num % max(1, (batch_size or 1) // parts), num) for num in sides
        ],
        batch_size=batch_size,
    )


def origin_of(
    files: Any, shape: tuple[int, int, int], background: Any = "white"
) -> Origin:
    """Returns what image files were before they were fitted.

    Args:
        files: The `Files`, each with its height, width, mode and stored mode.
        shape: What they are fitted to.
        background: The colour that transparent images are laid over.
    """
    sizes, counts = np.unique(
        [facts[:2] for facts in files.facts], axis=0, return_counts=True
    )
    return Origin(
        sizes=sizes,
        counts=counts,
        shape=shape,
        modes=collections.Counter(facts[3] for facts in files.facts),
        transparent=sum(facts[2] == "RGBA" for facts in files.facts),
        background=background,
        skipped=["/".join(files.parts(path)) for path in files.skipped],
    )


def uniform_origin(
    num: int, own: tuple[int, int, int], shape: tuple[int, int, int]
) -> Origin:
    """Returns what images of one shape were before they were fitted."""
    mode = {1: "L", 3: "RGB", 4: "RGBA"}.get(own[2], f"{own[2]} channels")
    return Origin(
        sizes=np.array([own[:2]]),
        counts=np.array([num]),
        shape=shape,
        modes={mode: num},
        transparent=num if own[2] == 4 else 0,
    )


def _some(words: Sequence[str], num: int = NAMED) -> str:
    more = f" and {len(words) - num:,} more" if len(words) > num else ""
    return ", ".join(words[:num]) + more
