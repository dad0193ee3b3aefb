"""A zoo preset of a trained GAN: weights, scores, samples and model card."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from keras_gans import metrics, models
from keras_gans.data import GeneratedImages
from keras_gans.engine.conditional import ClassConditional
from keras_gans.engine.model import AdversarialModel
from keras_gans.pictures import save_grid
from keras_gans.presets import note_scores, save_to_preset
from keras_gans.presets.folder import CONFIG, METADATA, WEIGHTS
from keras_gans.presets.standing import standing_statistics

CARD, BY_HAND = "README.md", "<!-- Written by hand from here on. -->"


def publish(
    gan: AdversarialModel,
    directory: str | os.PathLike,
    images: Any,
    *,
    description: str,
    dataset: str,
    license: str,
    images_seen: int,
    feature_networks: tuple[str, ...] = ("fashion_mnist_classifier",),
    num_samples: int = 10_000,
    seed: int = 0,
) -> list[metrics.MetricRecord]:
    """Saves a compiled GAN as a preset of the zoo, scored as it is shipped.

    The folder gets the preset in half precision, to be run in float32, with
    batch norm's statistics measured anew (`standing_statistics`);
    `samples.png`, 100 images that nobody chose; and a model card. A
    conditional GAN makes its classes in turn, and the first feature network
    says how many of them it recognises.

    Args:
        gan: The GAN.
        directory: The folder, named as the preset.
        images: What to score against: an image source or an array.
        description: A line on the preset.
        dataset: What it was trained on.
        license: The licence of the data.
        images_seen: Real images that training went through.
        feature_networks: Names of the networks to score with.
        num_samples: Images to generate for a score.
        seed: Their seed.

    Returns:
        A record for each score.
    """
    optimizers = zip(gan.players, gan.optimizer.optimizers, strict=True)
    about = {
        "description": description,
        "dataset": dataset,
        "license": license,
        "images_seen": images_seen,
        "steps": int(gan.steps.numpy()),
        "precision": gan.dtype_policy.name,
        "optimizers": {
            player: f"{type(o).__name__}, rate {float(o.learning_rate):.3g}"
            for player, o in optimizers
        },
        "parameters": {
            player: getattr(gan, player).count_params()
            for player in gan.players
        },
    }
    save_to_preset(gan, directory, dtype="float16")
    shipped = type(gan).from_preset(directory, dtype="float32")
    standing_statistics(shipped)
    save_to_preset(shipped, directory, dtype="float16", metadata=about)
    records = _score(shipped, images, feature_networks, num_samples, seed)
    samples = shipped.generate(100, seed=0)
    save_grid(Path(directory) / "samples.png", samples, scale=2)
    note_scores(directory, records)
    write_card(directory)
    return records


def add_scores(
    directory: str | os.PathLike, records: list[metrics.MetricRecord]
) -> None:
    """Adds scores to a preset's metadata and, if published, to its card.

    Args:
        directory: The preset's folder.
        records: The scores.
    """
    note_scores(directory, records)
    card = Path(directory) / CARD
    if card.exists() and BY_HAND in card.read_text():
        write_card(directory)


def _score(
    gan: AdversarialModel,
    images: Any,
    networks: tuple[str, ...],
    num_samples: int,
    seed: int,
) -> list[metrics.MetricRecord]:
    made = GeneratedImages(gan, num_samples, seed)
    records = []
    for network in networks:
        real = metrics.feature_statistics(images, network)
        fake = metrics.compute_features(made, network)
        records.append(metrics.fid(real, fake))
        if isinstance(gan, ClassConditional) and network == networks[0]:
            labels = gan.classes_in_turn(num_samples)
            records.append(metrics.conditional_accuracy(labels, fake))
    note = f"generate({num_samples})"
    return [dataclasses.replace(r, fake=note, seed=seed) for r in records]


def write_card(directory: str | os.PathLike) -> None:
    """Writes a published preset's model card from its metadata.

    What an earlier card has after the comment "Written by hand" stays.

    Args:
        directory: The preset's folder.
    """
    folder = Path(directory)
    config = json.loads((folder / CONFIG).read_bytes())
    about = json.loads((folder / METADATA).read_bytes())["metadata"]
    name, variant = folder.resolve().name, config["class_name"]
    card = folder / CARD
    _, _, by_hand = (card.read_text() if card.exists() else "").partition(
        BY_HAND
    )
    card.write_text(
        f"# {name}\n\n![100 samples of seed 0](samples.png)\n\n"
        "100 images of `generate(100, seed=0)`, not chosen.\n\n"
        f'```python\ngan = keras_gans.{variant}.from_preset("{name}")\n'
        "images = gan.generate(16, seed=0)\n```\n\n"
        + _table([("", ""), *_facts(config, about)])
        + f"| file | `{WEIGHTS}`, "
        f"{(folder / WEIGHTS).stat().st_size / 1e6:.1f} MB: kernels in "
        "float16, vectors in float32 |\n| licence | Apache-2.0 |\n\n"
        "## Scores\n\nOf the weights as shipped.\n\n"
        + _table(
            [SCORES, *(_row(record) for record in about.get("metrics", []))]
        )
        + "\n## Command\n\n"
        f"    python zoo/{name}/recipe.py [DATA] [OUT]\n\n"
        "trains, scores and saves the preset, and writes this card.\n\n"
        f"{BY_HAND}{by_hand or chr(10)}"
    )


def _facts(
    config: dict[str, Any], about: dict[str, Any]
) -> list[tuple[str, str]]:
    arguments = ", ".join(
        f"{name}={value!r}"
        for name, value in config["config"].items()
        if value is not None and name not in ("name", "dtype", "seed")
    )
    variant = config["class_name"]
    paper = str(getattr(models, variant).__doc__).partition("\n")[0]
    players = about["optimizers"].items()
    return [
        ("model", f"`{variant}({arguments})`"),
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
            f"{about['images_seen']:,} images seen in {about['steps']:,} "
            f"steps, {about['precision']}, seed {config['config']['seed']}",
        ),
    ]


SCORES = ("metric", "value", "resize", "reference", "samples", "seed")


def _row(record: dict[str, Any]) -> tuple[str, ...]:
    real = f"{record['num_real']:,} of {record['real']}"
    return (
        f"`{record['name']}`",
        f"{record['value']:.4f}",
        record["resize"] or "none",
        real if record["num_real"] else "none",
        f"{record['num_fake']:,}",
        str(record["seed"]),
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines) + "\n"
