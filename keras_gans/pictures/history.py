"""Plots of a run: losses, scores and FID over its epochs."""

import csv
import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from keras_gans.files import atomic_path

SKIPPED: tuple[str, ...] = ("epoch", "loss", "learning_rate")
"""Columns that no panel takes: `loss` is the mean over all players."""

DIAGNOSTICS = ("diversity", "separation", "memorised", "dead_units")
"""What `callbacks.Diagnostics` measures, besides gradients."""

PANELS: dict[str, Callable[[str], bool]] = {
    "loss": lambda name: name.endswith("loss") and name != "loss",
    "accuracy": lambda name: name.endswith("accuracy"),
    "score by the discriminator": lambda name: name.endswith("_score"),
    "FID": lambda name: name.startswith("fid"),
    "gradient norm": lambda name: name.endswith("_gradient"),
    "diagnostics": lambda name: (
        name in DIAGNOSTICS or name.endswith("_dead_units")
    ),
    "other means of an epoch": lambda name: name not in SKIPPED,
}
"""The panels of a plot, and which columns of a log each takes: the first
that does."""


def plot_history(
    history: Any,
    path: str | os.PathLike | None = None,
    grids: Iterable[int] | None = None,
) -> Any:
    """Plots how a run went, over its epochs, which count from 1.

    There is a panel each for the players' losses; accuracies; the
    discriminator's scores of real and of generated samples; FID; the norms of
    gradients and what else `callbacks.Diagnostics` measures; and what else
    the run has logged. Marks below show the epochs of sample grids.

    Args:
        history: What `fit` returned; the path of its log (`log.csv` of a
            run, or a file of `keras.callbacks.CSVLogger`, whose epochs from 0
            become epochs from 1); the folder of a run; a list of one
            dictionary for each epoch; or a dictionary of lists.
        path: The picture's file, for instance .png, .pdf or .svg; None does
            not write one.
        grids: The epochs of which there are sample grids; None takes those
            that lie beside a run's log, in `samples/`.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        FileNotFoundError: For a path of no log.
        ValueError: For a log in which there is nothing to plot.

    Example:
    ```python
    history = gan.fit(images, epochs=50)
    keras_gans.pictures.plot_history(history, "losses.png")
    keras_gans.pictures.plot_history("runs/photos")  # shows in a notebook
    ```
    """
    from matplotlib.figure import Figure

    if grids is None and isinstance(history, str | os.PathLike):
        grids = epochs_of_grids(log_of(history).parent / "samples")
    series = series_of(history)
    # Not by pyplot, which would keep each figure and choose a window.
    figure = Figure(figsize=(8, height_of(series)), layout="constrained")
    draw_panels(figure, series, sorted(set(grids or ())))
    if path is not None:
        with atomic_path(path) as draft:
            figure.savefig(draft)
    return figure


def log_of(path: str | os.PathLike) -> Path:
    """Returns the log at a path, or in the folder of a run."""
    log = Path(path).expanduser()
    return log / "log.csv" if log.is_dir() else log


def series_of(history: Any) -> dict[str, dict[str, Any]]:
    """Returns epochs and values of each column, by panel and name.

    Args:
        history: As in `plot_history`.

    Raises:
        ValueError: Where there are none.
    """
    if isinstance(history, str | os.PathLike):
        rows = read_log(log_of(history))
    else:
        rows = _rows_of(history)
    series = find_series(rows)
    if not series:
        raise ValueError(
            "A log needs a column of numbers besides the epoch. "
            f"Received: {history!r}"
        )
    return series


def height_of(series: Mapping[str, Any]) -> float:
    """Returns the height of all panels, in inches."""
    return 2.2 * len(series) + 0.6


def epochs_of_grids(folder: str | os.PathLike) -> list[int]:
    """Returns the epochs whose sample grids a folder holds."""
    names = (path.name for path in Path(folder).glob("epoch_*.png"))
    found = (re.fullmatch(r"epoch_(\d+)\.png", name) for name in names)
    return sorted(int(match[1]) for match in found if match)


def read_log(path: Path) -> list[dict[str, float]]:
    """Returns a row of numbers for each epoch, which count from 1."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [
            {name: _number(value) for name, value in row.items() if name}
            for row in csv.DictReader(file)
        ]
    if rows and rows[0].get("epoch") == 0:  # Keras counts from 0
        rows = [{**row, "epoch": row["epoch"] + 1} for row in rows]
    return rows


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):  # an empty cell
        return math.nan


def _rows_of(history: Any) -> list[dict[str, float]]:
    if isinstance(history, list):
        return history
    columns: Mapping[str, Any] = getattr(history, "history", history)
    epochs = columns.get("epoch")
    if epochs is None:
        epochs = getattr(history, "epoch", None)  # Keras's, from 0
        num = max(map(len, columns.values()), default=0)
        epochs = [e + 1 for e in (range(num) if epochs is None else epochs)]
    return [
        {"epoch": epoch}
        | {
            name: values[i]
            for name, values in columns.items()
            if i < len(values)
        }
        for i, epoch in enumerate(epochs)
    ]


def find_series(
    rows: list[dict[str, float]],
) -> dict[str, dict[str, tuple[list[float], list[float]]]]:
    """Returns epochs and values of each column, by panel and name."""
    names = dict.fromkeys(name for row in rows for name in row)
    if any(name.startswith("fid[") for name in names):
        names.pop("fid", None)  # the same with the network's name
    series: dict[str, dict[str, tuple[list[float], list[float]]]] = {}
    for name in names:
        if name in SKIPPED:
            continue
        points = [
            (row.get("epoch", i + 1), _number(row.get(name)))
            for i, row in enumerate(rows)
        ]
        points = [(e, v) for e, v in points if math.isfinite(v)]
        if points:
            panel = next(p for p, takes in PANELS.items() if takes(name))
            series.setdefault(panel, {})[name] = tuple(
                zip(*points, strict=True)
            )  # type: ignore[assignment]
    return {panel: series[panel] for panel in PANELS if panel in series}


def draw_panels(
    figure: Any, series: Mapping[str, Mapping[str, Any]], grids: list[int]
) -> None:
    """Draws the panels.

    Args:
        figure: The figure, or the part of one, to draw in.
        series: What `series_of` returned.
        grids: The epochs of which there are sample grids.
    """
    from matplotlib.ticker import MaxNLocator

    if not series:
        return
    axes = figure.subplots(len(series), 1, sharex=True, squeeze=False)[:, 0]
    for axis, (panel, columns) in zip(axes, series.items(), strict=True):
        for name, (epochs, values) in columns.items():
            marker = "." if len(epochs) < 40 else ""
            label = name.removesuffix("_loss").replace("_", " ")
            axis.plot(epochs, values, marker=marker, linewidth=1.2, label=label)
        if grids:
            axis.plot(
                grids,
                [0.0] * len(grids),
                "^",
                color="0.45",
                markersize=4,
                clip_on=False,
                transform=axis.get_xaxis_transform(),
                label="sample grid" if axis is axes[0] else None,
            )
        axis.set_title(panel, loc="left", fontsize="medium")
        axis.grid(alpha=0.3)
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    axes[-1].set_xlabel("epoch")
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True))
