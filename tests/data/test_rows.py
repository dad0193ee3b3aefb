import numpy as np
import pytest

from keras_gans.data import FolderImages, Images, Rows, load
from keras_gans.modalities import Audio, ClassLabel, Image, Mask

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (6, 8, 8, 3), "uint8")
FLOATS = RNG.uniform(-1, 1, (6, 4, 4, 1)).astype("float32")
LABELS = np.array([0, 2, 1, 2, 0, 1])


def test_modalities_are_inferred():
    rows = Rows({"photos": IMAGES, "maps": FLOATS, "labels": LABELS[:, None]})
    assert rows.modalities["photos"].shape == (8, 8, 3)
    assert rows.modalities["maps"].shape == (4, 4, 1)
    assert rows.modalities["labels"].num_classes == 3
    assert len(rows) == 6 and rows.sides == (rows,)
    got = rows.rows(np.array([4, 1]))
    assert list(got) == ["photos", "maps", "labels"]
    np.testing.assert_array_equal(got["photos"], IMAGES[[4, 1]])
    np.testing.assert_array_equal(got["maps"], FLOATS[[4, 1]])
    assert got["labels"].tolist() == [0, 2]
    assert list(rows.rows(np.array([0]), ["labels"])) == ["labels"]


def test_strings_are_class_names():
    rows = Rows({"labels": np.array(["rose", "daisy", "rose"])})
    assert rows.modalities["labels"].names == ["daisy", "rose"]
    assert rows.rows(np.arange(3))["labels"].tolist() == [1, 0, 1]


def test_given_modalities_check():
    sounds = np.zeros((3, 100), "int16")
    masks = np.ones((3, 4, 4, 1), "uint8") * 255
    rows = Rows(
        {"audio": sounds, "masks": masks, "images": IMAGES[:3]},
        {"audio": Audio(100), "masks": Mask(4, 4)},
    )
    assert rows.rows(np.array([1]))["audio"].shape == (1, 100, 1)
    assert isinstance(rows.modalities["images"], Image)
    with pytest.raises(ValueError, match=r"`audio`.*Received: shape \(3, 100"):
        Rows({"audio": sounds}, {"audio": Audio(99)})


def test_arrays_are_not_copied(tmp_path):
    np.save(tmp_path / "x.npy", IMAGES)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    rows = Rows({"images": mapped})
    assert np.shares_memory(rows.arrays["images"], mapped)
    assert type(rows.rows(np.arange(2))["images"]) is np.ndarray


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "at least one array.*Received"),
        ({"a": np.float32(1)}, r"Received: shapes .*\(\)"),
        ({"a": IMAGES, "b": LABELS[:5]}, r"one length.*\(5,\)"),
        ({"a": FLOATS[..., 0]}, r"give their modality.*\(6, 4, 4\)"),
        ({"a": np.ones(6)}, "give their modality.*float64"),
        ({"a": np.zeros((0, 2), int)}, r"give their modality.*\(0, 2\)"),
        ({"a": LABELS - 1}, "Received: labels from -1 to 1"),
        ({"a": IMAGES / 255.0}, "`a`.*Received: float64 from 0 to 1"),
        ({"a": FLOATS * np.nan}, "`a` must be finite"),
        ({"a": IMAGES.astype("int32")}, "give their modality.*int32"),
    ],
)
def test_bad_arrays(arrays, message):
    with pytest.raises(ValueError, match=message):
        Rows(arrays)


def test_a_column_is_added_or_replaced(photos):
    source = FolderImages(photos, 8)
    other = source.with_column("labels", LABELS.repeat(2), ClassLabel(3))
    rows = other.rows(np.array([11, 0]))
    np.testing.assert_array_equal(rows["images"], source[[11, 0]])
    assert rows["labels"].tolist() == [1, 0]
    assert other.modalities["labels"].num_classes == 3
    assert list(other.rows(np.array([0]), ["labels"])) == ["labels"]
    assert (len(other), other.name) == (12, "photos")
    with pytest.raises(ValueError, match="Received: 6 values for FolderIma"):
        source.with_column("labels", LABELS, ClassLabel(3))


def test_columns_are_checked_against_another_modality(photos):
    for source in (
        FolderImages(photos, 8),
        Rows({"images": IMAGES, "labels": LABELS}),
        Images(IMAGES).with_column("labels", LABELS, ClassLabel(3)),
    ):
        source.check_column("labels", ClassLabel(3))
        with pytest.raises(ValueError, match=r"in \[0, 1\)"):
            source.check_column("labels", ClassLabel(1))


def test_sources_show_what_they_hold(photos):
    assert repr(FolderImages(photos, 8)) == (
        'FolderImages("photos", 12 images of 8x8x3, 2 classes)'
    )
    assert repr(load(np.repeat(IMAGES, 300, 0))) == (
        'Images("array", 1,800 images of 8x8x3)'
    )
    assert repr(Rows({"a": IMAGES, "labels": LABELS}, name="x")) == (
        'Rows("x", 6 rows of a (images of 8x8x3), labels (3 classes))'
    )


def test_image_sources_are_rows(photos):
    source = FolderImages(photos, 8)
    assert list(source.modalities) == ["images", "labels"]
    assert source.modalities["labels"].names == ["cats", "dogs"]
    rows = source.rows(np.array([7, 0]))
    np.testing.assert_array_equal(rows["images"], source[[7, 0]])
    assert rows["labels"].tolist() == [1, 0]
    assert list(source.rows(np.array([0]), ["images"])) == ["images"]
    plain = Images(IMAGES)
    assert (
        list(plain.modalities) == list(plain.rows(np.arange(2))) == ["images"]
    )
    unnamed = Images(IMAGES, LABELS)
    assert unnamed.modalities["labels"].num_classes == 3
    assert unnamed.modalities["labels"].names is None
