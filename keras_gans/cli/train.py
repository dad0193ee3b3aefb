"""keras-gans train."""

from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli.building import (
    build_gan,
    compile_gan,
    find_variant,
    of_data,
    read_settings,
)
from keras_gans.cli.output import print_records, print_table
from keras_gans.cli.presets import PRESET
from keras_gans.cli.quiet import import_keras
from keras_gans.cli.runs import check_run

FREE = (
    "variant",
    "data",
    "out",
    "epochs",
    "backup_every",
    "distribute",
    "tensorboard",
)
"""Arguments that may change when a run goes on, or are noted by themselves."""


def train(
    ctx: typer.Context,
    variant: Annotated[
        str, typer.Argument(help="The kind of GAN: GAN, DCGAN, ...")
    ],
    data: Annotated[
        str,
        typer.Option(
            help="A folder of images, a .npy, .npz or IDX file, tfds:NAME, "
            "a name of keras.datasets, or fashion_mnist_10k"
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the run")],
    epochs: Annotated[int, typer.Option(min=1, help="Epoch to end with")],
    image_size: Annotated[
        int | None,
        typer.Option(min=1, help="Side in pixels to resize and crop to"),
    ] = None,
    channels: Annotated[
        int | None, typer.Option(help="1 (grey), 3 (RGB) or 4 (RGBA)")
    ] = None,
    split: Annotated[str, typer.Option(help="Which part of the data")] = (
        "train"
    ),
    corrupt: Annotated[
        str, typer.Option(help="Unreadable files: error or skip")
    ] = "error",
    batch_size: Annotated[int, typer.Option(min=1)] = 64,
    latent_dim: Annotated[int | None, typer.Option(min=1)] = None,
    ema_decay: Annotated[
        float | None,
        typer.Option(help="Average the generator's weights, e.g. 0.999"),
    ] = None,
    learning_rate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RATE|PLAYER=RATE",
            help="For all players or one; the paper's if not given",
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A further argument of the variant, e.g. width=96",
        ),
    ] = None,
    dtype: Annotated[
        str | None, typer.Option(help="float32, mixed_bfloat16, mixed_float16")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    fid_every: Annotated[
        int, typer.Option(min=0, help="Epochs from one FID to the next; 0: no")
    ] = 0,
    fid_samples: Annotated[
        int, typer.Option(min=2, help="Images to generate for FID")
    ] = 10_000,
    feature_network: Annotated[
        str, typer.Option(help="The network whose features FID compares")
    ] = "fashion_mnist_classifier",
    backup_every: Annotated[
        int | None,
        typer.Option(min=1, help="Batches between backups; an epoch if not"),
    ] = None,
    distribute: Annotated[
        str,
        typer.Option(
            help="auto (all devices, and the processes that TF_CONFIG, Slurm "
            "or torchrun speak of), mirrored, multiworker, tpu, jax, torchrun"
        ),
    ] = "auto",
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Write logs for TensorBoard")
    ] = False,
) -> None:
    """Trains a GAN on your images.

    Given again, the same command goes on where the run in --out stopped;
    more --epochs make it longer.
    """
    variant = find_variant(variant)
    import_keras()
    import keras

    from keras_gans import callbacks, distribution
    from keras_gans.cli.training import train_run
    from keras_gans.data import list_names, load

    if data not in list_names() and Path(data).expanduser().exists():
        data = str(Path(data).expanduser().resolve())
    noted = {k: v for k, v in ctx.params.items() if k not in FREE}
    arguments = {"variant": variant, "data": data, **noted}
    check_run(out, arguments)
    images = load(data, image_size, channels, split, corrupt)
    chosen = {"latent_dim": latent_dim, "ema_decay": ema_decay, "dtype": dtype}
    chosen = {k: v for k, v in chosen.items() if v is not None}
    with distribution.start(distribute):
        gan = build_gan(
            variant,
            {
                **of_data(variant, images),
                "seed": seed,
                **chosen,
                **read_settings(settings or []),
            },
        )
        compile_gan(gan, learning_rate or [])
    fid = None
    if fid_every:
        fid = callbacks.FID(images, fid_every, fid_samples, feature_network)
    board = (keras.callbacks.TensorBoard(out / "tensorboard"),)
    score = train_run(
        gan,
        images,
        out,
        arguments,
        epochs=epochs,
        batch_size=batch_size,
        fid=fid,
        more_callbacks=board if tensorboard else (),
        backup_every=backup_every or "epoch",
    )
    if not distribution.is_chief():
        return
    if score:
        print_records([score])
    print_table(
        ("", "where"),
        [
            ("samples, one picture an epoch", out / "samples"),
            ("losses of every epoch", out / "log.csv"),
            ("preset", out / PRESET),
            ("more images", f"keras-gans generate {out} --out samples.png"),
        ],
    )
