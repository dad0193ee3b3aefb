"""keras-gans evaluate."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli.output import console, print_records, verbosity
from keras_gans.cli.presets import load_preset


def evaluate(
    preset: Annotated[
        str,
        typer.Argument(help="A preset's name, folder or URL, or a run's --out"),
    ],
    data: Annotated[
        str, typer.Option(help="The images to compare with, as for `train`")
    ],
    num_samples: Annotated[
        int, typer.Option(min=2, help="How many images to generate")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the images")] = 0,
    split: Annotated[str, typer.Option(help="Which part of the data")] = (
        "train"
    ),
    feature_network: Annotated[
        str, typer.Option(help="The network whose features are compared")
    ] = "fashion_mnist_classifier",
    corrupt: Annotated[
        str, typer.Option(help="Unreadable files: error or skip")
    ] = "error",
    out: Annotated[
        Path | None, typer.Option(help="Add the record to this .jsonl file")
    ] = None,
) -> None:
    """Scores a GAN: FID of its images against all of the data.

    Images of another size than the GAN's are resized to it.
    """
    gan = load_preset(preset)
    import keras

    from keras_gans import metrics
    from keras_gans.data import GeneratedImages, ImageSource, load

    height, width, channels = gan.image_shape
    extractor = metrics.get_feature_extractor(feature_network)

    def statistics(images: ImageSource) -> metrics.FeatureStatistics:
        progress = None
        if verbosity() == 1:
            console().print(f"features of {images.name}")
            progress = keras.utils.Progbar(len(images)).update
        return metrics.feature_statistics(images, extractor, progress=progress)

    real = load(data, (height, width), channels, split, corrupt)
    fake = GeneratedImages(gan, num_samples, seed, name=preset)
    record = metrics.fid(statistics(real), statistics(fake), extractor)
    record = dataclasses.replace(record, seed=seed)
    print_records([json.loads(record.to_json())])
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        record.append_to(out)
