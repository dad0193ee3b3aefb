"""What the commands print."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table


def console() -> Console:
    """Returns the standard output as it is now, to print plain text on."""
    return Console(soft_wrap=True, markup=False, highlight=False)


def errors() -> Console:
    """Returns the standard error, to print plain text on."""
    return Console(stderr=True, soft_wrap=True, markup=False, highlight=False)


def examples(*commands: str) -> str:
    """Returns the end of a help page: one line for each command."""
    lines = [f"[cyan]keras-gans {command}[/cyan]" for command in commands]
    return "\n\n".join(["[bold]Examples[/bold]", *lines])


def verbosity() -> int:
    """Returns Keras's `verbose`: a bar, or in a log a line for each epoch."""
    return 1 if sys.stdout.isatty() else 2


@contextlib.contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Shows a bar on the standard error, where that is a terminal.

    Args:
        what: What is being done.
        total: Of how many.

    Yields:
        A function to call with how many are done.
    """
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    shown = sys.stderr.isatty()
    with Progress(
        *columns, console=errors(), transient=True, disable=not shown
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def print_table(
    columns: Iterable[str], rows: Iterable[Iterable[Any]], title: str = ""
) -> None:
    """Prints a table whose first column stays on one line.

    Args:
        columns: The headings.
        rows: What stands below them; None stands as a dash.
        title: What stands above.
    """
    table = Table(title=title, title_justify="left")
    for i, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=i == 0)
    for row in rows:
        table.add_row(*("-" if cell is None else str(cell) for cell in row))
    console().print(table, soft_wrap=False)


def print_records(records: Iterable[dict[str, Any]]) -> None:
    """Prints measured numbers, each with all that it depends on.

    Args:
        records: Metric records, as `MetricRecord.to_json` has them.
    """
    break_lines = "\n" if console().width < WIDE else " "
    print_table(
        ("metric", "value", "generated", "compared with"),
        [
            tuple(cell and cell.replace(BREAK, break_lines) for cell in cells)
            for cells in map(_cells, records)
        ],
    )


WIDE = 120
"""Columns of a terminal from which on a record stands on one line."""

LONG = 26
"""Characters of a name from which on it is broken at its slashes, too."""

BREAK = "\0"
"""Where a cell of a record may go on in the next line."""


def _cells(record: dict[str, Any]) -> tuple[str | None, ...]:
    deviation = record.get("details", {}).get("deviation")
    more = "" if deviation is None else f"{BREAK}± {deviation:.2g}"
    made = f"{record['num_fake']:,}"
    if record.get("seed") is not None:
        made += f"{BREAK}seed {record['seed']}"
    # None where a statistics file does not say, 0 where no real images are
    # needed.
    real = [f"{record['num_real']:,} of"] if record["num_real"] else []
    real += [record["real"]] if record.get("real") else []
    return (
        breakable(record["name"]),
        f"{record['value']:.4g}{more}",
        made,
        breakable(BREAK.join(real)) or None,
    )


def breakable(name: str) -> str:
    """Returns a long name with line breaks, where the terminal is narrow.

    Args:
        name: For instance "fid[inception_2048/legacy_pytorch]".
    """
    if console().width >= WIDE:
        return name
    parts = name.replace("[", "\n[").split("\n")
    return "\n".join(
        part if len(part) <= LONG else part.replace("/", "/\n")
        for part in parts
    )
