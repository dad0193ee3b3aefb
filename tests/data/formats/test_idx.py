import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from keras_gans.data import load

SHARED = Path(__file__).parents[4] / "shared" / "data"
IMAGES = np.random.default_rng(0).integers(0, 256, (7, 5, 4), "uint8")


def idx(array):
    header = struct.pack(
        f">BBBB{array.ndim}i", 0, 0, 8, array.ndim, *array.shape
    )
    return header + array.tobytes()


@pytest.fixture
def folder(tmp_path):
    for name, images in (("train", IMAGES), ("t10k", IMAGES[:3])):
        labels = np.arange(len(images), dtype="uint8")
        path = tmp_path / f"{name}-images-idx3-ubyte.gz"
        path.write_bytes(gzip.compress(idx(images)))
        (tmp_path / f"{name}-labels-idx1-ubyte.gz").write_bytes(
            gzip.compress(idx(labels))
        )
    return tmp_path


def test_folder_and_file(folder):
    for source in (load(folder), load(folder / "train-images-idx3-ubyte.gz")):
        np.testing.assert_array_equal(source[:][..., 0], IMAGES)
        assert source.labels.tolist() == list(range(7))
    assert len(load(str(folder), split="test")) == 3
    assert load(folder, image_size=16, channels=3).image_shape == (16, 16, 3)
    with pytest.raises(ValueError, match="Received: split='val'"):
        load(folder, split="val")


def test_unpacked_and_without_labels(tmp_path):
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(idx(IMAGES))
    source = load(path)
    np.testing.assert_array_equal(source[:][..., 0], IMAGES)
    assert source.labels is None


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(idx(IMAGES))[:-30],
        gzip.compress(idx(IMAGES)[:-1]),
        idx(IMAGES)[:9],
        idx(IMAGES[0]),
        b"",
        b"<html>404</html>",
        struct.pack(">BBBB3i", 0, 0, 8, 3, -7, -5, 4) + IMAGES.tobytes(),
        struct.pack(">BBBB3i", 0, 0, 8, 3, 2**31 - 1, 2**31 - 1, 4),
        idx(IMAGES).replace(b"\x00\x00\x08", b"\x00\x00\x0d", 1),
        b"\x00\x00\x08\xff" + bytes(1020),
        idx(IMAGES) + b"x",
        b"\x1f\x8b" + bytes(40),
        gzip.compress(idx(IMAGES))[:30] + bytes(200),
    ],
    ids=range(13),
)
def test_damaged_files_are_refused(tmp_path, content):
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"Received: {path}"):
        load(path)


@pytest.mark.parametrize(
    "labels",
    [b"", b"x" * 15, idx(IMAGES[0]), gzip.compress(idx(IMAGES[0, 0]))[:20]],
    ids=["empty", "text", "rank", "gzip"],
)
def test_damaged_labels_are_refused(folder, labels):
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(labels)
    with pytest.raises(ValueError, match="Received: "):
        load(folder)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_real_files(name):
    if not (SHARED / name).is_dir():
        pytest.skip(f"{name} is not here")
    source = load(SHARED / name)
    assert source[:2].shape == (2, 28, 28, 1) and len(source) == 60_000
    expected = {"mnist": 0.1307, "fashion_mnist": 0.2860}[name]
    assert source.images.mean() / 255 == pytest.approx(expected, abs=5e-5)
    assert set(source.labels) == set(range(10))
