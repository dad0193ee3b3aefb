"""keras-gans walk, mix, edit and project."""

from pathlib import Path
from typing import Annotated, Any

import typer

from keras_gans.cli import options
from keras_gans.cli.output import console, print_table
from keras_gans.cli.presets import load_preset

Out = Annotated[Path, typer.Argument(help="The picture's file, .png")]
Psi = Annotated[
    float | None,
    typer.Option(help="Moves styles towards their mean: 0.7 of the way, say"),
]
Layers = Annotated[
    str | None,
    typer.Option(help="Layers of the synthesis, from the first: 0-3 or 0,2,5"),
]
Label = Annotated[
    str | None,
    typer.Option(
        help="The class of all images, number or name; several names joined "
        "by +; or the numbers of a condition, separated by commas"
    ),
]
METHODS = ("sefa", "ganspace", "labels")
"""Where a direction of `edit` comes from."""

Scale = Annotated[
    int, typer.Option(min=1, help="Every pixel becomes so many, each way")
]


def walk(
    preset: options.AnyPreset,
    out: Annotated[
        Path, typer.Argument(help="An .mp4, .gif, .webp or .png (APNG)")
    ],
    frames: Annotated[int, typer.Option(min=1, help="Pictures in all")] = 120,
    points: Annotated[int, typer.Option(min=2, help="Latents to pass")] = 5,
    num: Annotated[int, typer.Option(min=1, help="Walks side by side")] = 1,
    space: Annotated[
        str | None,
        typer.Option(help="z or w; w where the generator has styles"),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.1, help="Duration")] = 10.0,
    seed: options.GenerateSeed = 0,
    truncation: Psi = None,
    label: Label = None,
    prompt: Annotated[
        str | None, typer.Option(help="The sentence of all images")
    ] = None,
    scale: Scale = 1,
) -> None:
    """Animates a closed walk through the latents of a generator."""
    gan = load_preset(preset)
    from keras_gans import latents
    from keras_gans.pictures.animation import check_animation

    check_animation(out)
    if "latents" not in gan.takes:
        raise ValueError(
            "A walk leads through the latents of a generator. Received: "
            f"{type(gan).__name__}, which takes {', '.join(gan.takes)}"
        )
    told: dict[str, Any] = {}
    if prompt is not None:
        told[gan._told(prompt)] = prompt
    made = latents.walk(
        gan,
        frames,
        points,
        seed,
        space,
        truncation,
        num=num,
        **told,
        **_condition(gan, label),
    )
    latents.save_walk(out, made, seconds, scale=scale)
    console().print(f"{frames} pictures of seed {seed}: {out}")


def mix(
    preset: options.AnyPreset,
    out: Out,
    rows: Annotated[int, typer.Option(min=1, help="Images to change")] = 4,
    columns: Annotated[
        int, typer.Option(min=1, help="Images that lend their styles")
    ] = 6,
    layers: Layers = None,
    seed: options.GenerateSeed = 0,
    truncation: Psi = None,
    label: Label = None,
    scale: Scale = 1,
) -> None:
    """Draws a grid of mixed styles: layers of columns in images of rows."""
    _check_picture(out)
    gan = load_preset(preset)
    from keras_gans import latents
    from keras_gans.cli.reading.option_values import read_layers

    psi = 1.0 if truncation is None else truncation
    images = latents.mix(
        gan,
        rows,
        columns,
        read_layers(layers),
        seed,
        psi,
        **_condition(gan, label),
    )
    _write(out, images, scale)


def edit(
    preset: options.AnyPreset,
    out: Out,
    method: Annotated[
        str,
        typer.Option(
            help="sefa; ganspace: principal components of w; or labels: what "
            "tells images of 1 in --labels from those of 0"
        ),
    ] = "sefa",
    direction: Annotated[
        int, typer.Option(min=0, help="Which direction; 0 is the strongest")
    ] = 0,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="A text file of 0 and 1, one for each image that `keras-gans "
            "generate` makes with the same --seed, in their order; where a "
            "GAN has classes, `generate --labels 3` goes with --label 3 here"
        ),
    ] = None,
    strengths: Annotated[
        str, typer.Option(help="How far to move, one column each")
    ] = "-3,-1.5,0,1.5,3",
    num: Annotated[int, typer.Option(min=1, help="Images to change")] = 4,
    styles: Annotated[
        Path | None,
        typer.Option(help="Styles from `project`, an .npz, in place of drawn"),
    ] = None,
    layers: Layers = None,
    seed: options.GenerateSeed = 0,
    truncation: Psi = None,
    label: Label = None,
    scale: Scale = 1,
) -> None:
    """Draws images that change along a direction in W."""
    _check_picture(out)
    gan = load_preset(preset)
    from keras_gans import latents
    from keras_gans.cli.reading import option_values as values

    if method not in METHODS or (method == "labels") != (labels is not None):
        raise ValueError(
            f"--method is one of {METHODS}, and --labels FILE goes with "
            f"labels. Received: --method {method}, --labels {labels}"
        )
    chosen, noise = values.read_layers(layers), None
    psi = 1.0 if truncation is None else truncation
    how = {"seed": seed, "truncation": psi, **_condition(gan, label)}
    said = values.read_zeros_and_ones(labels) if labels else []
    towards = _direction(gan, method, direction, chosen, said, how)
    if styles is None:
        w = latents.to_styles(gan, num=num, **how)
    else:
        w, noise = values.read_styles(styles)
    moves = values.read_numbers(strengths, "--strengths")
    _write(out, latents.edit(gan, w, towards, moves, chosen, noise), scale)


def _direction(
    gan: Any,
    method: str,
    number: int,
    layers: list[int] | None,
    labels: list[int],
    how: dict[str, Any],
) -> Any:
    """Returns a direction in W.

    Args:
        gan: A GAN with styles.
        method: One of `METHODS`.
        number: Which one, from the strongest.
        layers: The layers that "sefa" looks at.
        labels: What "labels" tells apart.
        how: How the styles of these are drawn.
    """
    import numpy as np

    from keras_gans import latents

    if method == "sefa":
        return latents.sefa(gan, number + 1, layers)[-1]
    if method == "ganspace":
        given = {k: v for k, v in how.items() if k == "labels"}
        return latents.ganspace(gan, number + 1, **given)[0][-1]
    w = latents.to_styles(gan, num=len(labels), **how)
    return latents.boundary(w, np.array(labels))


def project(
    preset: options.AnyPreset,
    photographs: Annotated[
        list[Path], typer.Argument(help="Photographs; squares are cut out")
    ],
    out: Annotated[
        Path, typer.Option(help="The picture's file; an .npz comes beside it")
    ] = Path("projected.png"),
    space: Annotated[
        str, typer.Option(help="w, or w+ for a style for each layer")
    ] = "w",
    steps: Annotated[int, typer.Option(min=1, help="Steps of Adam")] = 500,
    noise: Annotated[bool, typer.Option(help="Look for noise maps too")] = True,
    distance: Annotated[
        str, typer.Option(help="vgg, alex or squeeze (LPIPS), or pixels")
    ] = "vgg",
    seed: options.GenerateSeed = 0,
    label: Label = None,
    scale: Scale = 1,
) -> None:
    """Finds the styles whose images are nearest to photographs."""
    _check_picture(out)
    gan = load_preset(preset)
    import numpy as np

    from keras_gans import latents
    from keras_gans.cli.output import progress
    from keras_gans.files import atomic_path
    from keras_gans.latents.photographs import read_targets

    targets = read_targets(gan, photographs)
    with progress("steps", steps) as show:
        found = latents.project(
            gan,
            targets,
            space,
            steps,
            distance,
            seed,
            lambda step, _: show(step),
            noise,
            **_condition(gan, label),
        )
    pairs = np.stack([targets / 127.5 - 1.0, found.images], axis=1)
    _write(out, pairs, scale)
    kept: dict[str, Any] = {"styles": found.styles}
    if found.noise is not None:
        kept["noise"] = found.noise
    with atomic_path(out.with_suffix(".npz")) as draft, open(draft, "wb") as f:
        np.savez(f, **kept)
    print_table(
        ("photograph", f"distance ({distance})", "mean squared error"),
        [
            (path.name, f"{d:.4f}", f"{e:.4f}")
            for path, d, e in zip(
                photographs, found.distances, found.errors, strict=True
            )
        ],
    )


def _condition(gan: Any, label: str | None) -> dict[str, Any]:
    """Returns the class of all images by name; class 0 where none is given."""
    from keras_gans.cli.generating import read_labels
    from keras_gans.cli.reading.option_values import read_condition
    from keras_gans.modalities import Condition

    kind = gan.takes.get("labels")
    if kind is None:
        if label is not None:
            raise ValueError(
                "--label is for generators of classes. "
                f"Received: --label {label} for {type(gan).__name__}"
            )
        return {}
    if isinstance(kind, Condition):
        return {} if label is None else {"labels": read_condition(label)}
    return {"labels": 0 if label is None else read_labels(label, gan, 1)[0]}


def _check_picture(out: Path) -> None:
    if out.suffix.lower() != ".png":
        raise ValueError(f"The picture must be a .png. Received: {out.name}")


def _write(out: Path, images: Any, scale: int) -> None:
    """Writes images (rows, columns, H, W, C) as one picture."""
    from keras_gans.pictures import save_grid

    rows = images.reshape(-1, *images.shape[2:])
    save_grid(out, rows, columns=images.shape[1], scale=scale)
    console().print(f"{len(images)} x {images.shape[1]} images: {out}")
