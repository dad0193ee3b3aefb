import csv
import json

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.cli.building import build_gan, compile_gan, read_settings


def weights(folder):
    gan = keras_gans.GAN.from_preset(folder)
    return [keras.ops.convert_to_numpy(w) for w in gan.weights]


def steps(run):
    return int(keras_gans.GAN.from_preset(run / "preset").steps)


def test_goes_on_to_more_epochs(train, tmp_path):
    run = tmp_path / "run"
    train("--ema-decay", 0.9, epochs=1)
    assert steps(run) == 5  # 40 images in batches of 8

    output = train("--ema-decay", 0.9, epochs=2)

    assert "after epoch 1 of 2 (step 5)" in output
    assert steps(run) == 10
    names = {path.name for path in (run / "samples").iterdir()}
    assert names == {"epoch_00001.png", "epoch_00002.png", "animation.gif"}
    with open(run / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    assert all(float(row["generator_loss"]) for row in rows)
    metadata = json.loads((run / "preset" / "metadata.json").read_text())
    assert metadata["metadata"]["rows_seen"] == 80


def test_two_halves_are_one_whole(train, tmp_path):
    train(epochs=2)
    whole = weights(tmp_path / "run" / "preset")
    (tmp_path / "run").rename(tmp_path / "whole")

    train(epochs=1)
    # As a kill between Keras's two writes leaves it.
    (tmp_path / "run" / "backup" / "training_metadata.json").write_text("")
    train(epochs=2)

    for one, other in zip(
        whole, weights(tmp_path / "run" / "preset"), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_nothing_left_to_do(train, tmp_path):
    train(epochs=1)
    before = (tmp_path / "run" / "backup" / "latest.weights.h5").read_bytes()

    output = train(epochs=1)

    after = (tmp_path / "run" / "backup" / "latest.weights.h5").read_bytes()
    assert before == after
    assert "holds 1 epochs (step 5): nothing is left to train" in output


def test_a_run_that_never_began_binds_nobody(train, tmp_path):
    output = train("--batch-size", 64, code=2)
    assert "larger than the data. Received: batch_size=64, 40" in output
    train("--batch-size", 8)
    assert steps(tmp_path / "run") == 5


def test_scores_and_tensorboard(cli, tmp_path):
    data = keras_gans.data.load("fashion_mnist_10k").images[:150]
    np.save(tmp_path / "data.npy", data)
    run = tmp_path / "run"

    output = cli(
        "train", "gan", "--data", tmp_path / "data.npy", "--out", run,
        "--epochs", 1, "--fid-every", 1, "--fid-samples", 140,
        "--set", "units=20", "--tensorboard",
    )  # fmt: skip

    assert "[fashion_mnist_classifier]" in output
    (line,) = (run / "fid.jsonl").read_text().splitlines()
    score = json.loads(line)
    assert (score["epoch"], score["num_fake"], score["seed"]) == (1, 140, 0)
    assert list((run / "tensorboard").rglob("events.out*"))

    # The same number again, from the preset.
    cli(
        "evaluate", run, "--data", tmp_path / "data.npy",
        "--num-samples", 140, "--out", tmp_path / "scores" / "all.jsonl",
    )  # fmt: skip
    (line,) = (tmp_path / "scores" / "all.jsonl").read_text().splitlines()
    again = json.loads(line)
    assert again["value"] == pytest.approx(score["value"], rel=1e-6)
    assert again["real_checksum"] == score["real_checksum"]
    assert (again["num_real"], again["num_fake"]) == (150, 140)
    assert again["seed"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["GANN"], "nearest are ['GAN'"),
        (["DCGAN", "--image-size", 17], "Received: image_shape=(17, 17, 1)"),
        (["GAN", "--set", "unitz=3"], "has no argument 'unitz'"),
        (["GAN", "--set", "units"], "Received: 'units'"),
        (["GAN", "--learning-rate", "fast"], "Received: 'fast'"),
        (["GAN", "--learning-rate", "-1"], "Received: '-1'"),
        (["GAN", "--learning-rate", "painter=1e-4"], "'painter=1e-4'"),
        (["GAN", "--corrupt", "ignore"], "Received: 'ignore'"),
        (["GAN", "--channels", 2], "Received: 2"),
        (
            ["GAN", "--fid-every", 1, "--feature-network", "mnist_classifier"],
            "Received: (16, 16, 1)",
        ),
        (["GAN", "--image-size", "16x"], "Received: '16x'"),
        (["GAN", "--read", "flipp=true"], "flipp"),
        (["GAN", "--show-channels", "0,1"], "Received: '0,1'"),
        (["GAN", "--stabilizer", "DifAugment"], "are ['DiffAugment']"),
        (["GAN", "--stabilizer", "R1:weigth=3"], "--stabilizer R1:weigth=3"),
        (["GAN", "--stabilizer", "R1:3"], "Received: '3'"),
        (["GAN", "--stabilizer", "R1:weight=-1"], "weight=-1"),
        (["GAN", "--set", "loss=hing"], "Received: 'hing'"),
        (["GAN", "--dtype", "float7"], "float7"),
        (
            ["GAN", "--validation", "fashion_mnist_10k", "--set", "units=9"],
            "add --fid-every",
        ),
    ],
)
def test_wrong_arguments(cli, photos, tmp_path, arguments, message):
    run = tmp_path / "run"
    output = cli(
        "train", *arguments, "--data", photos, "--out", run, "--epochs", 1,
        "--batch-size", 8, code=2,
    )  # fmt: skip
    assert message in output
    assert "Traceback" not in output
    assert not (run / "log.csv").exists() or not (run / "preset").exists()


def test_wrong_sources(cli, tmp_path):
    (tmp_path / "empty").mkdir()
    for source in ("fashion_mnist_10", tmp_path / "empty"):
        output = cli(
            "train", "GAN", "--data", source, "--out", tmp_path / "run",
            "--epochs", 1, code=2,
        )  # fmt: skip
        assert f"Received: {str(source)!r}" in output or (
            f"Received: {source}" in output
        )
        assert not (tmp_path / "run").exists()


def test_damaged_files_are_named(train, photos, tmp_path):
    (photos / "07.png").write_bytes(b"not a picture")
    assert "07.png" in train(code=2)
    with pytest.warns(UserWarning, match=r"07\.png"):
        train("--corrupt", "skip")
    assert steps(tmp_path / "run") == 4


def test_settings_and_learning_rates():
    settings = read_settings(["units=20", "loss=minimax", "x=[1, null]"])
    assert settings == {"units": 20, "loss": "minimax", "x": [1, None]}

    small = {"image_shape": (16, 16, 1), "units": 20}
    gan = build_gan("GAN", small)
    compile_gan(gan, ["1e-3", "discriminator=0.25"])
    rates = {p: float(gan.optimizer[p].learning_rate) for p in gan.players}
    assert rates == pytest.approx({"generator": 1e-3, "discriminator": 0.25})

    gan = build_gan("R3GAN", {"image_shape": (16, 16, 1), "width": 8})
    start, end = gan.default_optimizers()["generator"].rates
    compile_gan(gan, ["generator=1e-2"])
    assert gan.optimizer["generator"].rates == (1e-2, 1e-2 * end / start)
    assert gan.optimizer["discriminator"].rates == (start, end)


def test_the_data_say_what_they_hold(photos):
    for i, path in enumerate(sorted(photos.iterdir())):
        (photos / f"kind{i % 3}").mkdir(exist_ok=True)
        path.rename(photos / f"kind{i % 3}" / path.name)
    images = keras_gans.data.load(photos).modalities
    shape = {"image_shape": (16, 16, 1)}
    names = ["kind0", "kind1", "kind2"]
    told = {**shape, "num_classes": 3, "class_names": names}
    assert keras_gans.ACGAN.arguments_from(images) == told
    assert keras_gans.DCGAN.arguments_from(images) == shape


def test_rectangles_and_stabilizers(cli, photos, tmp_path):
    cli(
        "train", "DCGAN", "--data", photos, "--out", tmp_path / "run",
        "--epochs", 1, "--batch-size", 8, "--image-size", "16x24",
        "--set", "width=2", "--stabilizer", "r1:weight=5,every=2",
        "--stabilizer", "DiffAugment:policy=colour,translation",
    )  # fmt: skip
    gan = keras_gans.DCGAN.from_preset(tmp_path / "run" / "preset")
    assert gan.image_shape == (16, 24, 1)
    r1, augment = gan.stabilizers
    assert (r1.weight, r1.every) == (5, 2)
    assert augment.policy == "colour,translation"
    with open(tmp_path / "run" / "log.csv") as file:
        assert "r1" in next(csv.DictReader(file))


def test_held_out_images_are_what_fid_compares_with(cli, tmp_path):
    images = keras_gans.data.load("fashion_mnist_10k").images
    for name, rows in (("train", slice(0, 64)), ("test", slice(64, 204))):
        (tmp_path / "data" / name).mkdir(parents=True)
        np.save(tmp_path / f"{name}.npy", images[rows])
    run = tmp_path / "run"
    output = cli(
        "train", "GAN", "--data", tmp_path / "train.npy", "--out", run,
        "--epochs", 1, "--fid-every", 1, "--fid-samples", 130,
        "--validation", tmp_path / "test.npy", "--set", "units=20",
    )  # fmt: skip
    assert "held out" in output and "rows │ 64 │ 140" in output
    score = json.loads((run / "fid.jsonl").read_text())
    assert (score["num_real"], score["real"]) == (140, "test")


def test_a_split_to_validate_on(cli, photos, tmp_path):
    for split in ("train", "test"):
        (tmp_path / "data" / split).mkdir(parents=True)
    for i, path in enumerate(sorted(photos.iterdir())):
        split = "test" if i < 10 else "train"
        path.rename(tmp_path / "data" / split / path.name)
    with pytest.warns(UserWarning, match="only"):
        cli(
            "train", "GAN", "--data", tmp_path / "data", "--out",
            tmp_path / "run", "--epochs", 1, "--batch-size", 8,
            "--validation", tmp_path / "data", "--validation-split", "test",
            "--fid-every", 1, "--fid-samples", 20, "--set", "units=20",
            "--feature-network", "mnist_classifier/clean",
        )  # fmt: skip
    score = json.loads((tmp_path / "run" / "fid.jsonl").read_text())
    assert score["num_real"] == 10


def test_other_numbers_of_channels(cli, tmp_path):
    rng = np.random.default_rng(0)
    np.save(
        tmp_path / "five.npy", rng.integers(0, 256, (16, 16, 16, 5), "uint8")
    )
    small = ["--epochs", 1, "--batch-size", 8, "--set", "units=20"]
    for more, mode in (([], "RGB"), (["--show-channels", 4], "L")):
        run = tmp_path / f"run{mode}"
        cli("train", "GAN", "--data", tmp_path / "five.npy", "--out", run,
            *small, *more)  # fmt: skip
        assert Image.open(run / "samples" / "epoch_00001.png").mode == mode


def test_debug_shows_where(cli, tmp_path):
    with pytest.raises(AssertionError):  # the exit code is 1, not 2
        cli("--debug", "train", "GANN", "--data", "x", "--out", "y",
            "--epochs", 1, code=2)  # fmt: skip


def test_the_data_are_reported_before_training(train, photos):
    Image.new("RGBA", (24, 16)).save(photos / "wide.png")
    (photos / "bad.png").write_bytes(b"not a picture")
    with pytest.warns(UserWarning, match=r"bad\.png"):
        output = train("--corrupt", "skip", "--image-size", 16)
    for fact in (
        "data │ photos", "rows │ 41", "16x16 (40), 16x24 (1)",
        "L (40), RGBA (1)", "1 cropped to the centre, by up to 33% of a side",
        "skipped │ 1: bad.png", "1 of 41 (batches of 8)",
    ):  # fmt: skip
        assert fact in output
