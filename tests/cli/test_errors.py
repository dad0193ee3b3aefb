import warnings

import pytest
import typer
from typer.testing import CliRunner

from keras_gans.cli.errors import Commands

app = typer.Typer(cls=Commands)


@app.callback()
def options(debug: bool = False) -> None:
    """Takes what all commands take."""


@app.command()
def say() -> None:
    """Shows what a warning looks like."""
    print(warnings.formatwarning("a word is missing", UserWarning, "a.py", 3))


@pytest.mark.parametrize("debug", [False, True])
def test_warnings_are_lines_for_users(debug):
    before = warnings.formatwarning
    said = CliRunner().invoke(app, [*["--debug"] * debug, "say"]).output
    assert said.startswith("a.py:3" if debug else "Warning: a word is missing")
    assert warnings.formatwarning is before
