"""A training run in a folder, which goes on where it stopped."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from keras_gans import callbacks, distribution
from keras_gans.cli.output import console, verbosity
from keras_gans.cli.presets import PRESET
from keras_gans.cli.runs import BACKUP, SCORES, last_score, record_run


def train_run(
    gan: Any,
    images: Any,
    out: Path,
    arguments: Mapping[str, Any],
    *,
    epochs: int,
    batch_size: int = 64,
    fid: callbacks.FID | None = None,
    more_callbacks: tuple[keras.callbacks.Callback, ...] = (),
    backup_every: int | str = "epoch",
) -> dict[str, Any] | None:
    """Trains to the end of `epochs`, from where the folder's run stands.

    The folder gets `run.json`, `log.csv`, `samples/`, `backup/`, the scores
    in `fid.jsonl`, and at the end the preset.

    Args:
        gan: The GAN, compiled and new.
        images: An image source.
        out: The run's folder.
        arguments: What decides the run's results, for `run.json`.
        epochs: The epoch to end with.
        batch_size: Images in a batch.
        fid: What scores the run.
        more_callbacks: Further callbacks.
        backup_every: Batches from one backup to the next, or "epoch".

    Returns:
        The score after the last epoch, if it was scored.
    """
    steps_per_epoch = max(1, len(images) // batch_size)
    if distribution.is_chief():
        print_task(gan, images)
        record_run(out, arguments)

    def print_progress(logs: Any) -> None:
        step = int(gan.steps.numpy())
        if step and distribution.is_chief():
            console().print(
                f"Going on after epoch {step // steps_per_epoch} of {epochs} "
                f"(step {step}), which {out} holds"
            )

    gan.fit(
        images,
        images.labels,
        batch_size=batch_size,
        epochs=epochs,
        verbose=verbosity() if distribution.is_chief() else 0,
        callbacks=[
            *([fid, ScoreLines(fid, out / SCORES)] if fid else []),
            callbacks.SampleGrid(out / "samples"),
            keras.callbacks.CSVLogger(out / "log.csv", append=True),
            *more_callbacks,
            # After all that writes, so that an epoch counts once it is there.
            keras.callbacks.BackupAndRestore(
                (out / BACKUP).parent,
                save_freq=backup_every,
                delete_checkpoint=False,
            ),
            keras.callbacks.LambdaCallback(on_train_begin=print_progress),
        ],
    )
    step = int(gan.steps.numpy())
    epoch = step // steps_per_epoch
    score = last_score(out, epoch)
    gan.save_to_preset(
        out / PRESET,
        metadata={
            "description": f"{type(gan).__name__} trained on {images.name}",
            "data": images.name,
            "num_images": len(images),
            "epochs": epoch,
            "images_seen": step * batch_size,
            "metrics": [score] if score else [],
        },
    )
    return score


def print_task(gan: Any, images: Any) -> None:
    """Says what is trained on what."""
    shape = "x".join(map(str, images.image_shape))
    networks = (gan.generator, gan.discriminator)
    parameters = sum(network.count_params() for network in networks)
    console().print(
        f"{type(gan).__name__} of {parameters:,} parameters on "
        f"{len(images):,} images of {shape} ({images.name})"
    )


class ScoreLines(keras.callbacks.Callback):
    """Writes every new score to a file of JSON lines.

    Args:
        fid: The callback that scores; it comes before this one.
        path: The file.
    """

    def __init__(self, fid: callbacks.FID, path: Path):
        super().__init__()
        self.fid = fid
        self.path = path

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Writes this epoch's score, if it has one."""
        if not distribution.is_chief():
            return
        for scored, record in self.fid.records:
            if scored == epoch + 1:
                line = {"epoch": scored, **json.loads(record.to_json())}
                with open(self.path, "a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
