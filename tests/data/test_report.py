import numpy as np
import pytest
from PIL import Image

from keras_gans.data import (
    FolderImages,
    Images,
    Rows,
    augment,
    load,
    pairs,
    unpaired,
)

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 10, 8, 3), "uint8")


def facts(source, batch_size=None):
    return source.report(batch_size).facts()


def test_a_folder_of_all_kinds(photos):
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(photos / "cats" / "a.png")
    Image.new("L", (8, 8)).save(photos / "dogs" / "b.png")
    Image.new("P", (16, 16)).save(photos / "dogs" / "c.gif")
    (photos / "dogs" / "torn.jpg").write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"torn\.jpg"):
        source = FolderImages(photos, 16, corrupt="skip", background="navy")
    report = source.report(4)
    assert report.origins["images"].modes == {
        "RGB": 12, "RGBA": 1, "L": 1, "P": 1,
    }  # fmt: skip
    assert report.classes == {"labels": {"cats": 7, "dogs": 8}}
    assert report.left_out == [(3, 15)]
    told = report.facts()
    assert told["rows"] == "15"
    assert told["sizes"] == (
        "14 different, heights from 8 to 31 and widths from 8 to 30"
    )
    # 25x25 alone of the photos is a square.
    assert told["fitted to"] == (
        "16x16, RGB: 12 made smaller, 1 enlarged, 11 cropped to the centre, "
        "by up to 39% of a side; no padding"
    )
    assert told["transparent"] == "1, laid over navy"
    assert told["skipped"] == "1: dogs/torn.jpg"
    assert told["classes"] == "cats (7), dogs (8)"
    assert told["left out of a pass"] == "3 of 15 (batches of 4)"
    assert "cats (7), dogs (8)" in str(report)


def test_alpha_that_is_kept_and_images_as_they_are(tmp_path):
    Image.new("RGBA", (16, 16)).save(tmp_path / "a.png")
    told = facts(FolderImages(tmp_path, channels=4))
    assert told["fitted to"] == "16x16, RGBA: as they are; no padding"
    assert told["transparent"] == "1, which keep their alpha"
    assert "left out of a pass" not in told


def test_arrays_and_what_is_made_of_them():
    source = load((IMAGES, np.arange(12) % 3), image_size=5, channels=1)
    told = facts(source)
    assert told["sizes"] == "10x8 (12)"
    assert told["fitted to"].startswith("5x5, grey: 12 made smaller, 12 cropp")
    assert told["classes"] == "0 (4), 1 (4), 2 (4)"
    assert facts(augment(source)) == {
        **told,
        "data": "array augmented",
        "changed at random": "RandomFlip",
    }
    assert "sizes" not in facts(Images(IMAGES))
    more = source.with_column(
        "labels", np.zeros(12, "int32"), source.modalities["labels"]
    )
    assert facts(more)["classes"] == "0 (12), 1 (0), 2 (0)"
    assert facts(more)["sizes"] == told["sizes"]


def test_many_classes_are_counted_up_to_a_point():
    names = [f"c{i}" for i in range(25)]
    rows = Rows({"labels": np.array(names)})
    assert facts(rows)["classes"].endswith("c3 (1), c4 (1) and 5 more")


def test_pairs_and_unpaired(tmp_path):
    for side, num in (("a", 5), ("b", 7)):
        (tmp_path / side).mkdir()
        for i in range(num):
            Image.new("RGB", (20, 20)).save(tmp_path / side / f"{i}.png")
    two = unpaired(tmp_path / "a", tmp_path / "b", 8, flip=True)
    told = facts(two, 2)
    assert told["left out of a pass"] == "1 of 5, 1 of 7 (batches of 2)"
    assert told["images_b: sizes"] == "20x20 (7)"
    assert told["changed at random"] == "half of the rows flipped left to right"
    (tmp_path / "b" / "5.png").unlink()
    (tmp_path / "b" / "6.png").unlink()
    both = pairs((tmp_path / "a", tmp_path / "b"), 8, jitter=2)
    told = facts(both)
    assert told["changed at random"] == "cropped by 2 pixels"
    # What is resized is larger by what is then cropped.
    assert told["images: fitted to"].startswith("10x10, RGB: 5 made smaller")
    Image.new("RGB", (40, 20)).save(tmp_path / "wide.png")
    (tmp_path / "one").mkdir()
    (tmp_path / "wide.png").rename(tmp_path / "one" / "wide.png")
    assert facts(pairs(tmp_path / "one", 8))["sizes"] == "20x20 (1)"
