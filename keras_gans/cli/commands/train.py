"""keras-gans train."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from keras_gans.cli import options
from keras_gans.cli.building import (
    build_gan,
    compile_gan,
    find_variant,
    read_settings,
    read_stabilizers,
    variant_class,
)
from keras_gans.cli.commands import train_options
from keras_gans.cli.output import console, print_records, print_table
from keras_gans.cli.quiet import import_keras
from keras_gans.cli.runs import PRESET

WARM_UP = 200
"""Steps in which the discriminator of a preset learns alone."""


def train(
    variant: options.Variant,
    data: train_options.Data,
    out: train_options.Out,
    epochs: train_options.Epochs,
    image_size: train_options.ImageSize = None,
    channels: train_options.Channels = None,
    split: train_options.Split = None,
    captions: train_options.Captions = None,
    corrupt: train_options.Corrupt = None,
    reading: train_options.Reading = None,
    flip: train_options.Flip = False,
    augment: train_options.Augment = None,
    validation: train_options.Validation = None,
    validation_split: train_options.ValidationSplit = None,
    batch_size: train_options.BatchSize = 64,
    latent_dim: train_options.LatentDim = None,
    ema_decay: train_options.EmaDecay = None,
    learning_rate: train_options.LearningRate = None,
    init: train_options.Init = None,
    warm_up: train_options.WarmUp = None,
    settings: options.Settings = None,
    stabilizers: train_options.Stabilizers = None,
    dtype: options.Dtype = None,
    seed: train_options.Seed = 0,
    fid_every: train_options.FidEvery = 0,
    fid_samples: train_options.FidSamples = 10_000,
    feature_network: options.DefaultNetwork = None,
    samples_every: train_options.SamplesEvery = 1,
    backup_every: train_options.BackupEvery = None,
    show_channels: options.ShowChannels = None,
    distribute: train_options.Distribute = "auto",
    tensorboard: train_options.TensorBoard = False,
    diagnose: train_options.Diagnose = True,
) -> None:
    """Trains a GAN on your data, and goes on where the run in --out stopped.

    More --epochs make it longer. Ctrl-C stops it after a step that is saved.
    """
    carry_out(SimpleNamespace(**locals()))


def carry_out(asked: Any) -> None:
    """Trains.

    Args:
        asked: What `train` was given, by its names.
    """
    name = find_variant(asked.variant)
    import_keras()
    from keras_gans import distribution
    from keras_gans.cli.augmenting import augmented, reader_flips
    from keras_gans.cli.reading.data import open_both
    from keras_gans.cli.reading.option_values import read_channels, read_size
    from keras_gans.cli.training import train_run

    how = read_settings(asked.reading or [], "--read")
    how["image_size"] = read_size(asked.image_size)
    how["channels"] = asked.channels
    if asked.captions is not None:
        how["captions"] = asked.captions
    flip = asked.flip
    if flip and reader_flips(variant_class(name)):
        how["flip"], flip = True, False
    data = (asked.data, asked.split)
    other = (asked.validation, asked.validation_split or asked.split)
    source, held_out = open_both(name, data, other, asked.corrupt, how)
    with distribution.start(asked.distribute):
        gan = build(name, source, asked)
        alone = asked.warm_up
        if alone is None:
            alone = WARM_UP if asked.init else 0
        compile_gan(gan, asked.learning_rate or [], alone)
    check_validation(gan, asked)
    print_start(gan, asked.init, alone)
    score = train_run(
        gan,
        augmented(source, flip, asked.augment or [], asked.seed),
        asked.out,
        epochs=asked.epochs,
        batch_size=asked.batch_size,
        fid=fid_of(gan, held_out or source, asked) if asked.fid_every else None,
        validation=held_out,
        channels=read_channels(asked.show_channels),
        samples_every=asked.samples_every,
        tensorboard=asked.tensorboard,
        diagnose=asked.diagnose,
        backup_every=asked.backup_every or "epoch",
        about={"started_from": asked.init} if asked.init else {},
    )
    print_results(asked.out, score)


def build(variant: str, source: Any, asked: Any) -> Any:
    """Builds a GAN for data.

    Args:
        variant: Its name.
        source: The data.
        asked: What `train` was given; its --set comes before all others.

    Returns:
        The GAN, not compiled.
    """
    known = source.modalities
    if asked.init is not None:  # which knows words already
        known = {n: m for n, m in known.items() if not m.is_worded}
    arguments = variant_class(variant).arguments_from(known)
    arguments["seed"] = asked.seed
    for name in ("latent_dim", "ema_decay", "dtype"):
        if (value := getattr(asked, name)) is not None:
            arguments[name] = value
    if asked.stabilizers:
        arguments["stabilizers"] = read_stabilizers(asked.stabilizers)
    arguments.update(read_settings(asked.settings or []))
    if asked.init is None:
        return build_gan(variant, arguments)
    return variant_class(variant).from_preset(
        asked.init, fine_tune=True, **arguments
    )


def check_validation(gan: Any, asked: Any) -> None:
    """Refuses held-out data that nothing would look at.

    Args:
        gan: The GAN.
        asked: What `train` was given.

    Raises:
        ValueError: For such.
    """
    is_used = gan.scores or asked.fid_every
    shows = not all(modality.is_drawn for modality in gan.takes.values())
    if asked.validation and not (is_used or shows):
        raise ValueError(
            f"Held-out data of a {type(gan).__name__} are compared by FID: add "
            "--fid-every with a number of epochs. "
            f"Received: --validation {asked.validation}"
        )


def fid_of(gan: Any, reference: Any, asked: Any) -> Any:
    """Returns the callback for FID.

    Args:
        gan: The GAN.
        reference: The source of the reference set.
        asked: What `train` was given.
    """
    from keras_gans import callbacks
    from keras_gans.callbacks.columns import images_of

    return callbacks.FID(
        images_of(gan, reference),
        asked.fid_every,
        asked.fid_samples,
        asked.feature_network,
    )


def print_start(gan: Any, init: str | None, alone: int) -> None:
    """Says what of a preset is kept, and who learns first."""
    from keras_gans import distribution

    if not distribution.is_chief():
        return
    if init is not None:
        kept, anew = gan.fine_tuning.kept, gan.fine_tuning.anew
        console().print(
            f"Started from {init}: {len(kept)} layers keep its weights, "
            f"{len(anew)} start anew"
        )
        for layer in anew:
            console().print(f"  {layer}")
    if alone:
        judges = " and ".join(gan.judges)
        console().print(f"The {judges} learns alone for {alone:,} steps")


def print_results(out: Path, score: dict[str, Any] | None) -> None:
    """Says what a run has come to and where it is, once of all processes."""
    from keras_gans import distribution

    if not distribution.is_chief():
        return
    if score:
        print_records([score])
    print_table(
        ("", "where"),
        [
            ("samples, one picture an epoch", out / "samples"),
            ("losses, a picture", out / "losses.png"),
            ("losses of every epoch", out / "log.csv"),
            ("all of it in one page", f"keras-gans report {out}"),
            ("preset", out / PRESET),
            ("more samples", f"keras-gans generate {out} --out samples.png"),
        ],
    )
