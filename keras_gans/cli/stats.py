"""keras-gans stats."""

from pathlib import Path
from typing import Annotated

import typer

from keras_gans.cli.output import console
from keras_gans.cli.quiet import import_keras


def stats(
    data: Annotated[
        str,
        typer.Argument(
            help="A folder of images, or whatever `train` takes as --data"
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            help="The file: .npz (pytorch-fid, clean-fid) or .pt "
            "(torch-fidelity)"
        ),
    ],
    feature_network: Annotated[
        str, typer.Option(help="The network whose features are taken")
    ] = "inception_2048",
    resize: Annotated[
        str,
        typer.Option(
            help="How images become the network's size: clean, "
            "legacy_pytorch or legacy_tensorflow"
        ),
    ] = "clean",
    image_size: Annotated[
        int | None,
        typer.Option(min=1, help="Side in pixels to resize and crop to first"),
    ] = None,
    num_samples: Annotated[
        int | None, typer.Option(min=2, help="How many to choose; all if not")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the choice")] = 0,
    split: Annotated[
        str | None, typer.Option(help="Which part of the data")
    ] = None,
    corrupt: Annotated[
        str, typer.Option(help="Unreadable files: error or skip")
    ] = "error",
) -> None:
    """Writes mean and covariance of features, for `evaluate` and FID.

    With them the real images need not be looked at again.
    """
    import_keras()
    from keras_gans import metrics
    from keras_gans.cli import scoring
    from keras_gans.metrics.features.statistics_file import check_suffix

    check_suffix(out)
    extractor = scoring.find_network(feature_network, resize)
    images = scoring.open_images(data, split, corrupt, image_size)
    statistics = scoring.features_of(images, extractor, True, num_samples, seed)
    metrics.save_statistics(statistics, out)
    console().print(
        f"{statistics.gaussian.dimensions} features of {extractor.name} on "
        f"{statistics.gaussian.count:,} images ({images.name}): {out}"
    )
