"""Variants of one's own on the command line, beside `test_own_variants`."""

import csv
import json
import sys
from pathlib import Path

import pytest
from contract import OWN, rows_for, tiny, write_rows

from keras_gans.cli.presets import load_preset

OF_OWN = ["--import", "own_variants"]


@pytest.mark.parametrize("variant", OWN)
def test_goes_on_and_draws_a_sheet(variant, cli, tmp_path):
    gan = tiny(variant)
    data, run = tmp_path / "data", tmp_path / "run"
    write_rows(gan, rows_for(gan, 16), data)
    command = [
        *OF_OWN, "train", variant.lower(), "--data", data, "--out", run,
        "--batch-size", 8,
    ]  # fmt: skip
    cli(*command, "--epochs", 1)
    assert "Going on after epoch 1 of 2" in cli(*command, "--epochs", 2)
    assert type(load_preset(run)) is OWN[variant]
    with open(run / "log.csv") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]
    drawn = all(modality.is_drawn for modality in gan.takes.values())
    given = [] if drawn else ["--data", data]
    cli("generate", run, "--num", 3, "--grid", "--out", tmp_path, *given)
    assert (tmp_path / "seed0_grid.png").is_file()


def test_classes_of_sounds_keep_their_names(cli, tmp_path):
    gan = tiny("Sound")
    data, run = tmp_path / "sounds", tmp_path / "run"
    write_rows(gan, rows_for(gan, 24), data)
    for i, name in enumerate(("drum", "flute", "horn")):
        (data / f"class_{i}").rename(data / name)
    cli(*OF_OWN, "train", "Sound", "--batch-size", 8, "--data", data,
        "--out", run, "--epochs", 1)  # fmt: skip
    cli("generate", run, "--num", 1, "--labels", "horn",
        "--out", tmp_path / "made")  # fmt: skip
    (path,) = (tmp_path / "made").iterdir()
    assert path.name == "seed0_00000_horn.wav"


def test_pairs_are_scored_on_held_out_pairs(cli, tmp_path):
    gan = tiny("Pairs")
    rows = rows_for(gan, 4, seed=1)
    write_rows(gan, rows_for(gan, 16), tmp_path / "pairs")
    write_rows(gan, rows, tmp_path / "held_out")
    cli(*OF_OWN, "train", "Pairs", "--data", tmp_path / "pairs",
        "--validation", tmp_path / "held_out", "--out", tmp_path / "run",
        "--epochs", 1, "--batch-size", 8, "--read", "flip=true",
        "--ema-decay", 0.5)  # fmt: skip
    with open(tmp_path / "run" / "log.csv") as file:
        (row,) = csv.DictReader(file)
    gan = load_preset(tmp_path / "run")
    assert gan.ema_decay == 0.5
    # Held-out pairs are not flipped.
    expected = gan.evaluate(rows)["l1"]
    assert float(row["val_l1"]) == pytest.approx(expected, rel=1e-4)


MODULE = """
import keras
from keras_gans import DCGAN

@keras.saving.register_keras_serializable("mine")
class Mine(DCGAN):
    pass

class NotRegistered(DCGAN):
    pass
"""


def test_a_module_of_the_present_folder(cli, photos, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", sys.path[:])
    Path("module_of_mine.py").write_text(MODULE)
    small = ["--epochs", 1, "--batch-size", 8, "--set", "width=2"]
    cli("--import", "module_of_mine", "train", "mine", "--data", photos,
        "--out", "run", *small)  # fmt: skip
    assert json.loads(Path("run/run.json").read_text())["variant"] == "Mine"
    cli("--import", "module_of_mine", "generate", "run", "--num", 2)
    assert len(list(Path("generated").iterdir())) == 2
    output = cli("train", "NotRegistered", "--data", photos, "--out", "other",
                 *small, code=2)  # fmt: skip
    assert "Received: 'NotRegistered'" in output and "--import" in output


def test_a_module_that_is_not_there(cli):
    output = cli("--import", "no_such_module", "train", "GAN", "--data", "x",
                 "--out", "y", "--epochs", 1, code=1)  # fmt: skip
    assert "No module named 'no_such_module'" in output


def test_a_run_of_a_variant_that_is_not_imported(cli, train, tmp_path):
    train()
    path = tmp_path / "run" / "run.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "variant": "Unknown"}))
    output = cli("generate", tmp_path / "run", code=2)
    assert "keras-gans --import MODULE" in output
    assert "Received: 'Unknown'" in output


def test_a_reader_that_lacks_an_option(cli, tmp_path):
    gan = tiny("Sound")
    write_rows(gan, rows_for(gan, 8), tmp_path / "sounds")
    output = cli(*OF_OWN, "train", "Sound", "--data", tmp_path / "sounds",
                 "--out", tmp_path / "run", "--epochs", 1,
                 "--image-size", 64, code=2)  # fmt: skip
    assert "image_size" in output and "settings length, rate" in output
    assert not (tmp_path / "run").exists()
