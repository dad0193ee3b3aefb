"""TensorFlow Datasets."""

import difflib
import functools
import importlib.util
import io
from os import PathLike
from typing import Any

import numpy as np

from keras_gans.data.arguments import check_channels, check_image_size
from keras_gans.data.formats.tfrecord import find_records, read_record
from keras_gans.data.images.encoded import EncodedImages
from keras_gans.data.optional import import_package
from keras_gans.data.report import uniform_origin


class TFDSImages(EncodedImages):
    """The images of a TensorFlow dataset, decoded by Pillow when they are read.

    The dataset is downloaded and prepared once, as array_record (which has
    random access) where that package is installed. A dataset that was
    prepared before is used as it is; TFRecord files are indexed for random
    access.

    Args:
        name: The dataset, "mnist" or "name/config:version".
        image_size: One side in pixels or (height, width) to resize
            (antialiased) and crop to; None where all images have one size.
        channels: 1 (grey), 3 (RGB) or 4 (RGBA); None for the dataset's own.
        split: A split in the form of TFDS, such as "train" or "train[:10%]".
        background: The colour that transparent images are laid over.
        cache: Whether to keep decoded images in memory.
        image_key: The feature that holds the image; the only one where None.
        label_key: The feature that holds the label; the only one where None.
        data_dir: The folder of TFDS's data; its own default where None.

    Raises:
        ImportError: Where tensorflow-datasets is not installed.
        OSError: Where a file of the dataset is damaged.
        ValueError: Where there is no such dataset, split or feature, or where
            the images differ in size and no `image_size` was given.
    """

    def __init__(
        self,
        name: str,
        image_size: int | tuple[int, int] | None = None,
        channels: int | None = None,
        split: str = "train",
        background: Any = "white",
        cache: bool = False,
        image_key: str | None = None,
        label_key: str | None = None,
        data_dir: str | PathLike | None = None,
    ):
        tfds = import_package("tensorflow_datasets", "tensorflow-datasets")
        size = check_image_size(image_size)
        check_channels(channels)
        builder = _builder(name, data_dir)
        self.name = f"tfds:{name}:{split}"
        features = builder.info.features
        self.image_key = _pick(features, image_key, tfds.features.Image, name)
        self.label_key = label_key
        if label_key or _count(features, tfds.features.ClassLabel) == 1:
            self.label_key = _pick(
                features, label_key, tfds.features.ClassLabel, name
            )
            self.class_names = features[self.label_key].names
        *own_size, own_channels = features[self.image_key].shape
        if size is None and None in own_size:
            raise ValueError(
                "The images differ in size: give `image_size`, for instance "
                "64; on the command line --image-size 64. "
                f"Received: {self.name}"
            )
        try:
            self._examples = _open(builder, split, self.image_key)
        except (KeyError, ValueError) as error:
            raise ValueError(
                f"tfds:{name} has the splits {list(builder.info.splits)}. "
                f"Received: {split!r}"
            ) from error
        shape = (*(size or own_size), channels or own_channels or 3)
        super().__init__(shape, background, cache)
        if None not in own_size:
            own = (*own_size, own_channels or shape[2])
            self.fitted_from = uniform_origin(len(self), own, shape)

    def __len__(self) -> int:
        return len(self._examples)

    def open(self, row: int) -> io.BytesIO:
        """Opens an encoded image; see `EncodedImages.open`."""
        return io.BytesIO(self._examples[row][self.image_key])

    @property
    def has_labels(self) -> bool:
        """Whether the dataset has labels, without reading them."""
        return self.label_key is not None

    @functools.cached_property
    def labels(self) -> np.ndarray | None:  # type: ignore[override]
        """The labels; the first use reads through the whole dataset."""
        if self.label_key is None:
            return None
        key = self.label_key
        rows = range(len(self))
        return np.array([self._examples[i][key] for i in rows], "int32")

    def in_memory(self, name: str) -> np.ndarray | None:
        """Returns the labels where they were read."""
        return vars(self).get(name)


class _TFRecords:
    """TFRecord files in the form of TFDS's `as_data_source`."""

    def __init__(self, builder: Any, split: str, decoders: dict):
        self.features = builder.info.features
        self.decoders = decoders
        self.records = [
            record
            for part in builder.info.splits[split].file_instructions
            for record in find_records(part.filename, part.skip, part.take)
        ]

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, row: int) -> dict:
        return self.features.deserialize_example_np(
            read_record(*self.records[row]), decoders=self.decoders
        )


def _builder(name: str, data_dir: str | PathLike | None) -> Any:
    import tensorflow_datasets as tfds

    try:
        builder = tfds.builder(name, data_dir=data_dir)
    except tfds.core.DatasetNotFoundError as error:
        names = tfds.list_builders(with_community_datasets=False)
        near = difflib.get_close_matches(name.split("/")[0], names)
        raise ValueError(
            "TensorFlow Datasets has no dataset of that name. "
            f"The nearest: {near}. Received: {name!r}"
        ) from error
    if not builder.is_prepared():
        has_array_record = importlib.util.find_spec("array_record")
        builder.download_and_prepare(
            file_format="array_record" if has_array_record else None
        )
    return builder


def _open(builder: Any, split: str, image_key: str) -> Any:
    import tensorflow_datasets as tfds

    decoders = {image_key: tfds.decode.SkipDecoding()}
    if builder.info.file_format == tfds.core.FileFormat.TFRECORD:
        return _TFRecords(builder, split, decoders)
    return builder.as_data_source(split, decoders=decoders)


def _count(features: Any, kind: type) -> int:
    return sum(isinstance(feature, kind) for feature in features.values())


def _pick(features: Any, key: str | None, kind: type, name: str) -> str:
    keys = [k for k, feature in features.items() if isinstance(feature, kind)]
    wanted = keys if key is None else [k for k in keys if k == key]
    if len(wanted) == 1:
        return wanted[0]
    raise ValueError(
        f"tfds:{name} needs the key of one {kind.__name__} feature, of {keys}. "
        f"Received: {key!r}"
    )
