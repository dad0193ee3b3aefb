import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.cli.reading.data import open_both

SMALL = [
    "--epochs", 1, "--batch-size", 4, "--set", "width=4", "--set", "blocks=1",
    "--set", "receptive_field=16",
]  # fmt: skip


def write(folder, num, size=16):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(num)
    for i in range(num):
        pixels = rng.integers(0, 256, (size, size), dtype="uint8")
        Image.fromarray(pixels).save(folder / f"{i:02d}.png")
    return folder


def test_two_unpaired_folders_there_and_back(cli, tmp_path):
    sets = tmp_path / "sets"
    for name, num in (("trainA", 8), ("trainB", 5), ("testA", 3), ("testB", 2)):
        write(sets / name, num)
    run = tmp_path / "run"
    cli(
        "train", "CycleGAN", "--data", sets, "--out", run, *SMALL,
        "--validation", sets, "--validation-split", "test", "--flip",
        "--set", "total_steps=2", "--learning-rate", "1e-3",
    )  # fmt: skip
    log = (run / "log.csv").read_text()
    assert "val_cycle_l1" in log and "val_back_cycle_l1" in log
    photos = sets / "testB"
    cli("generate", run, "--inputs", photos, "--out", tmp_path / "there")
    cli("generate", run, "--inputs", photos, "--out", tmp_path / "back",
        "--reverse")  # fmt: skip
    gan = keras_gans.CycleGAN.from_preset(run)
    images = [np.array(Image.open(photos / f"0{i}.png")) for i in range(2)]
    images = np.stack(images)[..., None]
    for out, given in (("there", "images_a"), ("back", "images_b")):
        made = Image.open(tmp_path / out / "01.png")
        wanted = (gan.generate(**{given: images})[1, ..., 0] + 1) * 127.5
        assert np.abs(np.array(made) - wanted).max() <= 1


def test_two_folders_in_two_places(tmp_path):
    a, b = write(tmp_path / "horses", 4), write(tmp_path / "zebras", 8)
    for name, num in (("testA", 3), ("testB", 2)):
        write(tmp_path / "sets" / name, num)
    source, held_out = open_both(
        "CycleGAN",
        (str(a), None),
        (str(tmp_path / "sets"), "test"),
        None,
        {"b": str(b), "flip": True},
    )
    assert [len(side) for side in source.sides] == [4, 8]
    assert [len(side) for side in held_out.sides] == [3, 2]
    with pytest.raises(ValueError, match="exactly two sub-folders"):
        open_both("CycleGAN", (str(a), None), (None, None), None, {})


@pytest.mark.parametrize("command", ["generate", "export"])
def test_reverse_needs_two_directions(cli, tmp_path, command):
    gan = keras_gans.GAN((16, 16, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    out = [tmp_path / "out"] if command == "export" else []
    output = cli(command, tmp_path / "gan", *out, "--reverse", code=2)
    assert "Received: GAN" in output
