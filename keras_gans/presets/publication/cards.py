"""Model cards: README.md of a published preset, made of its metadata."""

import os
import re
from pathlib import Path
from typing import Any

import keras

from keras_gans.files import atomic_path
from keras_gans.modalities import Image, Modality
from keras_gans.presets.folder import (
    CONFIG,
    METADATA,
    WEIGHTS,
    read_json,
)
from keras_gans.presets.loading import class_of
from keras_gans.presets.saving import note_scores

CARD, SAMPLES = "README.md", "samples.png"
BY_HAND = "<!-- Written by hand from here on. -->"

NOT_SHOWN = (
    "name",
    "dtype",
    "seed",
    "class_names",
    "trainable",
    "frozen_layers",
)
"""Arguments that the card does not repeat in the row of the model."""


def write_card(directory: str | os.PathLike) -> None:
    """Writes a published preset's model card from its metadata.

    What an earlier card has after the comment "Written by hand" stays.

    Args:
        directory: The preset's folder.
    """
    folder = Path(directory)
    config = read_json(folder / CONFIG)
    about = read_json(folder / METADATA)["metadata"]
    name, variant = folder.resolve().name, config["class_name"]
    card = folder / CARD
    _, _, by_hand = (card.read_text() if card.exists() else "").partition(
        BY_HAND
    )
    size = (folder / WEIGHTS).stat().st_size / 1e6
    scores = [_row(record) for record in about.get("metrics", [])]
    text = [
        f"# {name}\n\n",
        _sheet(about) if (folder / SAMPLES).exists() else "",
        f'```python\ngan = keras_gans.{variant}.from_preset("{name}")\n',
        f"{_call(about)}\n```\n\n",
        _table([("", ""), *_facts(config, about)]),
        f"| file | `{WEIGHTS}`, {size:.1f} MB: kernels in float16, vectors in "
        "float32 |\n| licence | Apache-2.0 |\n\n",
        "## Scores\n\nOf the weights as shipped.\n\n" if scores else "",
        _table([SCORES, *scores]) + "\n" if scores else "",
        _baselines(about.get("baselines", [])),
        f"## Command\n\n    python zoo/{name}/recipe.py {_takes(folder)}\n\n",
        "trains, scores and saves the preset, and writes this card.\n\n",
        BY_HAND,
        by_hand or "\n",
    ]
    with atomic_path(card) as draft:
        draft.write_text("".join(text))


def add_scores(directory: str | os.PathLike, records: list[Any]) -> None:
    """Adds scores to a preset's metadata and, if published, to its card.

    Args:
        directory: The preset's folder.
        records: The scores, `MetricRecord`s.
    """
    note_scores(directory, records)
    card = Path(directory) / CARD
    if card.exists() and BY_HAND in card.read_text():
        write_card(directory)


def describe_optimizer(optimizer: keras.optimizers.Optimizer) -> str:
    """Returns the kind and the learning rate of an optimizer."""
    kind, schedule = type(optimizer).__name__, optimizer.get_config()
    schedule = schedule["learning_rate"]
    if isinstance(schedule, dict) and schedule["class_name"] == "LinearDecay":
        return f"{kind}, rate {schedule['config']['rate']:.3g}, falling to 0"
    rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
    return f"{kind}, rate {rate:.3g}"


def brief(kind: Modality) -> str:
    """Returns a few words on what a GAN makes, such as "28x28 grey"."""
    if not isinstance(kind, Image):
        return kind.describe()
    colours = {1: "grey", 3: "RGB", 4: "RGBA"}
    depth = colours.get(kind.channels, f"{kind.channels} channels")
    return f"{kind.height}x{kind.width} {depth}"


def _sheet(about: dict[str, Any]) -> str:
    num, made = about.get("samples", 100), about.get("makes", "images")
    made = made if made == "images" else "samples"
    given = [f"{name}=..." for name in about.get("given", [])]
    call = f"generate({', '.join([*(given or [str(num)]), 'seed=0'])})"
    source = about.get("shown", "the data")
    rows = f" for the first {num} rows of {source}" if given else ""
    return (
        f"![{num} samples of seed 0]({SAMPLES})\n\n"
        f"{num} {made} of `{call}`{rows}, not chosen.\n\n"
    )


def _call(about: dict[str, Any]) -> str:
    """Returns the line of Python that generates."""
    given = [f"{name}=..." for name in about.get("given", [])]
    arguments = ", ".join([*(given or ["16"]), "seed=0"])
    return f"{about.get('makes', 'images')} = gan.generate({arguments})"


def _takes(folder: Path) -> str:
    """Returns what the recipe takes, from its first line if it is there."""
    recipe = folder / "recipe.py"
    said = recipe.read_text().split("\n", 1)[0] if recipe.exists() else ""
    found = re.search(r"recipe\.py (.*)\.$", said.rstrip('"'))
    return found[1] if found else "[DATA] [OUT]"


def _arguments(config: dict[str, Any]) -> str:
    """Returns the arguments of a config as they stand in Python."""
    shown = {
        name: value
        for name, value in config.items()
        if value is not None and name not in NOT_SHOWN
    }
    return ", ".join(f"{name}={_said(value)}" for name, value in shown.items())


def _said(value: Any) -> str:
    if isinstance(value, dict) and "layers" in value.get("config", {}):
        layers = len(value["config"]["layers"])
        return f"{value['class_name']}({layers} layers)"
    if isinstance(value, dict) and "class_name" in value:  # a Keras object
        return f"{value['class_name']}({_arguments(value['config'])})"
    if isinstance(value, list) and any(isinstance(v, dict) for v in value):
        return f"[{', '.join(map(_said, value))}]"
    return repr(value)


def _facts(
    config: dict[str, Any], about: dict[str, Any]
) -> list[tuple[str, str]]:
    arguments = _arguments(config["config"])
    paper = str(class_of(config).__doc__).partition("\n")[0]
    players = about["optimizers"].items()
    seed = about.get("seed", config["config"].get("seed"))
    seen = next(name for name in about if name.endswith("_seen"))
    return [
        ("model", f"`{config['class_name']}({arguments})`"),
        ("paper", paper),
        (
            "optimizers",
            "; ".join(f"{name}: {value}" for name, value in players),
        ),
        (
            "parameters",
            ", ".join(f"{k} {v:,}" for k, v in about["parameters"].items()),
        ),
        ("data", f"{about['dataset']} ({about['license']})"),
        (
            "training",
            f"{about[seen]:,} {seen.replace('_', ' ')} in {about['steps']:,} "
            f"steps, {about['precision']}, seed {seed}",
        ),
    ]


SCORES = ("metric", "value", "resize", "reference", "samples", "seed")


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    real = f"{record['num_real']:,} of {_source(record)}"
    return (
        f"`{record['name']}`",
        f"{record['value']:.4f}",
        record["resize"] or "none",
        real if record["num_real"] else "none",
        f"{record['num_fake']:,}",
        str(record["seed"]),
    )


def _source(record: dict[str, Any]) -> str:
    """Returns the name of the data, and their split where that says more."""
    names = [record["real"], record.get("split")]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _baselines(records: list[dict[str, Any]]) -> str:
    """Returns a table with a row for each method that learns nothing."""
    if not records:
        return ""
    methods: dict[str, dict[str, float]] = {}
    for record in records:
        scores = methods.setdefault(record["fake"], {})
        scores[record["name"]] = record["value"]
    names = [*next(iter(methods.values()))]
    rows = [
        (method, *(f"{scores[name]:.4f}" for name in names))
        for method, scores in methods.items()
    ]
    first = records[0]
    return (
        f"What learns nothing, on {first['num_real']:,} of "
        f"{_source(first)}:\n\n"
        + _table([("method", *(f"`{name}`" for name in names)), *rows])
        + "\n"
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines) + "\n"
