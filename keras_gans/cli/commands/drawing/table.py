"""A sentence with two gaps, as a table of what fills them."""

import itertools
import re
from pathlib import Path

from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset

GAP = re.compile(r"\{([^{}]*)\}")


def draw_table(
    preset: str,
    template: list[str],
    num: int,
    seed: int,
    out: Path,
    seen: Path | None,
) -> None:
    """Draws a row for each filling of the first gap, a column for the second.

    Every picture is made from the same latent.

    Args:
        preset: The preset.
        template: One sentence, for instance "{red,blue} hair {green} eyes".
        num: How many of each: 1.
        seed: Seed of the latent.
        out: The picture's file.
        seen: A text file with the sentences that the GAN learned from;
            pictures of others are framed.

    Raises:
        ValueError: For several pictures of each sentence, and as in `fill`.
    """
    if num != 1:
        raise ValueError(
            "A table shows one picture of each sentence; other seeds make "
            f"other tables. Received: --num {num}"
        )
    rows, columns, sentences = fill(template)
    gan = load_preset(preset)
    import numpy as np

    from keras_gans.cli.generating import batches
    from keras_gans.pictures import check_samples, make_table, save_picture
    from keras_gans.pictures.sheets import draw

    check_samples(gan)
    told = gan._told(sentences)
    taken = gan.inputs_for(1, seed, **{told: sentences})
    (made,) = gan.makes
    drawn = [batch[made] for batch in batches(gan, taken, len(taken), preset)]
    pictures = draw(gan.makes[made], np.concatenate(drawn))
    cells = pictures.reshape(len(rows), len(columns), *pictures.shape[1:])
    framed = None
    if seen is not None:
        text = gan.takes[told]
        learned = text.check(lines_of(seen), told)
        known = {tuple(ids) for ids in learned.tolist()}
        unseen = [tuple(ids) not in known for ids in taken[told].tolist()]
        framed = np.reshape(unseen, cells.shape[:2])
    save_picture(out, make_table(cells, rows, columns, framed, scale=None))
    framed_ones = "" if framed is None else f", {framed.sum()} of them framed"
    console().print(f"{len(sentences)} of seed {seed}{framed_ones}: {out}")


def lines_of(file: Path) -> list[str]:
    """Returns the lines of a text file that are not blank.

    Raises:
        ValueError: For a file that is not UTF-8.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"A file of sentences must be UTF-8. Received: {file}"
        ) from error
    return [line for line in lines if line.strip()]


def fill(template: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Returns what fills each of two gaps, and the sentences, row by row.

    Raises:
        ValueError: For several sentences, or one that has other than two gaps.
    """
    gaps = GAP.findall(template[0])
    if len(template) != 1 or len(gaps) != 2:
        raise ValueError(
            "--table takes one sentence with two gaps, for instance "
            f'"{{red,blue}} hair {{green,brown}} eyes". Received: {template}'
        )
    rows, columns = ([w.strip() for w in gap.split(",")] for gap in gaps)
    before, between, after = GAP.split(template[0])[::2]
    sentences = [
        f"{before}{row}{between}{column}{after}"
        for row, column in itertools.product(rows, columns)
    ]
    return rows, columns, sentences
