import numpy as np
import pytest
from PIL import Image

from keras_gans.data import Images, Rows, Unpaired, load, unpaired
from keras_gans.engine.training.feed import Batches

RNG = np.random.default_rng(0)
A = RNG.integers(0, 256, (7, 8, 8, 3), "uint8")
B = RNG.integers(0, 256, (12, 8, 8, 3), "uint8")


def save(images, folder):
    folder.mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i:02}.png")


def check(source, names=("images_a", "images_b")):
    first, second = source.sides
    assert (len(first), len(second), len(source)) == (7, 12, 12)
    assert list(source.modalities) == list(names)
    np.testing.assert_array_equal(first.rows(np.arange(7))[names[0]], A)
    np.testing.assert_array_equal(second.rows(np.arange(12))[names[1]], B)


def test_two_arrays():
    check(unpaired(A, B))
    check(unpaired(Images(A, np.arange(7)), load(B)))
    check(unpaired(A, B, names=("horses", "zebras")), ("horses", "zebras"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("apple", "orange"),
        ("trainA", "trainB"),
        ("train/apple", "train/orange"),
        ("apple/train", "orange/train"),
    ],
)
def test_folders(tmp_path, first, second):
    save(A, tmp_path / first)
    save(B, tmp_path / second)
    (tmp_path / ".hidden").mkdir()
    check(unpaired(tmp_path))
    check(unpaired(tmp_path / first, tmp_path / second))


def test_splits(tmp_path):
    save(A, tmp_path / "testA")
    save(B, tmp_path / "testB")
    save(B, tmp_path / "trainA")
    save(A, tmp_path / "trainB")
    check(unpaired(tmp_path, split="test"))
    assert [len(side) for side in unpaired(tmp_path).sides] == [12, 7]


@pytest.mark.parametrize(
    ("folders", "named"),
    [
        (["a"], r"\['a'\]"),
        (["a", "b", "c"], r"\['a', 'b', 'c'\]"),
        (["testA", "testB"], r"\['testA', 'testB'\]"),
        (["test", "val"], r"\['test', 'val'\]"),
    ],
)
def test_one_folder_must_hold_two_sets(tmp_path, folders, named):
    for name in folders:
        save(A, tmp_path / name)
    with pytest.raises(ValueError, match=f"exactly two.*Received: .*{named}"):
        unpaired(tmp_path)


def test_rows_begin_again_on_the_shorter_side():
    rows = unpaired(A, B).rows(np.array([6, 7, 11]))
    np.testing.assert_array_equal(rows["images_a"], A[[6, 0, 4]])
    np.testing.assert_array_equal(rows["images_b"], B[[6, 7, 11]])
    assert list(unpaired(A, B).rows(np.arange(2), ["images_b"])) == ["images_b"]


def test_sides_have_an_order_each():
    """Both are gone through wholly, whatever the other's length."""
    feed = Batches(unpaired(A, B), batch_size=1, seed=4)
    feed.start(0, 84)
    steps = [feed[i][0] for i in range(84)]
    for name, images in (("images_a", A), ("images_b", B)):
        n = len(images)
        key = {image.tobytes(): i for i, image in enumerate(images)}
        order = [key[step[name].tobytes()] for step in steps]
        passes = [order[i : i + n] for i in range(0, 84, n)]
        assert all(sorted(p) == list(range(n)) for p in passes)
        assert len(set(map(tuple, passes))) == len(passes)


def test_each_side_is_changed_by_itself():
    source = unpaired(A, A, image_size=6, jitter=3, flip=True)
    rows = source.rows(np.arange(7))
    assert rows["images_a"].shape == (7, 6, 6, 3)
    assert not np.array_equal(rows["images_a"], rows["images_b"])
    again = unpaired(A, A, image_size=6, jitter=3, flip=True)
    same = again.rows(np.arange(7))
    np.testing.assert_array_equal(rows["images_a"], same["images_a"])
    later = source.in_pass(1).rows(np.arange(7))
    assert not np.array_equal(rows["images_a"], later["images_a"])


def test_bad_arguments(tmp_path):
    cases = [
        (dict(names=("x", "x")), "`names` must.*Received"),
        (dict(jitter=2), "`jitter` needs `image_size`"),
        (
            dict(a=Rows({"labels": np.arange(3)})),
            "set of images.*Received: Rows",
        ),
    ]
    for options, message in cases:
        with pytest.raises(ValueError, match=message):
            unpaired(**{"a": A, "b": B, **options})
    with pytest.raises(FileNotFoundError, match=r"Received: .*nowhere"):
        unpaired(tmp_path / "nowhere")


def test_any_sources_may_be_unpaired():
    sides = Rows({"x": A, "labels": np.arange(7)}), Rows({"y": B})
    source = Unpaired(*sides)
    assert source.sides == sides and len(source) == 12
    assert list(source.rows(np.array([9]))) == ["x", "labels", "y"]
    with pytest.raises(ValueError, match=r"Received: \[\['y'\], \['y'\]\]"):
        Unpaired(sides[1], sides[1])
    with pytest.raises(ValueError, match="one value for every row"):
        source.with_column("z", np.arange(12), sides[0].modalities["labels"])
