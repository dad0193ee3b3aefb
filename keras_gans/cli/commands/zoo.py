"""keras-gans zoo."""

import difflib
import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from keras_gans.cli.output import console, print_records, print_table
from keras_gans.cli.quiet import import_keras

FLAGS = re.MULTILINE | re.DOTALL


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
            ("preset", "what it makes", "FID, by which network"),
            [_row(name, entry) for name, entry in presets.items()],
        )
    elif name in presets:
        _print_card(name, presets[name])
    else:
        near = difflib.get_close_matches(name, presets, 3, cutoff=0.4)
        hint = f"The nearest are {near}" if near else "`zoo` lists them"
        raise ValueError(
            "There is no built-in preset of this name. "
            f"{hint}. Received: {name!r}"
        )


def _records(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return entry["metadata"].get("metrics", [])


def _row(name: str, entry: dict[str, Any]) -> tuple[Any, ...]:
    scores = [r for r in _records(entry) if r["name"].startswith("fid[")]
    licence = entry["metadata"].get("license")
    what = [entry["description"], f"{entry['parameter_count']:,} parameters"]
    what += [f"licence of the data: {licence}"] if licence else []
    return (
        name,
        "; ".join(what),
        "\n".join(
            f"{score['value']:.4g}\n{_network(score)}" for score in scores[:1]
        )
        or None,
    )


def _network(score: dict[str, Any]) -> str:
    return score["name"].partition("[")[2].removesuffix("]")


def _print_card(name: str, entry: dict[str, Any]) -> None:
    from keras_gans.presets.origins.sources import CHECKOUT

    card = CHECKOUT / name / "README.md"
    if card.is_file():
        from rich.markdown import Markdown

        # The scores come below, in a table that fits the terminal.
        text = re.sub(
            r"^## Scores\n.*?(?=^## )", "", card.read_text("utf-8"), flags=FLAGS
        )
        console().print(Markdown(text), soft_wrap=False)
    rows = {
        "class": entry["class"],
        "parameters": f"{entry['parameter_count']:,}",
        **{k: v for k, v in entry["metadata"].items() if k != "metrics"},
    }
    print_table(
        (name, entry["description"]),
        [
            (key, value if isinstance(value, str) else json.dumps(value))
            for key, value in rows.items()
            if key != "description"
        ],
    )
    for file, checksum in entry["files"].items():
        console().print(f"SHA-256 of {file}:\n  {checksum}")
    if _records(entry):
        print_records(_records(entry))
