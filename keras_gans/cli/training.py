"""A training run in a folder, which goes on where it stopped."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_gans import callbacks, distribution
from keras_gans.cli.interrupts import noted_interrupts
from keras_gans.cli.output import print_table, verbosity
from keras_gans.cli.run_callbacks import Backup, EpochLog, Scores
from keras_gans.cli.runs import (
    PRESET,
    check_run,
    last_score,
    locked,
    record_run,
)
from keras_gans.engine.training.feed import Batches
from keras_gans.engine.training.run_facts import facts_of_run
from keras_gans.modalities import Image
from keras_gans.pictures.reports import FINDINGS
from keras_gans.pictures.samples import has_picture


def train_run(
    gan: Any,
    source: Any,
    out: Path,
    *,
    epochs: int,
    batch_size: int = 64,
    fid: callbacks.FID | None = None,
    validation: Any = None,
    channels: Sequence[int] | None = None,
    samples_every: int = 1,
    tensorboard: bool = False,
    diagnose: bool = True,
    backup_every: int | str = "epoch",
    about: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Trains to the end of `epochs`, from where the folder's run stands.

    The folder gets `run.json`, `log.csv`, `losses.png`, `samples/`,
    `findings.json`, `backup/`, the scores `fid.jsonl` with the best GAN in
    `best/`, and at the end the preset.
    Ctrl-C ends training after a step that is saved.

    Args:
        gan: The GAN, compiled and new.
        source: The data, from `keras_gans.data`.
        out: The run's folder.
        epochs: The epoch to end with.
        batch_size: Rows in a batch.
        fid: The callback that scores the run, or None.
        validation: Held-out rows, or None.
        channels: The channels to show in pictures, as in `SampleGrid`; None
            for all, or for the first ones where all have no picture.
        samples_every: Epochs from one picture of samples to the next.
        tensorboard: Whether to write logs for TensorBoard.
        diagnose: Whether to say what goes wrong.
        backup_every: Batches from one backup to the next, or "epoch".
        about: What else the preset's metadata are to say.

    Returns:
        The score after the last epoch, if it was scored.
    """
    batches = Batches(source, tuple(gan.learns_from), batch_size)
    is_chief = distribution.is_chief()
    with (
        locked(out) if is_chief else contextlib.nullcontext(),
        noted_interrupts() as pressed,
    ):
        begin(gan, batches, out, validation)
        gan.fit(
            source,
            batch_size=batch_size,
            epochs=epochs,
            verbose=verbosity() if is_chief else 0,
            validation_data=validation,
            callbacks=[
                *([fid, Scores(fid, out)] if fid else []),
                *samples(gan, out, channels, samples_every),
                *([doctor(out)] if diagnose else []),
                EpochLog(out / "log.csv"),
                callbacks.LossPlot(out / "losses.png", out / "samples"),
                *([board(out)] if tensorboard else []),
                # The last, so that an epoch counts once all is written.
                Backup(out, backup_every, batches.steps_per_epoch, pressed),
            ],
        )
        return save_preset(gan, batches, out, about or {})


def begin(gan: Any, batches: Batches, out: Path, validation: Any) -> None:
    """Refuses another run than the folder's, and notes what it is."""
    facts = facts_of_run(gan, batches)
    check_run(out, facts)
    if distribution.is_chief():
        print_task(gan, batches, validation)
        record_run(out, gan, repr(batches.source), facts)


def print_task(gan: Any, batches: Batches, validation: Any) -> None:
    """Says what is trained on what: the report of the data, in a table."""
    networks = [n for p in gan.players for n in gan.networks_of(p)]
    parameters = sum(network.count_params() for network in networks)
    who = f"{type(gan).__name__} of {parameters:,} parameters"
    reports = [batches.source.report(batches.batch_size).facts()]
    heads = ["", "to train on"]
    if validation is not None:
        reports.append(validation.report().facts())
        heads.append("held out")
    names = dict.fromkeys(name for report in reports for name in report)
    rows = [(name, *(r.get(name) for r in reports)) for name in names]
    unused = [n for n in batches.source.modalities if n not in gan.learns_from]
    if unused:
        rows.append(("not used", f"{', '.join(unused)}, by {who.split()[0]}"))
    print_table(heads, rows, title=who)


def samples(
    gan: Any, out: Path, channels: Sequence[int] | None, every: int
) -> list[callbacks.SampleGrid]:
    """Returns what draws samples, where there is a picture of them."""
    if not any(map(has_picture, gan.makes.values())):
        return []
    channels = channels or first_channels(gan)
    folder = out / "samples"
    return [callbacks.SampleGrid(folder, every=every, channels=channels)]


def first_channels(gan: Any) -> tuple[int, ...] | None:
    """Returns the channels to show of what a GAN takes and makes.

    Returns:
        None for all; the first three, or the first of two, where images have
        other than 1, 3 or 4 channels.
    """
    kinds = (*gan.takes.values(), *gan.makes.values())
    counts = [m.channels for m in kinds if isinstance(m, Image)]
    others = [count for count in counts if count not in (1, 3, 4)]
    if not others:
        return None
    return (0, 1, 2) if min(others) >= 3 else (0,)


def doctor(out: Path) -> callbacks.Diagnostics:
    """Returns what says what goes wrong."""
    return callbacks.Diagnostics(path=out / FINDINGS)


def board(out: Path) -> callbacks.TensorBoard:
    """Returns what writes logs for TensorBoard."""
    return callbacks.TensorBoard(out / "tensorboard", out / "samples")


def save_preset(
    gan: Any, batches: Batches, out: Path, about: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Saves the run's preset, and returns its score, if it has one."""
    source, step = batches.source, int(gan.steps.numpy())
    epoch = step // batches.steps_per_epoch
    score = last_score(out, epoch)
    gan.save_to_preset(
        out / PRESET,
        metadata={
            "description": f"{type(gan).__name__} trained on {source.name}",
            "data": source.name,
            "num_rows": len(source),
            "epochs": epoch,
            "rows_seen": step * batches.batch_size,
            "metrics": [score] if score else [],
            **about,
        },
    )
    return score
