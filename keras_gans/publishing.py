"""A zoo preset of a trained GAN: weights, scores, samples and model card."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans import metrics
from keras_gans.callbacks import save_grid
from keras_gans.data import GeneratedImages
from keras_gans.gan import AdversarialModel
from keras_gans.presets import save_to_preset

CARD, END = "README.md", "<!-- written by hand from here on -->"


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

    The folder gets the preset in half precision, to be run in float32;
    `samples.png`, 100 images that nobody chose; and a model card, `README.md`,
    of which the part after the comment "written by hand" stays as it was. A
    conditional GAN makes its classes in turn, and the first feature network
    says how many of them it recognises.

    Args:
        gan: The GAN.
        directory: The folder.
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
    folder = Path(directory)
    save_to_preset(gan, folder, dtype="float16")
    shipped = type(gan).from_preset(folder, dtype="float32")
    records = _scores(shipped, images, feature_networks, num_samples, seed)
    about = {
        "description": description,
        "dataset": dataset,
        "license": license,
        "images_seen": images_seen,
        "metrics": [json.loads(record.to_json()) for record in records],
    }
    save_to_preset(shipped, folder, dtype="float16", metadata=about)
    save_grid(folder / "samples.png", shipped.generate(100, seed=0), scale=2)
    card = folder / CARD
    _, _, by_hand = (card.read_text() if card.exists() else "").partition(END)
    name = folder.resolve().name
    facts = _facts(gan, about, (folder / "model.weights.h5").stat().st_size)
    card.write_text(
        f"# {name}\n\n![100 samples of seed 0](samples.png)\n\n"
        "100 images of `generate(100, seed=0)`, not chosen.\n\n"
        f"```python\ngan = keras_gans.{type(gan).__name__}.from_preset"
        f'("{name}")\nimages = gan.generate(16, seed=0)\n```\n\n'
        + _table([("", ""), *facts])
        + "\n## Scores\n\nPrinted by the command below, of the weights as "
        "shipped.\n\n"
        + _table([HEAD, *(_row(record) for record in records)])
        + "\n## Command\n\n"
        f"    python zoo/{name}/recipe.py [DATA] [OUT]\n\n{END}{by_hand}"
    )
    return records


def _scores(
    gan: AdversarialModel,
    images: Any,
    networks: tuple[str, ...],
    num_samples: int,
    seed: int,
) -> list[metrics.MetricRecord]:
    labels = None
    if hasattr(gan, "num_classes"):
        labels = np.arange(num_samples) % gan.num_classes
    made = GeneratedImages(gan, num_samples, seed, labels)
    records = []
    for network in networks:
        real = metrics.feature_statistics(images, network)
        fake = metrics.compute_features(made, network)
        records.append(metrics.fid(real, fake))
        if labels is not None and network == networks[0]:
            records.append(metrics.conditional_accuracy(labels, fake))
    note = f"generate({num_samples})"
    return [dataclasses.replace(r, fake=note, seed=seed) for r in records]


HEAD = ("metric", "value", "reference", "samples", "seed")


def _row(record: metrics.MetricRecord) -> tuple[str, ...]:
    reference = f"{record.num_real:,} of {record.real}" if record.real else ""
    return (
        f"`{record.name}`",
        f"{record.value:.4f}",
        reference,
        f"{record.num_fake:,}",
        str(record.seed),
    )


def _facts(
    gan: AdversarialModel, about: dict[str, Any], size: int
) -> list[tuple[str, str]]:
    arguments = {
        name: value
        for name, value in gan.get_config().items()
        if value is not None and name not in ("name", "dtype", "seed")
    }
    optimizers = [
        f"{player}: {type(optimizer).__name__}, rate "
        f"{float(optimizer.learning_rate):.3g}"
        for player, optimizer in zip(
            gan.players, gan.optimizer.optimizers, strict=True
        )
    ]
    return [
        (
            "model",
            ", ".join(f"`{name}={v!r}`" for name, v in arguments.items()),
        ),
        ("paper", f"{type(gan).__doc__}".partition("\n")[0]),
        ("optimizers", "; ".join(optimizers)),
        ("parameters", _parameters(gan)),
        ("data", f"{about['dataset']} ({about['license']})"),
        (
            "training",
            f"{about['images_seen']:,} images seen in "
            f"{int(gan.steps.numpy()):,} steps, {gan.dtype_policy.name}, seed "
            f"{gan.seed}",
        ),
        (
            "file",
            f"`model.weights.h5`, {size / 1e6:.1f} MB: kernels in float16, "
            "vectors in float32",
        ),
        ("licence", "Apache-2.0"),
    ]


def _parameters(gan: AdversarialModel) -> str:
    players = {player: getattr(gan, player) for player in gan.players}
    return ", ".join(
        f"{player} {network.count_params():,}"
        for player, network in players.items()
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines) + "\n"
