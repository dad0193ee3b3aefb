import sys

import keras
import numpy as np
import pytest

from keras_gans.data import (
    FolderImages,
    Images,
    Rows,
    augment,
    list_names,
    load,
)

NOISE = np.random.default_rng(0).integers(0, 256, (6, 10, 10, 3), "uint8")


def test_an_array_is_taken_as_it_is():
    source = load(NOISE)
    assert isinstance(source, Images) and source.labels is None
    assert source.image_shape == (10, 10, 3)
    np.testing.assert_array_equal(source[1:3], NOISE[1:3])
    assert np.shares_memory(source.images, NOISE)


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        ([0, -1, 0, 0, 0, 0], None, "Received: labels from -1 to 0"),
        ([0, 2, 1, 0, 0, 0], ["a", "b"], "Received: labels from 0 to 2"),
        ([0.5] * 6, None, "Received: float64"),
        (["a"] * 6, None, "Received: <U1"),
    ],
)
def test_bad_labels_are_refused(labels, names, message):
    with pytest.raises(ValueError, match=message):
        Images(NOISE, labels, names)


def test_class_names_stay_with_the_labels():
    names = ["ant", "bee", "cat"]
    source = Images(NOISE, np.arange(6) % 3, names)
    for other in (
        source,
        source.fit(4),
        load(source, channels=1),
        augment(source, layers=[]),
    ):
        assert other.class_names == names
        assert other.modalities["labels"].names == names
        assert other.rows(np.array([5]))["labels"].tolist() == [2]
    fewer = Images(NOISE, np.zeros(6, int), names)
    assert fewer.modalities["labels"].num_classes == 3


def test_floats_stay_floats():
    floats = (NOISE / 127.5 - 1).astype("float32")
    np.testing.assert_array_equal(load(floats)[:], floats)


def test_labels():
    source = load((NOISE, np.arange(6)[:, None]))
    assert source.labels.tolist() == list(range(6))
    for labels in (np.arange(5), np.linspace(0, 1, 6), np.eye(6, dtype=int)):
        with pytest.raises(ValueError, match=r"Received: .* of shape"):
            load((NOISE, labels))


def test_grey_images_get_their_channel_axis():
    assert load(NOISE[..., 0]).image_shape == (10, 10, 1)


def test_arrays_are_resized_and_converted():
    source = load((NOISE, np.arange(6)), image_size=(4, 8), channels=1)
    assert source.image_shape == (4, 8, 1) and source[:].dtype == "uint8"
    assert source.labels.tolist() == list(range(6))
    assert load(source, image_size=4).image_shape == (4, 4, 1)
    floats = NOISE / 127.5 - 1
    np.testing.assert_array_equal(
        load(floats, image_size=5)[:], load(NOISE, image_size=5)[:]
    )


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 12])
@pytest.mark.parametrize("kind", ["uint8", "float32"])
def test_any_number_of_channels_is_resized_each_by_itself(channels, kind):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3, 10, 10, channels), "uint8")
    given = images if kind == "uint8" else images / np.float32(127.5) - 1
    source = load(given, image_size=(4, 6))
    assert source.image_shape == (4, 6, channels)
    if channels != 4:  # colour is weighed by opacity
        for i in range(channels):
            grey = load(images[..., [i]], image_size=(4, 6))
            np.testing.assert_array_equal(source[:][..., [i]], grey[:])
    same = load(given, channels=channels)
    np.testing.assert_array_equal(same[:], given)


@pytest.mark.parametrize(
    ("own", "wanted"), [(2, 3), (5, 1), (12, 4), (3, 2), (1, 5), (3, 0)]
)
def test_channels_that_cannot_be_converted_are_refused(own, wanted):
    images = np.zeros((2, 8, 8, own), "uint8")
    with pytest.raises(
        ValueError, match=f"Received: {wanted} for images of {own} channels"
    ):
        load(images, image_size=4, channels=wanted)


@pytest.mark.parametrize(
    "images",
    [
        NOISE / 255.0,
        NOISE.astype("int64"),
        NOISE[0],
        NOISE[:0],
        np.where(NOISE > 250, np.nan, 0.0),
    ],
    ids=["range", "type", "rank", "empty", "nan"],
)
def test_bad_arrays_are_refused(images):
    with pytest.raises(ValueError, match="Received: "):
        load(images)


def test_folder(photos):
    source = load(photos, image_size=8, channels=1, cache=True)
    assert isinstance(source, FolderImages) and source.cache
    assert source.image_shape == (8, 8, 1)
    with pytest.raises(ValueError, match="split='test'"):
        load(photos, image_size=8, split="test")


def test_a_source_is_given_back(photos):
    source = load(photos, image_size=8)
    assert load(source) is source
    with pytest.raises(ValueError, match="Received: image_size=4"):
        load(source, image_size=4)


def test_any_source_is_given_back():
    rows = Rows({"inputs": NOISE, "images": NOISE})
    assert load(rows) is rows
    with pytest.raises(ValueError, match="Received: image_size=4"):
        load(rows, image_size=4)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ImportError, match="pip install tensorflow-datasets"):
        load("tfds:mnist")


def test_unknown_names_come_with_the_nearest(photos):
    with pytest.raises(ValueError, match="nearest: fashion_mnist") as error:
        load("fashion_mnits")
    assert str(error.value).endswith("Received: 'fashion_mnits'")
    with pytest.raises(ValueError, match=f"nearest: {photos}"):
        load(photos.with_name("photso"))
    with pytest.raises(ValueError, match="Nothing is near it"):
        load("/no/such/place")


def test_archives_are_not_guessed_at(tmp_path):
    path = tmp_path / "images.tar.gz"
    path.write_bytes(b"")
    with pytest.raises(ValueError, match=r"unpack.*Received: .*images\.tar"):
        load(path)


@pytest.mark.parametrize("name", list_names()[1:])
def test_keras_datasets(name, monkeypatch):
    rng = np.random.default_rng(0)
    shape = (28, 28) if "mnist" in name else (32, 32, 3)
    splits = [
        (
            rng.integers(0, 256, (n, *shape), "uint8"),
            # CIFAR's labels come as a column.
            np.arange(n, dtype="uint8")[(...,) + (None,) * (len(shape) - 2)],
        )
        for n in (5, 3)
    ]
    module = getattr(keras.datasets, name)
    monkeypatch.setattr(module, "load_data", lambda: tuple(splits))
    for split, (images, labels) in zip(("train", "test"), splits, strict=True):
        source = load(name, split=split)
        assert source.image_shape == (*shape, 1)[:3]
        np.testing.assert_array_equal(source[:].ravel(), images.ravel())
        np.testing.assert_array_equal(source.labels, labels.ravel())
        assert source.name == f"{name}:{split}"
        classes = source.class_names
        assert len(set(classes)) == (100 if name == "cifar100" else 10)
        assert source.modalities["labels"].names == classes
    with pytest.raises(ValueError, match="Received: 'val'"):
        load(name, split="val")


def test_a_name_is_stronger_than_a_folder(tmp_path, monkeypatch):
    (tmp_path / "fashion_mnist_10k").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len(load("fashion_mnist_10k")) == 10_000
    with pytest.raises(ValueError, match="holds no images"):
        load("./fashion_mnist_10k")
