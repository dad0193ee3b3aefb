"""keras-gans evaluate."""

import dataclasses
import difflib
import functools
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from keras_gans.cli.output import print_records
from keras_gans.cli.presets import load_preset
from keras_gans.cli.quiet import import_keras


def evaluate(
    preset: Annotated[
        str | None,
        typer.Argument(
            help="A preset's name, folder or URL, or a run's --out; "
            "or give --fake"
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            help="Real images, as for `train`; resized to those of the preset"
        ),
    ] = None,
    real: Annotated[
        str | None,
        typer.Option(
            help="Real images of a size of their own, or a statistics file"
        ),
    ] = None,
    fake: Annotated[
        str | None, typer.Option(help="Generated images, for instance a folder")
    ] = None,
    scores: Annotated[
        str,
        typer.Option(
            "--metrics",
            help="fid, kid, is, prdc, conditional_accuracy, ..., with commas "
            "between",
        ),
    ] = "fid",
    feature_network: Annotated[
        str | None,
        typer.Option(
            help="The network whose features are compared, e.g. inception_768;"
            " fashion_mnist_classifier for 28x28 grey GANs, else inception_2048"
        ),
    ] = None,
    resize: Annotated[
        str,
        typer.Option(
            help="How images become the network's size: clean, "
            "legacy_pytorch or legacy_tensorflow"
        ),
    ] = "clean",
    image_size: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Side in pixels to resize and crop folders' images to first; "
            "needed where they differ",
        ),
    ] = None,
    num_samples: Annotated[
        int | None,
        typer.Option(
            min=2,
            help="How many images to generate (10,000 if not given), "
            "or to choose of each side",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the images, or of the choice")
    ] = 0,
    split: Annotated[
        str | None, typer.Option(help="Which part of the real images")
    ] = None,
    corrupt: Annotated[
        str, typer.Option(help="Unreadable files: error or skip")
    ] = "error",
    out: Annotated[
        Path | None, typer.Option(help="Add the records to this .jsonl file")
    ] = None,
    note: Annotated[
        bool,
        typer.Option(
            "--note", help="Add the scores to the metadata of PRESET, a folder"
        ),
    ] = False,
    nearest_pairs: Annotated[
        Path | None,
        typer.Option(
            help="Picture to make, .png: the generated images closest to a "
            "real one, each to the left of that one, for the network's eyes"
        ),
    ] = None,
) -> None:
    """Scores generated images against real ones, or a GAN against its data.

    Every score names its feature network: two numbers of different networks,
    resizes or numbers of images cannot be compared.
    """
    check_sides(preset, data, real, fake)
    if note and not Path(preset or "").is_dir():
        raise ValueError(
            "--note adds the scores to a preset's folder. "
            f"Received: PRESET={preset}"
        )
    import_keras()
    from keras_gans import metrics
    from keras_gans.cli import pairs, scoring
    from keras_gans.data import GeneratedImages
    from keras_gans.presets import publishing

    names = find_metrics(scores, [*metrics.METRICS, scoring.OF_LABELS])
    gan = load_preset(preset) if preset else None
    scoring.check_conditional(names, gan)
    shape = gan.image_shape if gan else None
    extractor = scoring.find_network(feature_network, resize, shape)
    scoring.check_head(names, extractor)
    wanted = [*names, "--nearest-pairs"] if nearest_pairs else names
    open_side: Any = functools.partial(
        scoring.open_side, wanted=wanted, extractor=extractor, corrupt=corrupt
    )
    size: Any = image_size
    channels = None
    if data and gan:
        *size, channels = gan.image_shape
    reference = open_side(
        data or real, split=split, image_size=size, channels=channels
    )
    made: Any
    if gan:  # against all of the real images
        chosen, number = None, num_samples or 10_000
        # A record tells others: a folder's name, and not where it lies here.
        local = Path(str(preset))
        name = local.resolve().name if local.is_dir() else str(preset)
        made = GeneratedImages(gan, number, seed, name=name)
    else:
        chosen, made = num_samples, open_side(fake, image_size=image_size)
    if nearest_pairs:
        pairs.check_picture(nearest_pairs, reference, made)
    only_statistics = wanted == ["fid"]
    sides = [
        scoring.features_of(side, extractor, only_statistics, chosen, seed)
        for side in (reference, made)
    ]
    scoring.warn_if_swapped(sides[0])
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
    records = []
    for name in names:
        for record in scoring.measure(name, sides[0], sides[1], gan):
            if gan:
                record = dataclasses.replace(record, seed=seed)
            if out is not None:  # at once, lest a later one fail
                record.append_to(out)
            if note:
                publishing.add_scores(str(preset), [record])
            records.append(json.loads(record.to_json()))
    if nearest_pairs:
        pairs.save_pairs(nearest_pairs, reference, made, *sides)
    print_records(records)


def check_sides(
    preset: str | None, data: str | None, real: str | None, fake: str | None
) -> None:
    """Refuses all but one real and one generated side.

    Raises:
        ValueError: For none or two of a side, and for the same on both.
    """
    if (preset is None) == (fake is None) or (data is None) == (real is None):
        raise ValueError(
            "Give PRESET or --fake for the generated images, and --data or "
            f"--real for the real ones. Received: PRESET={preset}, "
            f"--fake {fake}, --data {data}, --real {real}"
        )
    given = data or real
    if fake and given and Path(fake).resolve() == Path(given).resolve():
        raise ValueError(
            "The real and the generated images must be different ones. "
            f"Received: {fake} for both"
        )


def find_metrics(scores: str, known: list[str]) -> list[str]:
    """Reads names with commas between them.

    Raises:
        ValueError: For an unknown one, with the nearest.
    """
    names = [name.strip().lower() for name in scores.split(",")]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known) or known
            raise ValueError(
                f"There is no such metric. The nearest are {near}. "
                f"Received: {name!r}"
            )
    return list(dict.fromkeys(names))
