"""keras-gans train."""

from pathlib import Path
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
from keras_gans.cli.runs import PRESET, RUN

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
) -> None:
    """Trains a GAN on your data, and goes on where the run in --out stopped.

    More --epochs make it longer. Ctrl-C stops it after a step that is saved.
    """
    name = find_variant(variant)
    import_keras()
    from keras_gans import distribution
    from keras_gans.cli.augmenting import augmented, reader_flips
    from keras_gans.cli.reading import open_both, read_channels, read_size
    from keras_gans.cli.training import train_run

    how = read_settings(reading or [], "--read")
    how.update(image_size=read_size(image_size), channels=channels)
    if flip and reader_flips(variant_class(name)):
        how["flip"], flip = True, False
    other = (validation, validation_split or split)
    source, held_out = open_both(name, (data, split), other, corrupt, how)
    chosen = {"latent_dim": latent_dim, "ema_decay": ema_decay, "dtype": dtype}
    with distribution.start(distribute):
        gan = build(name, source, seed, chosen, stabilizers, settings, init)
        alone = (WARM_UP if init else 0) if warm_up is None else warm_up
        compile_gan(gan, learning_rate or [], alone)
    print_start(gan, init, alone)
    fid = (held_out or source, fid_every, fid_samples, feature_network)
    score = train_run(
        gan,
        augmented(source, flip, augment or [], seed),
        out,
        epochs=epochs,
        batch_size=batch_size,
        fid=fid_of(gan, *fid) if fid_every else None,
        validation=held_out,
        channels=read_channels(show_channels),
        samples_every=samples_every,
        tensorboard=tensorboard,
        backup_every=backup_every or "epoch",
        about={"started_from": init} if init else {},
    )
    print_results(out, score)


def build(
    variant: str,
    source: Any,
    seed: int,
    chosen: dict[str, Any],
    stabilizers: list[str] | None,
    settings: list[str] | None,
    init: str | None = None,
) -> Any:
    """Builds a GAN for data.

    Args:
        variant: Its name.
        source: The data.
        seed: Its seed.
        chosen: Arguments of its constructor; None leaves one out.
        stabilizers: As `read_stabilizers` takes them.
        settings: As `read_settings` takes them; they come before all others.
        init: The preset to start from, or None.

    Returns:
        The GAN, not compiled.
    """
    arguments = variant_class(variant).arguments_from(source.modalities)
    arguments["seed"] = seed
    arguments.update((k, v) for k, v in chosen.items() if v is not None)
    if stabilizers:
        arguments["stabilizers"] = read_stabilizers(stabilizers)
    arguments.update(read_settings(settings or []))
    if init is None:
        return build_gan(variant, arguments)
    run = Path(init).expanduser()
    return variant_class(variant).from_preset(
        run / PRESET if (run / RUN).is_file() else init,
        fine_tune=True,
        **arguments,
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


def fid_of(
    gan: Any,
    reference: Any,
    every: int,
    num_samples: int,
    feature_network: str | None,
) -> Any:
    """Returns the callback for FID.

    Args:
        gan: The GAN.
        reference: The source of the reference set.
        every: Epochs from one value to the next.
        num_samples: Images to generate.
        feature_network: Its name; None for the one of the images' shape.
    """
    from keras_gans import callbacks, metrics
    from keras_gans.callbacks.columns import images_of

    images = images_of(gan, reference)
    network = feature_network or metrics.default_feature_network(
        images.image_shape
    )
    return callbacks.FID(images, every, num_samples, network)


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
            ("preset", out / PRESET),
            ("more samples", f"keras-gans generate {out} --out samples.png"),
        ],
    )
