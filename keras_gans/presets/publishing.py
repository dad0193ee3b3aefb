"""Publishing: a trained GAN as a preset of the zoo, scored and with a card."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from keras_gans import metrics
from keras_gans.callbacks import SampleGrid
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Image
from keras_gans.presets.publication.cards import (
    SAMPLES,
    add_scores,
    brief,
    describe_optimizer,
    write_card,
)
from keras_gans.presets.publication.data_sets import (
    CIFAR10,
    FACES,
    FASHION_MNIST,
    FLOWERS,
    MAPS,
    MNIST,
    T91,
    DataSet,
)
from keras_gans.presets.publication.scoring import (
    as_source,
    default_networks,
    rows_to_take,
    score,
    score_baselines,
)
from keras_gans.presets.publication.sheets import save_sheet
from keras_gans.presets.publication.shown import (
    aerials,
    photograph_tiles,
    portraits,
)
from keras_gans.presets.publication.standing import standing_statistics
from keras_gans.presets.saving import (
    count_parameters,
    note_scores,
    save_to_preset,
)

__all__ = [
    "CIFAR10",
    "FACES",
    "FASHION_MNIST",
    "FLOWERS",
    "MAPS",
    "MNIST",
    "T91",
    "DataSet",
    "add_scores",
    "aerials",
    "make_preset",
    "photograph_tiles",
    "portraits",
    "publish",
    "rate_to_zero",
    "save_sheet",
    "write_card",
]


def publish(
    gan: AdversarialModel,
    directory: str | os.PathLike,
    data: Any,
    *,
    description: str,
    dataset: str,
    license: str,
    rows_seen: int,
    feature_networks: Sequence[Any] | None = None,
    num_samples: int = 10_000,
    seed: int = 0,
    held_out: Any = None,
    shown: Any = None,
) -> list[metrics.MetricRecord]:
    """Saves a compiled GAN as a preset of the zoo, scored as it is shipped.

    The folder gets the preset in half precision, to be run in float32, with
    batch norm's statistics measured anew (`standing_statistics`); a sheet of
    samples that are not chosen, where what is made has a picture; and a
    model card.

    Every feature network gives an FID. The first one also says how many
    samples show the class that was asked for, where the GAN takes classes
    and the network knows as many. Variants with scores of their own, such as
    those that learn from pairs, get these too.

    Args:
        gan: The GAN.
        directory: The folder, named as the preset.
        data: The data to compare with: a source from `keras_gans.data`, or
            an array of images.
        description: A line on the preset.
        dataset: A line on the data that the GAN was trained on.
        license: The licence of the data.
        rows_seen: Number of rows, such as images, that training read.
        feature_networks: Names of the feature networks; None for the
            classifier that ships with the package, where the GAN makes
            images in colour or grey ones of 28x28, and else for none.
        num_samples: Number of samples to generate for a score, at most one
            for each row where the generator takes rows.
        seed: Seed of the samples.
        held_out: The same kind of data, which training did not see, or None.
            The sheet of samples shows it.
        shown: Data for the sheet of samples, in place of those that may not
            be published: what the generator takes is enough.

    Returns:
        A record for each score.

    Raises:
        ValueError: For feature networks where no images are made, and for a
            GAN whose weights are not finite.
        OSError: If the files cannot be written.
    """
    if feature_networks is None:
        feature_networks = default_networks(gan)
    makes_images = any(isinstance(m, Image) for m in gan.makes.values())
    if feature_networks and not makes_images:
        raise ValueError(
            "Feature networks compare images, and the GAN makes none. "
            f"Received: feature_networks={feature_networks}"
        )
    about = {
        "description": description,
        "dataset": dataset,
        "license": license,
        ("images_seen" if makes_images else "rows_seen"): rows_seen,
        **_training_of(gan),
    }
    save_to_preset(gan, directory, dtype="float16")
    shipped = type(gan).from_preset(directory, dtype="float32")
    networks = len(shipped.inference_generators)
    given: Any = rows_to_take(shipped, data, 1000, networks)
    standing_statistics(shipped, **given)
    if shown is not None:
        about["shown"] = as_source(shown).name
    rows = next(x for x in (shown, held_out, data) if x is not None)
    about["samples"] = save_sheet(shipped, Path(directory) / SAMPLES, rows)
    save_to_preset(shipped, directory, dtype="float16", metadata=about)
    records = score(shipped, data, feature_networks, num_samples, seed)
    simple: list[metrics.MetricRecord] = []
    if held_out is not None:
        options = feature_networks, num_samples, seed
        records += score(shipped, held_out, *options)
        simple = score_baselines(shipped, data, held_out)
    note_scores(directory, records, simple)
    write_card(directory)
    return records


def _training_of(gan: AdversarialModel) -> dict[str, Any]:
    """Returns how a GAN was trained, and what it takes and makes."""
    return {
        "steps": int(gan.steps.numpy()),
        "precision": gan.dtype_policy.name,
        "seed": gan.seed,
        "optimizers": {
            player: describe_optimizer(gan.optimizer[player])
            for player in gan.players
        },
        "parameters": {
            player: count_parameters(gan.networks_of(player))
            for player in gan.players
        },
        "makes": next(iter(gan.makes)),
        "given": [n for n, m in gan.takes.items() if not m.is_drawn],
    }


def make_preset(
    gan: AdversarialModel,
    script: str | os.PathLike,
    data_set: DataSet,
    *,
    epochs: int,
    batch_size: int = 64,
    steps_per_epoch: int | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    feature_networks: Sequence[Any] | None = None,
    num_samples: int = 10_000,
    held_out: str | None = None,
    shown: Any = None,
    **options: Any,
) -> list[metrics.MetricRecord]:
    """Trains a compiled GAN and publishes it: what the zoo's recipes share.

    A recipe is run as `python zoo/NAME/recipe.py [DATA] [OUT]`. DATA is a
    folder of the data set, or another source that its reader takes; without
    it the data set is downloaded. OUT is the folder of the run, `runs/NAME`
    by default: it gets a picture of samples and the losses of every epoch,
    backups, and in the folder NAME the preset. A run that was stopped goes on
    from its last backup.

    Args:
        gan: The GAN.
        script: The recipe, `__file__`; its folder has the preset's name.
        data_set: The data to train on and to compare with.
        epochs: The epoch to end with.
        batch_size: Rows in a batch.
        steps_per_epoch: Batches in an epoch; None for all of the data.
        callbacks: Further callbacks.
        feature_networks: Names of the feature networks to score with; None
            for those of the data set.
        num_samples: Number of samples to generate for a score.
        held_out: The split of the data to score and to show beside the rows
            of training, for instance "val": a sub-folder of DATA; None for
            none.
        shown: Data for the sheet of samples, as in `publish`, or a function
            that returns them.
        **options: What else the reader of the data set takes, for instance
            `image_size=32`.

    Returns:
        A record for each score, which are printed too.
    """
    name = Path(script).resolve().parent.name
    where, out = [*sys.argv[1:3], *("", "")][:2]
    folder = Path(out or f"runs/{name}")
    folder.mkdir(parents=True, exist_ok=True)
    source = scored = data_set.read(where, **options)
    others = None
    if held_out:
        splits = "train", held_out
        scored, others = data_set.read_splits(where, splits, **options)
    gan.fit(
        source,
        validation_data=others,
        batch_size=batch_size,
        epochs=epochs,
        steps_per_epoch=steps_per_epoch,
        verbose=2,
        callbacks=[
            SampleGrid(folder / "samples", seed=0),
            *callbacks,
            keras.callbacks.CSVLogger(folder / "log.csv", append=True),
            keras.callbacks.BackupAndRestore(
                folder / "backup", delete_checkpoint=False
            ),
        ],
    )
    kind = next(iter(gan.makes.values()))
    if feature_networks is None:
        feature_networks = data_set.networks_for(**options)
    records = publish(
        gan,
        folder / name,
        scored,
        description=f"{type(gan).__name__}, {brief(kind)}, trained on "
        f"{data_set.title}",
        dataset=data_set.describe(source, **options),
        license=data_set.license,
        rows_seen=int(gan.steps.numpy()) * batch_size,
        feature_networks=feature_networks,
        num_samples=num_samples,
        held_out=others,
        shown=shown() if callable(shown) else shown,
    )
    print(*records, sep="\n")
    return records


def rate_to_zero(
    rate: float, epochs: int
) -> keras.callbacks.LearningRateScheduler:
    """Learning rate of all players: falls to zero in the second half.

    Args:
        rate: The rate in the first half of the epochs.
        epochs: Number of epochs.

    Returns:
        A callback for `make_preset` or `fit`.
    """
    return keras.callbacks.LearningRateScheduler(
        lambda epoch, _: rate * min(1.0, 2.0 * (1.0 - epoch / epochs))
    )
