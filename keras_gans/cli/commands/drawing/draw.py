"""keras-gans draw."""

import re
from pathlib import Path

from keras_gans.cli import options
from keras_gans.cli.commands.drawing.table import draw_table, lines_of
from keras_gans.cli.commands.generate import is_picture
from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset


def draw(
    preset: options.PhotographsPreset,
    prompts: options.Prompts = None,
    file: options.PromptsFile = None,
    num: options.NumEach = 1,
    seed: options.GenerateSeed = 0,
    out: options.GenerateOut = Path("drawn"),
    grid: options.Grid = False,
    between: options.Between = None,
    table: options.Table = False,
    seen: options.Seen = None,
) -> None:
    """Draws what sentences say: files, or one picture with a row for each.

    Picture i of every sentence is made from the same latents.
    """
    sentences = read_sentences(prompts or [], file)
    if between is not None:
        draw_between(preset, sentences, num, seed, out, between)
        return
    as_picture = is_picture(out)
    if table:
        path = out if as_picture else out / f"seed{seed}_table.png"
        draw_table(preset, sentences, num, seed, path, seen)
        return
    gan = load_preset(preset)
    from keras_gans.cli import generating

    told = {gan._told(sentences): sentences}
    taken = gan.inputs_for(num, seed, **told)
    total = len(sentences) * num
    made = generating.batches(gan, taken, total, preset)
    path = out
    if as_picture or grid:
        path = out if as_picture else out / f"seed{seed}_grid.png"
        generating.write_sheet(path, gan, taken, made, {}, None, num)
    else:
        names = stems(sentences, num, seed)
        generating.write_files(path, gan, made, names)
    console().print(f"{total} of seed {seed}: {path}")


def draw_between(
    preset: str,
    sentences: list[str],
    num: int,
    seed: int,
    out: Path,
    frames: int,
) -> None:
    """Writes the way from one sentence to the next as an animation."""
    from keras_gans.pictures.animation import check_animation

    check_animation(out)
    gan = load_preset(preset)
    from keras_gans import latents

    images = latents.between(gan, sentences, frames, num, seed)
    latents.save_walk(out, images, seconds=frames / 12)
    console().print(f"{frames} pictures between {len(sentences)}: {out}")


def read_sentences(prompts: list[str], file: Path | None) -> list[str]:
    """Returns the sentences to draw: those given, and the lines of a file.

    Raises:
        ValueError: Where there are none.
    """
    sentences = [*prompts, *([] if file is None else lines_of(file))]
    if not sentences:
        raise ValueError(
            'What to draw must be said: `keras-gans draw "red hair"`, or '
            f"--file with a sentence a line. Received: --file {file}"
        )
    return sentences


def stems(sentences: list[str], num: int, seed: int) -> list[str]:
    """Returns names of files without their ending, one for each picture."""
    words = [re.sub(r"[^\w]+", "-", s).strip("-")[:40] for s in sentences]
    return [
        f"{i:05d}_{word}_seed{seed}_{j:02d}"
        for i, word in enumerate(words)
        for j in range(num)
    ]
