"""keras-gans stats."""

from keras_gans.cli import options
from keras_gans.cli.output import console, progress
from keras_gans.cli.quiet import import_keras


def stats(
    data: options.StatisticsData,
    out: options.StatisticsFile,
    feature_network: options.Network = None,
    resize: options.Resize = "clean",
    image_size: options.ImageSize = None,
    num_samples: options.NumChosen = None,
    seed: options.Seed = 0,
    split: options.Split = None,
    corrupt: options.Corrupt = "error",
) -> None:
    """Writes mean and covariance of features, for `evaluate` and FID.

    With this file the real images are not needed again.
    """
    import_keras()
    from keras_gans import metrics
    from keras_gans.cli import scoring
    from keras_gans.metrics.features.statistics_file import check_suffix

    check_suffix(out)
    images, extractor = scoring.open_with_network(
        data,
        feature_network,
        resize,
        split=split,
        corrupt=corrupt,
        image_size=image_size,
    )
    total = num_samples or len(images)
    with progress(f"features of {images.name}", total) as advance:
        statistics = metrics.feature_statistics(
            images,
            extractor,
            num_samples=num_samples,
            seed=seed,
            progress=advance,
        )
    metrics.save_statistics(statistics, out)
    console().print(
        f"{statistics.gaussian.dimensions} features of {extractor.name} on "
        f"{statistics.gaussian.count:,} images ({images.name}): {out}"
    )
