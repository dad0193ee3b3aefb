from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import pairs
from keras_gans.data.images.decoding import fit_image
from keras_gans.engine.training.feed import Batches

SHARED = Path(__file__).parents[4] / "shared" / "data"
NAMES = ["a", "b", "c", "d", "e", "f"]


def noise(i, height=12, width=12, channels=3):
    rng = np.random.default_rng(i)
    return rng.integers(0, 256, (height, width, channels), "uint8")


def save(pixels, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    grey = pixels.shape[-1] == 1
    Image.fromarray(pixels[..., 0] if grey else pixels).save(path)


@pytest.fixture
def beside(tmp_path):
    """Six pictures of 12x24: a left half i and a right half 100 + i."""
    for i, name in enumerate(NAMES):
        pixels = np.concatenate([noise(i), noise(100 + i)], axis=1)
        save(pixels, tmp_path / "beside" / f"{name}.png")
    return tmp_path / "beside"


@pytest.fixture
def matched(tmp_path):
    """The same pairs in two folders, of files with other endings."""
    for i, name in enumerate(NAMES):
        save(noise(i), tmp_path / "matched" / "A" / f"{name}.png")
        save(noise(100 + i), tmp_path / "matched" / "B" / f"{name}.bmp")
    return tmp_path / "matched"


INPUTS = np.stack([noise(i) for i in range(6)])
IMAGES = np.stack([noise(100 + i) for i in range(6)])
ROWS = np.array([4, 0, 5])


def check(source, inputs=INPUTS, images=IMAGES):
    assert len(source) == 6
    rows = source.rows(ROWS)
    assert list(rows) == list(source.modalities) == ["inputs", "images"]
    np.testing.assert_array_equal(rows["inputs"], inputs[ROWS])
    np.testing.assert_array_equal(rows["images"], images[ROWS])


def test_side_by_side(beside):
    source = pairs(beside)
    assert repr(source) == (
        'AlignedImages("beside", 6 rows of inputs (images of 12x12x3), '
        "images (images of 12x12x3))"
    )
    check(source)
    check(pairs(beside, swap=True), IMAGES, INPUTS)


def test_two_sub_folders(matched):
    check(pairs(matched))
    check(pairs(str(matched), swap=True), IMAGES, INPUTS)


def test_a_tuple_of_folders(matched):
    check(pairs((matched / "B", matched / "A")), IMAGES, INPUTS)


def test_train_a_and_train_b(matched):
    for name in "AB":
        (matched / name).rename(matched / f"train{name}")
    (matched / "testA").mkdir()
    check(pairs(matched))


def test_splits(beside, matched, tmp_path):
    beside.rename(tmp_path / "val")
    (tmp_path / "set").mkdir()
    (tmp_path / "val").rename(tmp_path / "set" / "val")
    check(pairs(tmp_path / "set", split="val"))
    for name in "AB":  # a split in each of the two folders
        (matched / name).rename(tmp_path / "train")
        (matched / name).mkdir()
        (tmp_path / "train").rename(matched / name / "train")
    check(pairs(matched))
    with pytest.raises(ValueError, match="Received: split='test'"):
        pairs(matched, split="test")


def test_sub_folders_are_part_of_the_name(matched):
    for name in "AB":
        (matched / name / "x").mkdir()
        file = next((matched / name).glob("f.*"))
        file.rename(matched / name / "x" / file.name)
    check(pairs(matched))


def test_halves_are_fitted_by_themselves(beside, matched):
    for folder in (beside, matched):
        source = pairs(folder, image_size=(6, 8), channels=1)
        row = source.rows(np.array([2]))
        for name, pixels in (("inputs", noise(2)), ("images", noise(102))):
            expected = fit_image(Image.fromarray(pixels), (6, 8, 1))
            np.testing.assert_array_equal(row[name][0], expected)


def test_each_folder_has_its_own_size_and_channels(tmp_path):
    for name in NAMES:
        save(noise(0, 8, 6, 1), tmp_path / "low" / f"{name}.png")
        save(noise(1, 16, 12, 3), tmp_path / "to" / f"{name}.png")
    source = pairs(tmp_path, names=("low", "high"), flip=True)
    assert source.modalities["low"].shape == (8, 6, 1)
    assert source.modalities["high"].shape == (16, 12, 3)
    assert source.rows(ROWS)["high"].shape == (3, 16, 12, 3)
    assert source.rows(ROWS, ["low"])["low"].shape == (3, 8, 6, 1)


def test_crop_and_flip_are_those_of_both_halves(tmp_path):
    # Each pixel tells its place, so that both halves can be compared.
    places = np.arange(256, dtype="uint8").reshape(16, 16, 1)
    for i in range(40):
        pixels = np.concatenate([places, 255 - places], axis=1)
        save(pixels, tmp_path / f"{i:02}.png")
    source = pairs(tmp_path, image_size=12, flip=True, jitter=4, seed=3)
    assert source.modalities["inputs"].shape == (12, 12, 1)
    rows = source.rows(np.arange(40))
    np.testing.assert_array_equal(rows["inputs"], 255 - rows["images"])
    flips = rows["inputs"][:, 0, 0, 0] > rows["inputs"][:, 0, 1, 0]
    assert 10 <= flips.sum() <= 30  # 20 expected, deviation 3.2
    upright = rows["inputs"].copy()
    upright[flips] = upright[flips][:, :, ::-1]
    corners = upright[:, 0, 0, 0]
    y, x = corners // 16, corners % 16
    assert set(y) == set(x) == {0, 1, 2, 3, 4}
    for crop, top, left in zip(upright, y, x, strict=True):
        expected = places[top : top + 12, left : left + 12]
        np.testing.assert_array_equal(crop, expected)


def test_changes_follow_from_seed_pass_and_rows(beside):
    def read(source, rows=ROWS):
        return source.rows(rows)["inputs"]

    options = dict(image_size=12, flip=True, jitter=6)
    source = pairs(beside, **options, seed=1)
    first = read(source)
    read(source, ROWS[::-1])
    np.testing.assert_array_equal(read(source), first)
    np.testing.assert_array_equal(read(source.in_pass(0)), first)
    same = pairs(beside, **options, seed=1)
    np.testing.assert_array_equal(read(same), first)
    np.testing.assert_array_equal(
        read(same.in_pass(2).in_pass(5)), read(source.in_pass(5))
    )
    for other in (source.in_pass(1), pairs(beside, **options, seed=2)):
        assert not np.array_equal(read(other), first)
    names = source.rows(ROWS, ["images"])
    np.testing.assert_array_equal(names["images"], source.rows(ROWS)["images"])


def test_a_batch_of_one_changes_from_pass_to_pass(beside):
    source = pairs(beside, image_size=12, flip=True, jitter=6)
    feed = Batches(source, batch_size=1, shuffle=False)
    feed.start(0, 60)
    seen = {feed[step][0]["inputs"].tobytes() for step in range(0, 60, 6)}
    assert len(seen) > 5


def missing(folder):
    (folder / "A" / "b.png").unlink()
    (folder / "B" / "d.bmp").unlink()
    (folder / "B" / "e.bmp").rename(folder / "B" / "E.bmp")
    return r"only in .*A: d.png, e.png; only in .*B: E.bmp, b.bmp"


def all_missing(folder):
    for path in (folder / "B").iterdir():
        path.rename(path.with_stem(path.stem + "_B"))
    named = ", ".join(f"{name}_B.bmp" for name in NAMES)
    return f"only in .*A: a.png, .*; only in .*B: {named}$"


def twice(folder):
    save(noise(0), folder / "A" / "c.bmp")
    return r"Received: .*c.bmp and .*c.png"


def damaged(folder):
    (folder / "B" / "c.bmp").write_bytes(b"no image")
    return r"1 of 6 files.*Received: c.bmp"


def other_proportions(folder):
    save(noise(0, 12, 10), folder / "B" / "c.bmp")
    return r"same proportions. Received: .*c.png of 12x12 and .*of 12x10"


@pytest.mark.parametrize(
    "spoil", [missing, all_missing, twice, damaged, other_proportions]
)
def test_what_makes_no_pairs_is_named(matched, spoil):
    message = spoil(matched)
    with pytest.raises(ValueError, match=message):
        pairs(matched, image_size=8)


def test_a_damaged_half_leaves_the_pair_out(matched):
    damaged(matched)
    (matched / "A" / "a.png").write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"a.png|c.bmp"):
        source = pairs(matched, corrupt="skip")
    rows = source.rows(np.arange(4))
    kept = [1, 3, 4, 5]
    np.testing.assert_array_equal(rows["inputs"], INPUTS[kept])
    np.testing.assert_array_equal(rows["images"], IMAGES[kept])


def test_an_odd_width_has_no_halves(beside):
    save(noise(0, 12, 25), beside / "c.png")
    with pytest.raises(ValueError, match=r"c.png .*25 pixels is odd"):
        pairs(beside, image_size=8)
    with pytest.warns(UserWarning, match=r"c.png"):
        assert len(pairs(beside, image_size=8, corrupt="skip")) == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(jitter=4), "`jitter` needs `image_size`.*image_size=None"),
        (dict(jitter=-1, image_size=8), "`jitter` must.*Received: -1"),
        (dict(jitter=1.5, image_size=8), "`jitter` must.*Received: 1.5"),
        (dict(names=("x", "x")), "`names` must.*Received"),
        (dict(names="xy"), "`names` must.*Received: 'xy'"),
        (dict(names=("x", "y", "z")), "`names` must.*Received"),
        (dict(channels=2), "`channels` must.*Received: 2"),
        (dict(image_size=0), "`image_size` must.*Received: 0"),
        (dict(corrupt="no"), "`corrupt` must.*Received: 'no'"),
    ],
)
def test_bad_arguments(beside, options, message):
    with pytest.raises(ValueError, match=message):
        pairs(beside, **options)


def test_images_that_differ_in_size_need_one(beside):
    save(noise(0, 14, 24), beside / "c.png")
    with pytest.raises(ValueError, match=r"\(12, 12\) to \(14, 12\)"):
        pairs(beside)


def test_three_folders_are_no_pairs(matched):
    with pytest.raises(ValueError, match="Received: 3 folders"):
        pairs([matched / "A", matched / "B", matched / "A"])


def test_missing_folders(tmp_path, matched):
    for source in (tmp_path / "no", (matched / "A", tmp_path / "no")):
        with pytest.raises(FileNotFoundError, match=r"Received: .*no"):
            pairs(source)


@pytest.mark.parametrize(
    ("name", "num"), [("facades_pairs_100", 100), ("maps_pairs_400", 400)]
)
def test_real_pairs(name, num, tmp_path):
    import tarfile

    archive = SHARED / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive.name} is not here")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path)
    source = pairs(tmp_path, image_size=64, flip=True, jitter=8)
    assert len(source) == num
    rows = source.rows(np.arange(16))
    assert rows["inputs"].shape == rows["images"].shape == (16, 64, 64, 3)
    assert rows["inputs"].std() > 10 and rows["images"].std() > 10
