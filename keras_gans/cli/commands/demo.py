"""keras-gans demo."""

from pathlib import Path
from typing import Annotated, Any

import typer

from keras_gans.cli.output import console, print_records, print_table
from keras_gans.cli.quiet import import_keras
from keras_gans.cli.runs import BACKUP, PRESET

EXPORTS = {"tf_saved_model": "saved_model", "litert": "generator.tflite"}


def demo(
    out: Annotated[Path, typer.Option(help="Folder of the run")] = Path(
        "runs/demo"
    ),
    epochs: Annotated[int, typer.Option(min=1, help="Epoch to end with")] = 10,
) -> None:
    """Trains a DCGAN on Fashion-MNIST, scores it, saves it and exports it.

    It needs no download and no GPU: two to six minutes on two free cores. Given
    again, it goes on where it stopped.
    """
    import_keras()
    from keras_gans.data import load

    run_demo(load("fashion_mnist_10k"), out, epochs)


def run_demo(
    images: Any, out: Path, epochs: int, num_samples: int = 10_000
) -> None:
    """Runs the demo.

    Args:
        images: The image source to train on and to compare with.
        out: The run's folder.
        epochs: The epoch to end with.
        num_samples: How many images to generate for each score.
    """
    import keras_gans
    from keras_gans.cli.training import train_run

    # Narrower than the paper's 64, which takes half as long again.
    gan = keras_gans.DCGAN(
        images.image_shape, latent_dim=128, width=40, ema_decay=0.99, seed=0
    )
    gan.compile()
    halfway = (epochs + 1) // 2
    fid = keras_gans.callbacks.FID(images, halfway, num_samples)
    # Half of the usual batch: twice the steps in the same time.
    score = train_run(gan, images, out, epochs=epochs, batch_size=32, fid=fid)
    if score:
        print_records([score])
    print_table(("", "where"), [*_places(out), *_exports(gan, out)])
    console().print(
        "Next:\n"
        f"  keras-gans generate {out} --num 100 --out samples.png\n"
        f"  keras-gans evaluate {out} --data fashion_mnist_10k\n"
        "  keras-gans train DCGAN --data YOUR_FOLDER --image-size 64 "
        "--epochs 50 --out runs/mine"
    )


def _places(out: Path) -> list[tuple[str, Path]]:
    return [
        ("samples after the last epoch", max(out.glob("samples/epoch_*.png"))),
        ("animation of the training", out / "samples" / "animation.gif"),
        ("losses and FID, a picture", out / "losses.png"),
        ("losses and FID of every epoch", out / "log.csv"),
        ("scores, one JSON line each", out / "fid.jsonl"),
        ("preset, for DCGAN.from_preset", out / PRESET),
    ]


def _exports(gan: Any, out: Path) -> list[tuple[str, Any]]:
    """Exports to every format, unless it is there and no older than the run.

    Returns:
        For each format what to say of it.
    """
    rows: list[tuple[str, Any]] = []
    weights = out / BACKUP
    for format, name in EXPORTS.items():
        path = out / "export" / name
        if path.exists() and path.stat().st_mtime > weights.stat().st_mtime:
            rows.append((f"export, {format}", path))
            continue
        console().print(f"Exporting to {format} ...")
        try:
            report = gan.export(path, format)
        except ImportError as error:  # says what to install
            rows.append((f"no export, {format}", error))
            continue
        difference = f"(differs from Keras by {report.max_difference:.1e})"
        rows.append((f"export, {format}", f"{path} {difference}"))
    return rows
