"""How a run went, in one file: plots, samples and findings."""

import base64
import dataclasses
import html
import io
import json
import math
import os
import textwrap
from pathlib import Path
from typing import Any

from keras_gans.files import atomic_path
from keras_gans.pictures.history import (
    draw_panels,
    epochs_of_grids,
    find_series,
    height_of,
    log_of,
    read_log,
    series_of,
)

FINDINGS = "findings.json"
"""The file in a run's folder that `callbacks.Diagnostics` writes."""

OF_FINDINGS = ("epoch", "until", "name", "words", "remedy")
"""What is shown of a finding."""

PICTURES = (".png", ".pdf", ".svg")

ENOUGH = 3
"""Measurements that most rules of `keras_gans.diagnostics` look at."""

SHOWN = 4
"""Sample grids that are shown, from the first to the last."""

STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{padding:.2em .8em;text-align:left;"
    "border-bottom:1px solid #ccc}img{max-width:100%}"
    ".strip{display:flex;gap:1em;flex-wrap:wrap}figure{margin:0}"
)


@dataclasses.dataclass(frozen=True)
class Run:
    """What a report shows of a run.

    Attributes:
        name: What it is called.
        series: Epochs and values of each column, by panel and name.
        grids: Sample grids, by epoch; the last `SHOWN`, spread evenly.
        epochs: The epochs of all of them.
        findings: What went wrong; None where nobody watched.
        measured: The number of epochs after which `Diagnostics` measured.
        best: The best FID and its epoch, in words, or None.
    """

    name: str
    series: dict[str, dict[str, Any]]
    grids: dict[int, Path]
    epochs: list[int]
    findings: list[dict[str, Any]] | None
    measured: int
    best: str | None


def plot_run(
    log_or_out: str | os.PathLike, path: str | os.PathLike | None = None
) -> Any:
    """Shows how a run went: losses, scores, FID, samples, findings.

    Args:
        log_or_out: The folder of a run of `keras-gans train`, or its log. Of
            what lies beside the log, `samples/` and the findings of
            `callbacks.Diagnostics` are shown too.
        path: The file to write: .html for a page in one file, or a picture,
            .png, .pdf or .svg; None writes none.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        FileNotFoundError: For a path of no log.
        ValueError: For a log in which there is nothing to plot, and for files
            of another kind.

    Example:
    ```python
    keras_gans.pictures.plot_run("runs/photos", "photos.html")
    ```
    """
    kind = None if path is None else Path(path).suffix.lower()
    if kind not in (None, ".html", *PICTURES):
        raise ValueError(
            f"`path` must end in .html or in one of {', '.join(PICTURES)}. "
            f"Received: {path}"
        )
    run = read(log_of(log_or_out))
    if kind == ".html":
        figure = _figure(run, plots_only=True)
        content = _page(run, figure)
        with atomic_path(path) as draft:  # type: ignore[arg-type]
            draft.write_text(content, "utf-8")
        return figure
    figure = _figure(run)
    if path is not None:
        with atomic_path(path) as draft:
            figure.savefig(draft)
    return figure


def read(log: Path) -> Run:
    """Reads what a report shows.

    Args:
        log: The log of a run.
    """
    folder, rows = log.parent, read_log(log)
    epochs = epochs_of_grids(folder / "samples")
    places = {round(i * (len(epochs) - 1) / (SHOWN - 1)) for i in range(SHOWN)}
    chosen = [epochs[i] for i in sorted(places)] if epochs else []
    findings = _read_findings(folder / FINDINGS)
    series = find_series(rows)
    if not (series or findings or chosen):
        series_of(log)  # says that there is nothing to show
    scores = [  # Without a column of epochs the rows count as such.
        (row["fid"], int(row["epoch"] if row.get("epoch", 0) > 0 else i + 1))
        for i, row in enumerate(rows)
        if row.get("fid", -1) > 0
    ]
    best = min(scores, default=None)
    return Run(
        folder.resolve().name,
        series,
        {e: folder / "samples" / f"epoch_{e:05d}.png" for e in chosen},
        epochs,
        findings,
        sum(math.isfinite(row.get("diversity", math.inf)) for row in rows),
        best and f"best FID {best[0]:.4g}, after epoch {best[1]}",
    )


def _read_findings(path: Path) -> list[dict[str, Any]] | None:
    """Returns the findings of a run; None where nobody watched.

    Raises:
        ValueError: For another file.
    """
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        return [{name: f[name] for name in OF_FINDINGS} for f in found]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(
            "The findings must be those that Diagnostics writes; the file may "
            f"be damaged. Received: {path}, {type(error).__name__}: {error}"
        ) from error


def _words(run: Run) -> list[str]:
    if run.findings is None:
        return ["Diagnostics did not watch this run."]
    if not run.findings:
        words = "Diagnostics found nothing wrong."
        if run.measured < ENOUGH:
            words += (
                f" It measured {run.measured} times, and a collapse can be "
                f"told from {ENOUGH} measurements: train for longer, or with "
                "Diagnostics(share=1.0)."
            )
        return [words]
    return [
        f"Epochs {f['epoch']} to {f['until']}: {f['name']}. {f['words']}"
        + (f" Try first: {f['remedy']}" if f["remedy"] else "")
        for f in run.findings
    ]


def _figure(run: Run, plots_only: bool = False) -> Any:
    from matplotlib.figure import Figure
    from PIL import Image

    lines = [run.name + (f", {run.best}" if run.best else "")]
    for words in _words(run):
        lines += textwrap.wrap(words, 100, subsequent_indent="    ")
    heights = [0.22 * len(lines) + 0.2, height_of(run.series)]
    if run.grids:
        heights.append(2.6)
    if plots_only:
        figure = Figure(figsize=(8, heights[1]), layout="constrained")
        draw_panels(figure, run.series, run.epochs)
        return figure
    figure = Figure(figsize=(8, sum(heights)), layout="constrained")
    parts: Any = figure.subfigures(len(heights), 1, height_ratios=heights)
    parts[0].text(
        0.01, 0.98, "\n".join(lines), va="top", fontsize=8, parse_math=False
    )
    draw_panels(parts[1], run.series, run.epochs)
    if run.grids:
        axes = parts[2].subplots(1, len(run.grids), squeeze=False)[0]
        for axis, (epoch, grid) in zip(axes, run.grids.items(), strict=True):
            with Image.open(grid) as picture:
                axis.imshow(picture.convert("RGB"))
            axis.set_title(f"epoch {epoch}", fontsize="small")
            axis.axis("off")
    return figure


def _page(run: Run, figure: Any) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    strip = "".join(
        f"<figure><figcaption>epoch {epoch}</figcaption>"
        f"{_image(grid.read_bytes())}</figure>"
        for epoch, grid in run.grids.items()
    )
    newest = "".join(
        f"<tr><td>{html.escape(name)}</td><td>{values[-1]:.4g}</td>"
        f"<td>{epochs[-1]:.0f}</td></tr>"
        for columns in run.series.values()
        for name, (epochs, values) in columns.items()
    )
    best = f"<p>{html.escape(run.best)}</p>" if run.best else ""
    name = html.escape(run.name)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{name}</title><style>{STYLE}</style><h1>{name}</h1>{best}"
        f"<h2>Findings</h2>{_findings(run)}<h2>Plots</h2>"
        f"{_image(buffer.getvalue())}"
        + (f'<h2>Samples</h2><div class="strip">{strip}</div>' if strip else "")
        + "<h2>Newest values</h2><table><tr><th>name</th><th>value</th>"
        f"<th>epoch</th></tr>{newest}</table></html>\n"
    )


def _findings(run: Run) -> str:
    if not run.findings:
        return f"<p>{_words(run)[0]}</p>"
    cells = [
        f"<tr><td>{f['epoch']} to {f['until']}</td>"
        f"<td><b>{html.escape(f['name'])}</b>. {html.escape(f['words'])}</td>"
        f"<td><code>{html.escape(f['remedy'])}</code></td></tr>"
        for f in run.findings
    ]
    head = "<tr><th>epochs</th><th>what</th><th>try first</th></tr>"
    return f"<table>{head}{''.join(cells)}</table>"


def _image(content: bytes) -> str:
    data = base64.b64encode(content).decode()
    return f'<img src="data:image/png;base64,{data}" alt="">'
