"""Damaged indexes and labels give one kind of error, which names the file."""

import json

import numpy as np
import pytest

from keras_gans.data import Images, Rows, load, pack
from keras_gans.data.packs.index import describe_file

pytest.importorskip("array_record")

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 4, 4, 3), "uint8")
LABELS = np.arange(6) % 2


@pytest.fixture
def images(tmp_path):
    out = tmp_path / "images"
    return pack(Images(IMAGES, LABELS, ["a", "b"]), out).folder


@pytest.fixture
def rows(tmp_path):
    return pack(Rows({"x": IMAGES, "labels": LABELS}), tmp_path / "rows").folder


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"7",
        b"\xff\xfe{",
        b"[" * 100_000,
        b'{"format": "keras_gans.pack", "version": 1}',
        b'{"format": "keras_gans.pack", "version": 2}',
        b'{"format": "keras_gans.pack", "version": [1]}',
    ],
    ids=range(11),
)
def test_damaged_text(images, text):
    (images / "pack.json").write_bytes(text)
    with pytest.raises(ValueError, match=r"Received: .*pack\.json"):
        load(images)


def change(folder, *path, to):
    file = folder / "pack.json"
    index = json.loads(file.read_text())
    place = index
    for key in path[:-1]:
        place = place[key]
    if to is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    file.write_text(json.dumps(index))


# What stands in the index, and values that would be as good there.
PLACES = {
    ("num_images",): [],
    ("image_shape",): [],
    ("image_shape", 1): [],
    ("shards",): [],
    ("shards", 0): [],
    ("shards", 0, "num_images"): [],
    ("shards", 0, "bytes"): [],
    ("shards", 0, "file"): [],
    ("shards", 0, "sha256"): ["6"],
    ("name",): ["6"],
    ("complete",): [True],
    ("encoding",): [],
    ("labels", "file"): [],
    ("labels", "bytes"): [],
    ("class_names", 1): ["6", KeyError],
}
VALUES = [KeyError, None, "6", 6.5, -6, [], {}, True]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (path, v)
        for path, good in PLACES.items()
        for v in VALUES
        if v not in good
    ],
    ids=str,
)
def test_damaged_values(images, path, to):
    change(images, *path, to=to)
    with pytest.raises(ValueError, match=r"damaged.*Received: .*pack\.json"):
        load(images)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("num_rows",), 7),
        (("columns",), []),
        (("columns", 0, "name"), 3),
        (("columns", 0, "name"), "labels"),
        (("columns", 0, "dtype"), "O"),
        (("columns", 0, "dtype"), "nonsense"),
        (("columns", 0, "shape"), [4, 4]),
        (("columns", 0, "modality"), {"class_name": "Sculpture", "config": {}}),
        (("columns", 0, "modality", "config"), {"height": 4}),
        (("columns", 0, "modality", "config"), {"height": "x"}),
        (("shards", 0, "file"), "../../etc/passwd"),
        (("shards", 0, "num_rows"), 0),
    ],
    ids=str,
)
def test_damaged_rows(rows, path, to):
    change(rows, *path, to=to)
    with pytest.raises(ValueError, match=r"damaged.*Received: .*pack\.json"):
        load(rows)


@pytest.mark.parametrize(
    "labels",
    [LABELS[:5], LABELS / 2, LABELS[:, None], np.array([{}] * 6, object)],
    ids=["number", "type", "shape", "objects"],
)
def test_damaged_labels(images, labels):
    path = images / "labels.npy"
    np.save(path, labels)
    with pytest.raises((ValueError, OSError), match="Received"):
        load(images)
    for key, value in describe_file(path, path.name).items():
        change(images, "labels", key, to=value)
    with pytest.raises(ValueError, match=f"Received: {path}"):
        load(images)


def test_labels_that_are_no_array(images):
    path = images / "labels.npy"
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(ValueError, match=f"damaged.*Received: {path}"):
        load(images)


def test_a_folder_without_an_index(tmp_path):
    from keras_gans.data import PackedImages

    with pytest.raises(ValueError, match=rf"has a pack.json. .*: {tmp_path}"):
        PackedImages(tmp_path)
