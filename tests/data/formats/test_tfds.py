"""A small TensorFlow dataset, made here and read in both forms."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import load
from keras_gans.data.formats.tfrecord import find_records, read_record
from keras_gans.data.images.decoding import fit_image
from keras_gans.engine.training.feed import Batches

tfds = pytest.importorskip("tensorflow_datasets")
tf = pytest.importorskip(
    "tensorflow", reason="preparing a dataset needs TensorFlow"
)

NUM_TRAIN = 23


def photo(i):
    return np.random.default_rng(i).integers(0, 256, (20 + i, 24, 3), "uint8")


class KerasGansTiny(tfds.core.GeneratorBasedBuilder):
    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS = (
        tfds.core.BuilderConfig(name="png"),
        tfds.core.BuilderConfig(name="jpeg"),
    )

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(
                        shape=(None, None, 3),
                        encoding_format=self.builder_config.name,
                    ),
                    "thumbnail": tfds.features.Image(shape=(4, 4, 1)),
                    "label": tfds.features.ClassLabel(names=["even", "odd"]),
                    "caption": tfds.features.Text(),
                }
            ),
        )

    def _split_generators(self, manager):
        return {
            "train": self._generate_examples(range(NUM_TRAIN)),
            "test": self._generate_examples(range(100, 103)),
        }

    def _generate_examples(self, numbers):
        for i in numbers:
            yield (
                i,
                {
                    "image": photo(i),
                    "thumbnail": np.full((4, 4, 1), i, "uint8"),
                    "label": i % 2,
                    "caption": f"number {i}",
                },
            )


@pytest.fixture(scope="module", params=["array_record", "tfrecord"])
def data_dir(request, tmp_path_factory):
    if request.param == "array_record":
        pytest.importorskip("array_record", reason="no array_record here")
    folder = tmp_path_factory.mktemp(request.param)
    for config in ("png", "jpeg"):
        KerasGansTiny(
            data_dir=folder, config=config, file_format=request.param
        ).download_and_prepare()
    return folder


def tiny(data_dir, config="png", **options):
    options = {"image_size": 16, "image_key": "image", **options}
    name = f"tfds:keras_gans_tiny/{config}:1.0.0"
    return load(name, data_dir=data_dir, **options)


def numbers(data_dir, split="train"):
    """Which photo is where: TFDS shuffles while it writes."""
    thumbs = tiny(data_dir, image_key="thumbnail", image_size=4, split=split)
    return thumbs[:][:, 0, 0, 0]


def test_pixels_and_labels(data_dir):
    source = tiny(data_dir)
    order = numbers(data_dir)
    assert sorted(order) == list(range(NUM_TRAIN))
    assert source.image_shape == (16, 16, 3)
    for i, number in enumerate(order):
        expected = fit_image(Image.fromarray(photo(number)), (16, 16, 3))
        np.testing.assert_array_equal(source[i], expected)
    np.testing.assert_array_equal(source.labels, order % 2)
    assert source.class_names == ["even", "odd"]


def test_jpeg_is_decoded_by_pillow(data_dir):
    source = tiny(data_dir, "jpeg")
    builder = tfds.builder("keras_gans_tiny/jpeg", data_dir=data_dir)
    if builder.info.file_format != tfds.core.FileFormat.TFRECORD:
        pytest.skip("tf.data, the oracle here, reads TFRecord files only")
    raw = builder.as_dataset(
        split="train", decoders={"image": tfds.decode.SkipDecoding()}
    )
    examples = list(tfds.as_numpy(raw))
    assert len(examples) == len(source)
    for i, example in enumerate(examples):
        image = Image.open(io.BytesIO(example["image"]))
        np.testing.assert_array_equal(source[i], fit_image(image, (16, 16, 3)))


def test_splits(data_dir):
    assert len(tiny(data_dir, split="test")) == 3
    part = tiny(data_dir, split="train[5:9]")
    np.testing.assert_array_equal(part[:], tiny(data_dir)[5:9])
    assert part.labels.shape == (4,)


def test_streaming_gives_the_same_pixels(data_dir):
    source = tiny(data_dir, channels=1, cache=True)
    feed = Batches(source, batch_size=5, seed=3)
    streamed = list(source.to_tf_dataset(5, shuffle_seed=3, with_labels=True))
    assert len(streamed) == NUM_TRAIN // 5
    for i, batch in enumerate(streamed):
        for ours, theirs in zip(feed[i][0].values(), batch, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_own_size_and_channels(data_dir):
    source = tiny(data_dir, image_key="thumbnail", image_size=None)
    assert source.image_shape == (4, 4, 1)


def test_errors(data_dir):
    cases = [
        (dict(image_size=None), "differ in size"),
        (dict(image_key=None), "Received: None"),
        (dict(image_key="picture"), "Received: 'picture'"),
        (dict(label_key="caption"), "Received: 'caption'"),
        (dict(split="val"), "'train'.*Received: 'val'"),
    ]
    for options, message in cases:
        with pytest.raises(ValueError, match=message):
            tiny(data_dir, **options)


def test_it_is_prepared_where_it_is_not(tmp_path):
    source = tiny(tmp_path)
    assert len(source) == NUM_TRAIN


def test_unknown_names_come_with_the_nearest(tmp_path):
    with pytest.raises(ValueError, match=r"'cifar10'.*Received: 'cifar01'"):
        load("tfds:cifar01", data_dir=tmp_path)


@pytest.mark.parametrize("cut", [1, 10, 1000])
def test_a_truncated_tfrecord_is_named(tmp_path, cut):
    path = tmp_path / "x.tfrecord"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for size in (30, 2000):
            writer.write(bytes(size))
    (first, second) = find_records(str(path))
    assert read_record(*first) == bytes(30)
    assert read_record(*second) == bytes(2000)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(OSError, match=rf"record 1\. Received: {path}"):
        find_records(str(path))
    path.write_bytes(path.read_bytes()[:51])
    with pytest.raises(OSError, match=rf"record 1\. Received: {path}"):
        find_records(str(path))
