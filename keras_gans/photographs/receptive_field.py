"""The receptive field of a network: what its outputs depend on."""

import dataclasses
import math
from fractions import Fraction
from typing import Any

import keras
import numpy as np

from keras_gans.engine.any_size import size_of
from keras_gans.photographs.windows import SAME, Window, Windows, windows_of


@dataclasses.dataclass(frozen=True)
class ReceptiveField:
    """The pixels of its inputs that a pixel of a network's output depends on.

    Attributes:
        windows: The windows of rows and of columns, or None where they have
            no end.
        multiple: Heights and widths of inputs must be this number's
            multiples (and tiles must begin at one), or differ from them as
            those of the network's own inputs do.
        unbounded: The names of the layers by which an output may depend on
            the whole picture, or which are not known.
        floats: Numbers in the largest maps, for each pixel of the inputs.
    """

    windows: Windows | None
    multiple: int
    unbounded: tuple[str, ...]
    floats: float

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels of the inputs.

        Raises:
            ValueError: For an unbounded field.
        """
        height, width = (
            math.floor(w.last) - math.ceil(w.first) + 1 for w in self._bounded()
        )
        return height, width

    @property
    def overlap(self) -> int:
        """Pixels that a tile needs on each side, beyond what is kept of it.

        Raises:
            ValueError: For an unbounded field.
        """
        reach = max(
            max(-w.first, w.last + 1 - min(w.step, Fraction(1)), Fraction(0))
            for w in self._bounded()
        )
        return math.ceil(reach)

    def _bounded(self) -> Windows:
        if self.windows is None:
            raise ValueError(
                "The receptive field has no end. Received: a network with "
                f"{', '.join(self.unbounded)}"
            )
        return self.windows


def receptive_field(network: keras.Model) -> ReceptiveField:
    """Finds a network's receptive field by walking through its layers.

    It is never too small. Araujo et al. 2019 (Distill) give the equations
    for convolutions; here steps may be fractions, for networks that enlarge.

    Args:
        network: A Functional or Sequential model from images (N, H, W, C) to
            maps of any size.

    Returns:
        The field of its first output.
    """
    walk = _Walk()
    graph = getattr(network, "_functional", network)
    start = [(SAME, SAME) if len(x.shape) == 4 else None for x in graph.inputs]
    windows = walk.through(graph, start)[0]
    unbounded = tuple(dict.fromkeys(walk.unbounded))
    return ReceptiveField(
        None if unbounded or windows is None else windows,
        math.lcm(*walk.steps),
        unbounded,
        walk.floats,
    )


class _Walk:
    """What is gathered on the way through a network's layers."""

    def __init__(self) -> None:
        self.unbounded: list[str] = []
        self.steps: list[int] = [1]
        self.floats = 0.0

    def through(self, graph: Any, start: Any) -> list[Windows | None]:
        """Returns the windows of a graph's outputs, None where unbounded."""
        seen: dict[int, Windows | None] = {
            id(x): windows
            for x, windows in zip(graph.inputs, start, strict=True)
        }
        for depth in sorted(graph._nodes_by_depth, reverse=True):
            for node in graph._nodes_by_depth[depth]:
                taken = [seen.get(id(x)) for x in node.input_tensors]
                if node.is_input or not any(taken):
                    continue
                windows = self._after(node.operation, taken)
                for x in node.outputs:
                    seen[id(x)] = windows
                    self._note(x, windows)
        return [seen.get(id(x)) for x in graph.outputs]

    def _after(self, layer: Any, taken: list[Windows | None]) -> Windows | None:
        if isinstance(layer, keras.Model) and hasattr(layer, "inputs"):
            graph = getattr(layer, "_functional", layer)
            return self.through(graph, taken)[0]
        window = windows_of(layer)
        if window is None:
            self.unbounded.append(layer.name)
            # What follows most likely has the size of what it took.
            window = SAME, SAME
        rows, columns = _joined(taken)
        return _then(rows, window[0]), _then(columns, window[1])

    def _note(self, x: Any, windows: Windows | None) -> None:
        if windows is None or len(x.shape) != 4:
            return
        self.steps += [w.step.numerator for w in windows]
        area = windows[0].step * windows[1].step
        self.floats = max(self.floats, float(x.shape[-1] / area))


def _then(first: Window, second: Window) -> Window:
    """Returns the window of two layers, one after the other."""
    return Window(
        first.step * second.step,
        first.first + second.first * first.step,
        first.last + second.last * first.step,
    )


def _joined(taken: list[Windows | None]) -> Windows:
    """Returns the windows of all that a layer takes together."""
    known = [windows for windows in taken if windows is not None]
    rows, columns = (
        Window(
            min(w.step for w in windows),
            min(w.first for w in windows),
            max(w.last for w in windows),
        )
        for windows in zip(*known, strict=True)
    )
    return rows, columns


def own_remainder(network: keras.Model, multiple: int) -> tuple[int, int]:
    """Returns what a network's own height and width are above a multiple."""
    height, width = size_of(network)
    return (height or 0) % multiple, (width or 0) % multiple


def tile_side(field: ReceptiveField, budget: float) -> int:
    """Returns the side of the largest square tile for some bytes of memory.

    Of the largest maps three are counted: what a layer takes, what it makes,
    and what waits for a later layer.
    """
    return max(16, int(np.sqrt(budget / (12 * max(field.floats, 3.0)))))
