"""Shapes and parameters at 1024x1024 are those of the papers' tables.

They are read from the committed tables of `architectures/`, which
`test_architectures.py` holds against the networks.
"""

import re
from typing import NamedTuple

from architecture import FOLDER


class Row(NamedTuple):
    kind: str
    output: str
    parameters: int
    settings: str


def rows_of(file, network):
    """The rows of one network of a committed table."""
    text = (FOLDER / f"{file}.txt").read_text()
    (part,) = re.findall(rf"^{network}: .*?^outputs", text, re.M | re.S)
    _, header, *lines, _ = part.splitlines()
    kind, of, output = (header.index(w) for w in ("layer", "of", "output"))
    end = header.index("parameters") + len("parameters")
    rows = []
    for line in lines:
        cells = line[output:end].split()
        has_number = len(cells) > 1 and not cells[-2].endswith(",")
        number = cells[-1].replace(",", "") if has_number else "0"
        settings = line[end:].strip()
        name = line[kind:of].strip()
        rows.append(Row(name, cells[0] if cells else "", int(number), settings))
    return rows


def short(number):
    """A number of parameters as the papers print it."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if number >= size:
            value = number / size
            return f"{value:.0f}{unit}" if value >= 10 else f"{value:.1f}{unit}"
    return str(number)


def convolutions(rows):
    """(shape, parameters) of layers of 3x3 and of dense layers, in order."""
    return [
        (r.output, short(r.parameters))
        for r in rows
        if r.kind in ("EqualizedDense", "EqualizedConv2D")
        and "kernel_size 1x1" not in r.settings
    ]


# Karras et al. 2018, table 2: sides, channels and parameters of the two
# convolutions at each size of the generator, from 8x8 on.
TABLE_2 = [
    (8, 512, "2.4M", "2.4M"),
    (16, 512, "2.4M", "2.4M"),
    (32, 512, "2.4M", "2.4M"),
    (64, 256, "1.2M", "590k"),
    (128, 128, "295k", "148k"),
    (256, 64, "74k", "37k"),
    (512, 32, "18k", "9.2k"),
    (1024, 16, "4.6k", "2.3k"),
]


def test_the_generator_of_progan_is_that_of_table_2():
    rows = rows_of("ProGAN.paper", "generator")
    wanted = [("8192", "4.2M"), ("4x4x512", "2.4M")]
    for side, channels, first, second in TABLE_2:
        shape = f"{side}x{side}x{channels}"
        wanted += [(shape, first), (shape, second)]
    assert convolutions(rows) == wanted
    last = [r for r in rows if r.output == "1024x1024x3" and r.parameters > 1]
    assert [r.parameters for r in last] == [51]
    total = sum(r.parameters for r in rows if r.kind != "FadeIn")
    assert total == 23_079_115  # 23.1M


def test_the_discriminator_of_progan_is_that_of_table_2():
    rows = rows_of("ProGAN.paper", "discriminator")
    wanted = []
    for side, channels, more, same in TABLE_2[::-1]:
        wider = 512 if side <= 64 else 2 * channels
        wanted += [(f"{side}x{side}x{channels}", same)]
        wanted += [(f"{side}x{side}x{wider}", more)]
    wanted += [("4x4x512", "2.4M"), ("512", "4.2M"), ("1", "513")]
    assert convolutions(rows) == wanted
    assert rows[1][1:3] == ("1024x1024x16", 64)  # from images
    (deviation,) = (r for r in rows if r.kind.startswith("Minibatch"))
    assert deviation.output == "4x4x513"
    total = sum(r.parameters for r in rows if r.kind != "FadeIn")
    assert total == 23_087_249  # 23.1M


def test_stylegan_has_the_shapes_and_the_parameters_of_its_paper():
    # Karras et al. 2019, section 2: 8 layers of mapping, 18 of synthesis, two
    # at each size, and 26.2 million parameters in place of 23.1.
    mapping = rows_of("StyleGAN.paper", "mapping")
    dense = [r for r in mapping if r.kind == "EqualizedDense"]
    assert [(r.output, r.parameters) for r in dense] == [("512", 262_656)] * 8
    rows = rows_of("StyleGAN.paper", "synthesis")
    shapes = [r.output for r in rows if r.kind == "AdaIN"]
    sizes = [(4, 512), *(row[:2] for row in TABLE_2)]
    assert shapes == [f"{s}x{s}x{c}" for s, c in sizes for _ in range(2)]
    assert rows[0].output == "18x512"
    noise = sum(s * s for s, _ in sizes for _ in range(2))
    total = sum(r.parameters for r in (*mapping, *rows) if r.kind != "FadeIn")
    assert f"{(total - noise) / 1e6:.1f}" == "26.2"
    judge = rows_of("StyleGAN.paper", "discriminator")
    assert f"{sum(r.parameters for r in judge) / 1e6:.1f}" == "23.1"


def test_stylegan2_has_the_shapes_and_the_parameters_of_its_paper():
    # Karras et al. 2020, appendix B: 30 and 29 million in configuration F,
    # and maps of 64x64 to 1024x1024 that are twice as wide as StyleGAN's.
    mapping = rows_of("StyleGAN2.paper", "mapping")
    rows = rows_of("StyleGAN2.paper", "synthesis")
    sizes = [(4, 512), *((s, c * (1 + (s > 32))) for s, c, *_ in TABLE_2)]
    each = [f"{s}x{s}x{c}" for s, c in sizes]
    shapes = [r.output for r in rows if r.kind == "NoiseInput"]
    assert shapes == [each[0], *(shape for shape in each[1:] for _ in (0, 1))]
    images = [r.output for r in rows if r.output.endswith("x3")]
    assert list(dict.fromkeys(images)) == [f"{s}x{s}x3" for s, _ in sizes]
    noise = 16 + sum(2 * s * s for s, _ in sizes[1:])
    total = sum(r.parameters for r in (*mapping, *rows)) - noise
    assert total == 30_370_060
    judge = rows_of("StyleGAN2.paper", "discriminator")
    assert sum(r.parameters for r in judge) == 29_012_513
    shapes = [r.output for r in judge if r.kind == "Rescaling"]
    assert shapes == each[-2::-1]
