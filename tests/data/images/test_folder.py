import os
import threading

import numpy as np
import pytest
from PIL import Image

import keras_gans.data.images.encoded
from keras_gans.data import FolderImages, load
from keras_gans.data.images.decoding import fit_image


def truncate(path, keep=0.5):
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])


def test_shape_labels_and_order(photos):
    source = FolderImages(photos, image_size=16)
    assert len(source) == 12
    assert source.image_shape == (16, 16, 3)
    assert source.class_names == ["cats", "dogs"]
    assert source.labels.tolist() == [0] * 6 + [1] * 6
    assert [path.name for path in source.paths[:3]] == [
        "00.png",
        "02.png",
        "04.png",
    ]
    assert source.name == "photos"


def test_pixels_are_those_of_pillow(photos):
    source = FolderImages(photos, image_size=(12, 16))
    expected = fit_image(Image.open(source.paths[7]), (12, 16, 3))
    np.testing.assert_array_equal(source[7], expected)


def test_indexing_is_numpys(photos):
    source = FolderImages(photos, image_size=8)
    everything = np.asarray(source)
    assert everything.shape == (12, 8, 8, 3) and everything.dtype == "uint8"
    for index in (slice(2, 9, 3), np.array([5, 0, 5, -1]), slice(0, 0), [3]):
        np.testing.assert_array_equal(source[index], everything[index])
    with pytest.raises(IndexError):
        source[12]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_channels_can_be_chosen(photos, channels):
    source = FolderImages(photos, 8, channels=channels)
    assert source[:2].shape == (2, 8, 8, channels)


def test_channels_and_size_are_found(tmp_path):
    Image.new("L", (6, 4)).save(tmp_path / "a.png")
    Image.fromarray(np.zeros((4, 6), "uint16")).save(tmp_path / "b.png")
    assert FolderImages(tmp_path).image_shape == (4, 6, 1)
    Image.new("RGB", (6, 4)).save(tmp_path / "c.jpg")
    assert FolderImages(tmp_path).image_shape == (4, 6, 3)


def test_files_at_the_top_have_no_labels(photos):
    Image.new("RGB", (9, 9)).save(photos / "stray.png")
    with pytest.warns(UserWarning, match=r"no labels. Received: .*stray\.png"):
        source = FolderImages(photos, 8)
    assert source.labels is None and source.class_names is None


def test_hidden_and_other_files_are_left_out(photos):
    (photos / "cats" / "._00.png").write_bytes(b"AppleDouble")
    (photos / ".thumbnails").mkdir()
    (photos / ".thumbnails" / "x.png").write_bytes(b"no image")
    (photos / "tags.csv").write_text("a,b")
    assert len(FolderImages(photos, 8)) == 12


def test_one_corrupt_file_is_refused_by_name(photos):
    truncate(photos / "dogs" / "05.png")
    with pytest.raises(ValueError, match="1 of 12 files") as error:
        FolderImages(photos, 8)
    assert (
        str(error.value)
        .split("Received: ")[1]
        .startswith(os.path.join("dogs", "05.png"))
    )


def test_corrupt_files_are_skipped_by_name(photos):
    whole = FolderImages(photos, 8)
    truncate(photos / "dogs" / "05.png")
    (photos / "cats" / "02.png").write_bytes(b"")
    with pytest.warns(UserWarning, match="2 of 12 files.*02.png.*05.png"):
        source = FolderImages(photos, 8, corrupt="skip")
    assert [path.name for path in source.skipped] == ["02.png", "05.png"]
    kept = [i for i, p in enumerate(whole.paths) if p not in source.skipped]
    np.testing.assert_array_equal(source[:], whole[kept])
    np.testing.assert_array_equal(source.labels, whole.labels[kept])


@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "bmp", "tif", "webp"])
def test_truncation_is_seen_in_every_format(tmp_path, kind):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), "uint8")
    for name in ("good", "half"):
        Image.fromarray(noise).save(tmp_path / f"{name}.{kind}")
    truncate(tmp_path / f"half.{kind}", 0.7)
    with pytest.raises(ValueError, match=f"Received: half.{kind}"):
        FolderImages(tmp_path, 8)


def test_one_among_many(tmp_path):
    for i in range(1200):
        Image.new("L", (4, 4), i % 256).save(tmp_path / f"{i:05}.png")
    (tmp_path / "00777.png").write_text("<html>404</html>")
    with pytest.raises(ValueError, match=r"1 of 1200 files.*Received: 00777"):
        FolderImages(tmp_path)


def test_at_most_ten_are_named(tmp_path):
    for i in range(12):
        (tmp_path / f"{i:02}.jpg").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"12 of 12.*and 2 more") as error:
        FolderImages(tmp_path, corrupt="skip")
    assert "10.jpg" not in str(error.value)


def test_a_file_that_is_damaged_later_is_named(photos):
    source = FolderImages(photos, 8)
    truncate(source.paths[3])
    with pytest.raises(OSError, match=f"Received: .*{source.paths[3].name}"):
        source[:]


def test_bad_arguments(photos, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "notes.txt").write_text("none here")
    cases = [
        (dict(folder=empty), "holds no images.*Received: .*1 files"),
        (dict(folder=photos), r"differ in size.*from \(20, 30\) to \(31, 19\)"),
        (dict(folder=photos, image_size=0), "Received: 0"),
        (dict(folder=photos, image_size=(8, 8, 3)), "Received: .8, 8, 3"),
        (dict(folder=photos, image_size=8.5), "Received: 8.5"),
        (dict(folder=photos, image_size=8, channels=2), "Received: 2"),
        (dict(folder=photos, image_size=8, corrupt="no"), "Received: 'no'"),
        (
            dict(folder=photos, image_size=8, background="blurple"),
            "Received: 'blurple'",
        ),
    ]
    for arguments, message in cases:
        with pytest.raises(ValueError, match=message):
            FolderImages(**arguments)
    with pytest.raises(FileNotFoundError, match=r"Received: .*nowhere"):
        FolderImages(tmp_path / "nowhere")


def test_the_cache_decodes_each_file_once(photos, monkeypatch):
    plain = FolderImages(photos, 8)
    source = FolderImages(photos, 8, cache=True)
    decoded = []
    lock = threading.Lock()

    def count(file):
        with lock:
            decoded.append(file)
        return original(file)

    original = keras_gans.data.images.encoded.open_image
    monkeypatch.setattr(keras_gans.data.images.encoded, "open_image", count)
    rows = np.array([4, 1, 7])
    for _ in range(2):
        np.testing.assert_array_equal(source[rows], plain[rows])
    assert len(decoded) == 3 + 6  # cached: once; plain: each time
    np.testing.assert_array_equal(source[:], plain[:])


def test_a_split_is_a_sub_folder(photos, tmp_path):
    (tmp_path / "set").mkdir()
    photos.rename(tmp_path / "set" / "train")
    source = load(tmp_path / "set", image_size=8)
    assert source.class_names == ["cats", "dogs"]
    with pytest.raises(ValueError, match="Received: split='test'"):
        load(tmp_path / "set", image_size=8, split="test")
