"""keras-gans report."""

from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli.output import console
from keras_gans.cli.quiet import import_keras

Run = Annotated[
    Path, typer.Argument(metavar="OUT", help="A run's --out, or a log")
]
File = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="The file: .html, .png, .pdf or .svg; report.html in the run's "
        "folder if not given",
    ),
]
Kind = Annotated[
    str | None,
    typer.Option("--format", help="html, png, pdf or svg, of a file without"),
]


def report(run: Run, out: File = None, kind: Kind = None) -> None:
    """Shows how a run went, in one file: plots, samples, what went wrong."""
    import_keras()
    from keras_gans.pictures import plot_run

    folder = run if run.is_dir() else run.parent
    if out is None:
        out = folder / f"report.{kind or 'html'}"
    elif kind is not None and not out.suffix:
        out = out.with_suffix(f".{kind}")
    elif kind is not None and out.suffix != f".{kind}":
        raise ValueError(
            f"--format must be that of --out. Received: --out {out} "
            f"--format {kind}"
        )
    plot_run(run, out)
    console().print(str(out))
