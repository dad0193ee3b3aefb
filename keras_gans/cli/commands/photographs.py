"""keras-gans upscale, translate and inpaint."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_gans.cli import options
from keras_gans.cli.output import console, errors, progress
from keras_gans.cli.presets import load_preset


def upscale(
    source: options.Photographs,
    out: options.PhotographsOut,
    preset: options.PhotographsPreset,
    overwrite: options.Overwrite = False,
    format: options.Format = None,
    tile: options.Tile = None,
    overlap: options.Overlap = None,
) -> None:
    """Enlarges photographs: a file, or a folder and all that is in it.

    Grey, transparency, 16 bits, EXIF, colour profiles and names are kept.
    Files that are there already stay, so the same command goes on after a
    stop.
    """
    gan = load_preset(preset)
    _run(
        gan,
        "upscale",
        source,
        out,
        overwrite=overwrite,
        format=format,
        tile=tile,
        overlap=overlap,
    )


def translate(
    source: options.Photographs,
    out: options.PhotographsOut,
    preset: options.PhotographsPreset,
    reverse: options.Reverse = False,
    overwrite: options.Overwrite = False,
    format: options.Format = None,
    tile: options.Tile = None,
    overlap: options.Overlap = None,
) -> None:
    """Translates photographs, of any size, into others of the same size.

    Transparency, 16 bits, EXIF, colour profiles and names are kept. Files
    that are there already stay, so the same command goes on after a stop.
    """
    gan = load_preset(preset, reverse)
    _run(
        gan,
        "translate",
        source,
        out,
        overwrite=overwrite,
        format=format,
        tile=tile,
        overlap=overlap,
    )


def inpaint(
    source: options.Photographs,
    out: options.PhotographsOut,
    preset: options.PhotographsPreset,
    masks: options.Masks,
    dilate: options.Dilate = 0,
    overwrite: options.Overwrite = False,
    format: options.Format = None,
    tile: options.Tile = None,
    overlap: options.Overlap = None,
) -> None:
    """Fills in what masks show of photographs; all other pixels stay.

    Grey, transparency, 16 bits, EXIF, colour profiles and names are kept.
    Files that are there already stay, so the same command goes on after a
    stop.
    """
    gan = load_preset(preset)
    _run(
        gan,
        "inpaint",
        source,
        out,
        masks=masks,
        dilate=dilate,
        overwrite=overwrite,
        format=format,
        tile=tile,
        overlap=overlap,
    )


def _run(gan: Any, verb: str, source: Path, out: Path, **given: Any) -> None:
    from keras_gans import photographs
    from keras_gans.photographs.files import find_jobs
    from keras_gans.photographs.tasks import check_task

    check_task(gan, verb)
    run: Callable[..., photographs.Report] = getattr(photographs, verb)
    num = len(find_jobs(source, out, given["format"]))
    try:
        with progress(f"{verb} {source}", num) as show:
            report = run(gan, source, out, progress=show, **given)
    except photographs.PhotographsError as error:
        _print(error.report, out)
        raise
    _print(report, out)


def _print(report: Any, out: Path) -> None:
    for path, note in report.notes.items():
        errors().print(f"{path}: {note}", style="yellow")
    num = len(report.written)
    left = len(report.skipped)
    there = f"; {left} were there already (--overwrite)" if left else ""
    console().print(f"{num} written{there}: {out}")
