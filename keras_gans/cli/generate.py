"""keras-gans generate."""

import inspect
from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset

BATCH = 256


def generate(
    preset: Annotated[
        str,
        typer.Argument(help="A preset's name, folder or URL, or a run's --out"),
    ],
    out: Annotated[
        Path,
        typer.Option(help="A folder, or one picture's file (.png)"),
    ] = Path("generated"),
    num: Annotated[int, typer.Option(min=1, help="How many images")] = 64,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed gives the same images")
    ] = 0,
    grid: Annotated[
        bool, typer.Option("--grid", help="All images in one picture")
    ] = False,
    labels: Annotated[
        str | None,
        typer.Option(
            help="The classes of a conditional GAN, with commas between, in "
            "turn; all if not given"
        ),
    ] = None,
    truncation: Annotated[
        float | None,
        typer.Option(help="BigGAN's: the smaller, the better and more alike"),
    ] = None,
) -> None:
    """Generates images: a folder of PNG files, or all in one picture."""
    is_file = bool(out.suffix) and not out.is_dir()
    if is_file and out.suffix.lower() != ".png":
        raise ValueError(
            "--out is a folder or a file that ends in .png. "
            f"Received: {str(out)!r}"
        )
    gan = load_preset(preset)
    from keras_gans.data.generated import GeneratedImages, save_generated
    from keras_gans.pictures import save_grid

    takes = inspect.signature(gan.sample_latents).parameters
    if truncation is not None and "truncation" not in takes:
        raise ValueError(
            "--truncation is for GANs whose latents are drawn with it, such "
            f"as BigGAN. Received: {type(gan).__name__}"
        )
    chosen = None if labels is None else read_labels(labels, num)
    samples = GeneratedImages(gan, num, seed, chosen, preset, truncation)
    if is_file or grid:
        path = out if is_file else out / f"seed{seed}_grid.png"
        save_grid(path, samples[:], padding=0 if num == 1 else 2)
        console().print(f"{num} images of seed {seed}: {path}")
        return
    out.mkdir(parents=True, exist_ok=True)
    for start in range(0, num, BATCH):
        for i, image in enumerate(samples[start : start + BATCH], start):
            save_generated(out / f"seed{seed}_{i:05d}.png", image)
    console().print(f"{num} images of seed {seed}: {out}")


def read_labels(text: str, num: int) -> list[int]:
    """Reads whole numbers with commas between, and repeats them.

    Args:
        text: For instance "3" or "0,1,2".
        num: How many to return.

    Raises:
        ValueError: For anything else.
    """
    try:
        labels = [int(word) for word in text.split(",")]
    except ValueError as error:
        raise ValueError(
            "--labels takes whole numbers with commas between. "
            f"Received: {text!r}"
        ) from error
    return [labels[i % len(labels)] for i in range(num)]
