"""Presets that are scored on rows held out, beside what learns nothing."""

import json

import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.presets import publishing
from keras_gans.presets.publication.baselines import baselines, filled


def test_what_learns_nothing_by_hand():
    # One grey pixel each: the nearest to 90 is 100, whose partner is 20.
    taken = np.array([0, 100, 200], "uint8").reshape(3, 1, 1, 1)
    made = np.array([[0] * 3, [20, 40, 60], [255] * 3], "uint8")
    asked = np.array([90, 190], "uint8").reshape(2, 1, 1, 1)
    results = baselines(taken, made.reshape(3, 1, 1, 3), asked)
    copy, mean, nearest = (r.reshape(2, 3) for r in results.values())
    assert [*results] == ["copy of the input", "mean image", "nearest pair"]
    for row, values in zip(copy, ([90] * 3, [190] * 3), strict=True):
        assert row == pytest.approx(np.array(values) / 127.5 - 1)
    wanted = np.array([275, 295, 315]) / 3 / 127.5 - 1
    assert mean == pytest.approx(np.stack([wanted, wanted]), abs=1e-6)
    assert nearest[0] == pytest.approx(np.array([20, 40, 60]) / 127.5 - 1)
    assert nearest[1] == pytest.approx(np.ones(3))
    # Colours become grey by their mean, small images larger.
    colour = np.array([30, 60, 90], "uint8").reshape(1, 1, 1, 3)
    large = np.zeros((1, 2, 2, 1), "uint8")
    copy = baselines(colour, large, colour)["copy of the input"]
    assert copy == pytest.approx(np.full((1, 2, 2, 1), 60 / 127.5 - 1))


def test_holes_filled_in_by_hand():
    # Two pixels; the second is in a hole. Their values are -1 and 1.
    image = np.array([0, 255], "uint8").reshape(1, 1, 2, 1)
    mask = np.array([0.0, 1.0], "float32").reshape(1, 1, 2, 1)
    known = np.array([[0, 0], [255, 102]], "uint8").reshape(2, 1, 2, 1)
    results = filled(known, image, mask)
    assert [*results] == ["mean colour of the rest", "mean image"]
    rest, mean = (r.ravel() for r in results.values())
    assert rest == pytest.approx([-1.0, -1.0])
    # (0 + 102) / 2 of 255 is -0.6 in [-1, 1].
    assert mean == pytest.approx([-1.0, -0.6], abs=1e-6)


@pytest.mark.filterwarnings("ignore:fid")
def test_inpainting_is_scored_beside_holes_filled_in(folder, tmp_path):
    small = {"width": 4, "critic_width": 2, "attention": False}
    gan = keras_gans.GatedInpainting((16, 16, 3), seed=0, **small)
    split = {"image_size": 16, "channels": 3}
    rows = [keras_gans.data.load(folder / "photos" / s, **split) for s in "ab"]
    gan.compile()
    gan.fit(rows[0], batch_size=4, epochs=1, verbose=0)
    about = {"description": "d", "dataset": "d", "license": "l"}
    publishing.publish(
        gan, tmp_path / "p", rows[0], held_out=rows[1], rows_seen=4, **about
    )
    notes = json.loads((tmp_path / "p" / "metadata.json").read_text())
    simple = notes["metadata"]["baselines"]
    methods = {(r["fake"], r["metric"]) for r in simple}
    kinds = ("mean colour of the rest", "mean image")
    assert methods == {(k, m) for k in kinds for m in ("l1", "psnr")}


@pytest.fixture
def folder(tmp_path):
    """Pairs of 16x16, side by side, whose right half is the left, brighter."""
    rng = np.random.default_rng(0)
    for split, num in (("train", 12), ("val", 5)):
        (tmp_path / "pictures" / split).mkdir(parents=True)
        for i in range(num):
            left = rng.integers(0, 200, (16, 16, 3), dtype=np.uint8)
            picture = Image.fromarray(np.hstack([left, left + 40]))
            picture.save(tmp_path / "pictures" / split / f"{i}.png")
    for name in "ab":
        (tmp_path / "photos" / name).mkdir(parents=True)
        for i in range(5):
            pixels = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(
                tmp_path / "photos" / name / f"{i}.png"
            )
    return tmp_path


@pytest.mark.filterwarnings("ignore:fid")
def test_a_recipe_scores_rows_held_out(folder, monkeypatch):
    script = folder / "small" / "recipe.py"
    arguments = [str(script), str(folder / "pictures"), str(folder)]
    monkeypatch.setattr("sys.argv", arguments)
    gan = keras_gans.Pix2Pix((16, 16, 3), width=2, receptive_field=1, seed=0)
    gan.compile()
    publishing.make_preset(
        gan,
        script,
        publishing.MAPS,
        epochs=1,
        batch_size=4,
        held_out="val",
        image_size=16,
        jitter=4,
    )
    about = json.loads((folder / "small" / "metadata.json").read_text())
    notes = about["metadata"]
    scores = {(r["name"], r["split"]): r for r in notes["metrics"]}
    assert scores["l1[images]", "train"]["num_real"] == 12
    assert scores["l1[images]", "val"]["num_real"] == 5
    for split, num in (("train", 12), ("val", 5)):
        assert scores["fid[colour_classifier]", split]["num_fake"] == num
    rows = keras_gans.data.pairs(folder / "pictures", 16, split="val")
    shipped = keras_gans.load(str(folder / "small"))
    again = shipped.evaluate(rows)
    assert scores["l1[images]", "val"]["value"] == again["l1"]
    simple = {(r["fake"], r["metric"]): r["value"] for r in notes["baselines"]}
    # A copy is 40 of 255 too dark everywhere.
    assert simple["copy of the input", "l1"] == pytest.approx(40 / 127.5)
    assert (folder / "log.csv").read_text().count("val_l1") == 1
    card = (folder / "small" / "README.md").read_text()
    assert "| 5 of pictures, val |" in card
    assert "| copy of the input | 0.3137 |" in card
    # Input, output and what it was to be, of each row that was held out
    with Image.open(folder / "small" / "samples.png") as sheet:
        assert sheet.width >= 3 * 64 and sheet.height >= 5 * 64


@pytest.mark.parametrize("num", (3, 120))
def test_the_sheet_shows_what_may_be_published(num, tmp_path):
    gan = keras_gans.Pix2Pix((16, 16, 3), width=2, receptive_field=1, seed=0)
    images = np.random.default_rng(1).integers(0, 256, (num, 16, 16, 3))
    shown = keras_gans.data.Rows({"inputs": images.astype("uint8")})
    path = tmp_path / "sheet.png"
    assert publishing.save_sheet(gan, path, shown) == min(num, 100)
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet)
    # The first sample begins with what was taken, enlarged.
    first = pixels[2:66, 2:66]
    np.testing.assert_array_equal(first[::4, ::4], images[0])
    assert (first == first[::4, ::4].repeat(4, 0).repeat(4, 1)).all()
