"""keras-gans evaluate."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keras_gans.cli import options
from keras_gans.cli.building import read_settings
from keras_gans.cli.commands import train_options
from keras_gans.cli.output import print_records
from keras_gans.cli.presets import load_preset
from keras_gans.cli.quiet import import_keras


def evaluate(
    preset: options.Preset = None,
    data: options.Data = None,
    real: options.Real = None,
    fake: options.Fake = None,
    scores: options.Metrics = "fid",
    feature_network: options.DefaultNetwork = None,
    resize: options.Resize = "clean",
    image_size: options.ImageSize = None,
    num_samples: options.NumSamples = None,
    seed: options.Seed = 0,
    split: options.Split = None,
    corrupt: options.Corrupt = "error",
    out: options.Records = None,
    note: options.Note = False,
    nearest_pairs: options.NearestPairs = None,
    captions: train_options.Captions = None,
    reading: train_options.Reading = None,
) -> None:
    """Scores generated images against real ones, or a GAN against its data.

    Every score names its feature network: two numbers of different networks,
    resizes or numbers of images cannot be compared.
    """
    check_sides(preset, data, real, fake)
    check_note(note, preset)
    import_keras()
    from keras_gans import metrics
    from keras_gans.cli import pairs, scoring

    names = metrics.find_metrics(scores.split(","))
    gan = load_preset(preset) if preset else None
    draws_all = gan and all(m.is_drawn for m in gan.takes.values())
    if gan and gan.scores and data and not draws_all:
        return scoring.print_own_scores(gan, data, image_size)
    shape: Any = scoring.image_shape(gan) if gan else None
    how: Any = {"split": split, "corrupt": corrupt, "image_size": image_size}
    if gan and data:
        how |= {"image_size": shape[:2], "channels": shape[2]}
    reference, extractor = open_reference(
        data or real, feature_network, resize, how
    )
    if gan:  # scored against all of the real images
        num, num_samples = num_samples or 10_000, None
        how |= {"captions": captions, **read_settings(reading or [])}
        told = scoring.captions_for(gan, data, num, how)
        made = scoring.generate_for(gan, preset, reference, num, seed, **told)
    else:
        made = scoring.open_side(
            str(fake), extractor, corrupt=corrupt, image_size=image_size
        )
    draw = pairs.drawer(nearest_pairs, reference, made)
    with scoring.features_bar((reference, made), num_samples) as advance:
        records = metrics.evaluate(
            reference,
            made,
            names,
            extractor,
            num_samples=num_samples,
            seed=seed,
            progress=advance,
            on_features=draw,
            on_record=keeper(out, preset if note else None),
        )
    print_records(json.loads(record.to_json()) for record in records)


def open_reference(
    source: Any, feature_network: str | None, resize: str, how: dict[str, Any]
) -> tuple[Any, Any]:
    """Opens the real side, and chooses the network where none is given.

    Args:
        source: A folder, file or name, or a statistics file.
        feature_network: The network's name; None for the one that a
            statistics file names (those of other libraries hold features of
            "inception_2048"), or `default_feature_network` of the images.
        resize: "clean", "legacy_pytorch" or "legacy_tensorflow".
        how: What else `open_images` takes.

    Returns:
        The images or statistics, and the extractor.

    Raises:
        ValueError: For another resize, no such network or source, and
            statistics of another network.
    """
    from keras_gans import metrics
    from keras_gans.cli import scoring
    from keras_gans.metrics.features.statistics_file import (
        is_statistics_file,
        network_of,
    )

    if not is_statistics_file(source):
        return scoring.open_with_network(source, feature_network, resize, **how)
    name = feature_network or network_of(source) or "inception_2048"
    extractor = scoring.find_network(name, resize)
    return metrics.load_statistics(source, extractor), extractor


def keeper(out: Path | None, preset: str | None) -> Callable[[Any], None]:
    """Returns a function that keeps a record at once, should a later one fail.

    Args:
        out: The .jsonl file to add it to, or None.
        preset: The folder of the preset to add it to, or None.
    """
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)

    def keep(record: Any) -> None:
        if out is not None:
            record.append_to(out)
        if preset is not None:
            from keras_gans.presets import publishing

            publishing.add_scores(preset, [record])

    return keep


def check_note(note: bool, preset: str | None) -> None:
    """Refuses to add scores to what is not a preset's folder.

    Raises:
        ValueError: Where `preset` is no folder.
    """
    if note and not Path(preset or "").is_dir():
        raise ValueError(
            "--note adds the scores to a preset's folder. "
            f"Received: PRESET={preset}"
        )


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
