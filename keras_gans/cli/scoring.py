"""The two sides that `evaluate` compares, opened from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from keras_gans import metrics
from keras_gans.cli.output import print_table, progress
from keras_gans.cli.reading.data import open_data
from keras_gans.data import (
    FolderImages,
    GeneratedImages,
    ImageSource,
    list_names,
    load,
)
from keras_gans.data.generated import GENERATED, image_name
from keras_gans.engine.training.validation import ROWS, captions_of
from keras_gans.metrics.features.resizing import MODES
from keras_gans.metrics.features.statistics_file import is_statistics_file
from keras_gans.modalities.image import is_generated


def image_shape(gan: Any) -> tuple[int, ...]:
    """Returns the shape of a GAN's images, (height, width, channels).

    Raises:
        ValueError: For a GAN that makes no images.
    """
    return gan.makes[image_name(gan)].shape


def find_network(name: str, resize: str) -> metrics.FeatureExtractor:
    """Returns the feature network of a name and a resize.

    Args:
        name: Its name.
        resize: "clean", "legacy_pytorch" or "legacy_tensorflow".

    Raises:
        ValueError: For another resize, and if there is none of this name.
    """
    check_resize(resize)
    if resize != "clean":
        name = f"{name.removesuffix('/clean')}/{resize}"
    return metrics.get_feature_extractor(name)


def check_resize(resize: str) -> None:
    """Refuses an unknown resize.

    Raises:
        ValueError: For another one than those of `MODES`.
    """
    if resize not in MODES:
        raise ValueError(
            f"--resize must be one of {list(MODES)}. Received: {resize}"
        )


def open_with_network(
    source: str, name: str | None, resize: str, **options: Any
) -> tuple[Any, metrics.FeatureExtractor]:
    """Opens images, and chooses the network where none is given.

    Args:
        source: As in `open_images`.
        name: The network's name; None for `default_feature_network` of the
            images.
        resize: As in `find_network`.
        **options: What else `open_images` takes.

    Returns:
        The images and the extractor.

    Raises:
        ValueError: For another resize, no such network, and no such source.
    """
    check_resize(resize)
    # A wrong name is told before any image is opened.
    extractor = find_network(name, resize) if name else None
    images = open_images(source, **options)
    if extractor is None:
        default = metrics.default_feature_network(images)
        extractor = find_network(default, resize)
    return images, extractor


def open_side(
    source: str, extractor: metrics.FeatureExtractor, **options: Any
) -> Any:
    """Opens images, or reads a statistics file.

    Args:
        source: A folder, file or name, or a statistics file.
        extractor: The feature network.
        **options: What `open_images` takes.

    Returns:
        An image source, or `FeatureStatistics`.
    """
    if is_statistics_file(source):
        return metrics.load_statistics(source, extractor)
    return open_images(source, **options)


def open_images(
    source: str,
    split: str | None = None,
    corrupt: str = "error",
    image_size: Any = None,
    channels: int | None = None,
) -> ImageSource:
    """Opens images as `train` does, and notes their split.

    Args:
        source: A folder, file or name.
        split: The split; None for "train", where there are splits.
        corrupt: "error" or "skip".
        image_size: Pixels to resize and crop to; None leaves the size.
        channels: 1 or 3, or None.

    Returns:
        The images, with `split` where it is known.

    Raises:
        ValueError: For data that are not images, or for no such source.
    """
    images = load(source, image_size, channels, split or "train", corrupt)
    if not isinstance(images, ImageSource):
        raise ValueError(f"Scores are of images. Received: {images!r}")
    has_parts = source in list_names() or source.startswith("tfds:")
    images.split = split or ("train" if has_parts else None)
    if isinstance(images, FolderImages) and is_generated(images.paths[0]):
        images.split = GENERATED
    return images


def generate_for(
    gan: Any,
    preset: str | None,
    real: Any,
    num_images: int,
    seed: int,
    **given: Any,
) -> GeneratedImages:
    """Returns a GAN's samples, with the classes of the real images.

    Args:
        gan: The GAN.
        preset: Where it was loaded from; a folder gives its name.
        real: The real images, or statistics.
        num_images: Number of samples.
        seed: Seed of the samples.
        **given: What else the generator takes.
    """
    local = Path(str(preset))
    # Records are read elsewhere, where this machine's paths mean nothing.
    name = local.resolve().name if local.is_dir() else str(preset)
    labels = metrics.labels_for(gan, real, num_images, seed)
    made: Any = GeneratedImages(gan, num_images, seed, labels, name, **given)
    made.seed = seed
    return made


def captions_for(
    gan: Any, data: str | None, num: int, options: dict[str, Any]
) -> dict[str, Any]:
    """Returns captions of real images, for as many samples.

    Args:
        gan: The GAN.
        data: The images, as its reader takes them, or None.
        num: Number of samples.
        options: Options of the reader.

    Returns:
        Ids by their name; nothing for a GAN that is not told in words.
    """
    if data is None or gan.told_by is None:
        return {}
    return captions_of(gan, open_data(gan, data, options), num)


@contextmanager
def features_bar(
    sides: tuple[Any, Any], num_samples: int | None
) -> Iterator[Any]:
    """Shows a progress bar for the features of both sides.

    Args:
        sides: Images, or statistics, of which nothing is computed.
        num_samples: Number of images chosen from each; None for all.

    Yields:
        A function to call with the number of images done.
    """
    images = [s for s in sides if not isinstance(s, metrics.FeatureStatistics)]
    total = sum(num_samples or len(side) for side in images)
    with progress("features", total) as advance:
        yield advance


def print_own_scores(gan: Any, data: str, image_size: Any) -> None:
    """Prints the scores that a variant declares, of held-out rows.

    Args:
        gan: A GAN with `scores`, such as one of pairs.
        data: The held-out rows, as its reader takes them.
        image_size: Pixels to resize and crop to, or None.
    """
    source = open_data(gan, data, {"image_size": image_size})
    rows = f"{min(len(source), ROWS):,} of {source.name}"
    scores = gan.evaluate(source).items()
    print_table(
        ("score", "value", "rows"),
        [(name, f"{value:.4g}", rows) for name, value in scores],
    )
