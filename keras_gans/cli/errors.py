"""What a user did wrong, in one line; what we did wrong, with a traceback."""

import shlex
import sys
import warnings
from typing import Any

import typer
from typer.core import TyperGroup

from keras_gans.cli.output import errors

RESUMABLE = ("demo", "inpaint", "pack", "train", "translate", "upscale")


class Commands(TyperGroup):
    """Commands whose errors are lines for users, unless `--debug` is given.

    A wrong argument (`ValueError`) ends with exit code 2; what is missing or
    cannot be read or written (`OSError`, `ImportError`) with 1; Ctrl-C, after
    which the command can be given again, with 130. Warnings are lines too.
    """

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Runs the command."""
        shown = warnings.formatwarning
        if not ctx.params.get("debug"):
            warnings.formatwarning = as_line
        try:
            return super().invoke(ctx)
        except (ValueError, OSError, ImportError) as error:
            if ctx.params.get("debug"):
                raise
            # One line: some of Keras's messages are a paragraph.
            message = " ".join(str(error).split()) or repr(error)
            errors().print(f"Error: {message}", style="red")
            code = 2 if isinstance(error, ValueError) else 1
            raise typer.Exit(code) from error
        except KeyboardInterrupt as interrupt:
            if ctx.invoked_subcommand in RESUMABLE:
                again = shlex.join(["keras-gans", *sys.argv[1:]])
                errors().print(
                    "\nStopped. What was saved is whole, and the same command "
                    f"goes on from there:\n  {again}"
                )
            raise typer.Exit(130) from interrupt
        finally:
            warnings.formatwarning = shown


def as_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """Returns a warning for users, without the place in the code."""
    return f"Warning: {message}\n"
