"""keras-gans zoo."""

import difflib
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from keras_gans.cli.output import console, print_records, print_table
from keras_gans.cli.quiet import import_keras


def zoo(
    name: Annotated[
        str | None, typer.Argument(help="A preset whose card to show")
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(
            help="Rebuild the package's index from this folder of presets",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Lists the built-in presets, or shows the card of one."""
    import_keras()
    from keras_gans.presets import build_index, list_presets

    presets = list_presets() if index is None else build_index(index)
    if name is None:
        print_table(
            ("preset", "class", "parameters", "FID", "description"),
            [_row(name, entry) for name, entry in presets.items()],
        )
    elif name in presets:
        _print_card(name, presets[name])
    else:
        near = difflib.get_close_matches(name, presets, cutoff=0.4)
        raise ValueError(
            "There is no built-in preset of this name. The nearest are "
            f"{near or list(presets)}. Received: {name!r}"
        )


def _records(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return entry["metadata"].get("metrics", [])


def _row(name: str, entry: dict[str, Any]) -> tuple[Any, ...]:
    scores = [f"{r['name']} {r['value']:.4g}" for r in _records(entry)]
    return (
        name,
        entry["class"],
        f"{entry['parameter_count']:,}",
        "\n".join(scores) or None,
        entry["description"],
    )


def _print_card(name: str, entry: dict[str, Any]) -> None:
    from keras_gans.presets.origins.sources import CHECKOUT

    card = CHECKOUT / name / "README.md"
    if card.is_file():
        from rich.markdown import Markdown

        console().print(Markdown(card.read_text("utf-8")), soft_wrap=False)
    rows = {
        "class": entry["class"],
        "parameters": f"{entry['parameter_count']:,}",
        **{k: v for k, v in entry["metadata"].items() if k != "metrics"},
        **{f"SHA-256 of {k}": v for k, v in entry["files"].items()},
    }
    print_table(
        (name, entry["description"]),
        [
            (key, value if isinstance(value, str) else json.dumps(value))
            for key, value in rows.items()
            if key != "description"
        ],
    )
    if _records(entry):
        print_records(_records(entry))
