import numpy as np
import pytest
from PIL import Image

from keras_gans import data
from keras_gans.cli.augmenting import augmented, read_layers


def halves(num, side=16):
    """Images that are bright on the left."""
    images = np.zeros((num, side, side, 3), "uint8")
    images[:, :, : side // 2] = 200
    return images


def test_flips_and_layers_of_keras():
    source = data.load(halves(40))
    assert augmented(source, False, [], 0) is source
    flipped = augmented(source, True, [], 3)
    left = flipped[:][:, 0, 0, 0] == 200
    assert 8 <= left.sum() <= 32  # 20 expected, deviation 3.2
    dark = ["randombrightness:factor=[-0.9,-0.9]"]
    changed = augmented(source, True, dark, 3)
    assert changed.changes == "RandomFlip, RandomBrightness"
    assert changed[:].max() == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("RandomFlop", "nearest are \\['RandomFlip'"),
        ("Dense:units=3", "--augment knows no Dense"),
        ("RandomZoom:x=3", "Received: --augment RandomZoom:x=3"),
        ("RandomZoom:3", "--augment RandomZoom: takes KEY=VALUE"),
    ],
)
def test_wrong_layers(text, message):
    with pytest.raises(ValueError, match=message):
        read_layers([text])


def test_only_images_are_changed():
    rows = data.Rows({"images": halves(4)})
    with pytest.raises(ValueError, match=r"pairs take --flip.*Received: Rows"):
        augmented(rows, True, [], 0)


def test_train_reports_the_changes(train, tmp_path):
    output = train("--flip", "--augment", "RandomTranslation:height_factor=0.1,"
                   "width_factor=0.1")  # fmt: skip
    assert "changed at random │ RandomFlip, RandomTranslation" in output
    # Other changes of the data are another run.
    assert "rows (a sample of them)" in train("--flip", epochs=2, code=2)
    output = train("--flip", "--augment", "RandomTranslation:height_factor=0.1,"
                   "width_factor=0.1", epochs=2)  # fmt: skip
    assert "after epoch 1 of 2" in output


def test_pairs_are_flipped_alike(cli, tmp_path):
    (tmp_path / "pairs").mkdir()
    for i in range(4):
        Image.new("L", (32, 16), i).save(tmp_path / "pairs" / f"{i}.png")
    output = cli(
        "--import", "own_variants.pairs", "train", "Pairs", "--data",
        tmp_path / "pairs", "--flip", "--epochs", 1, "--batch-size", 2,
        "--out", tmp_path / "run",
    )  # fmt: skip
    assert "half of the rows flipped left to right" in output
