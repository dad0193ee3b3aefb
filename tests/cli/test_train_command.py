import csv
import json
import os
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.cli.building import (
    build_gan,
    compile_gan,
    of_data,
    read_settings,
)


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
        assert [row["epoch"] for row in csv.DictReader(file)] == ["0", "1"]
    metadata = json.loads((run / "preset" / "metadata.json").read_text())
    assert metadata["metadata"]["images_seen"] == 80


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
    assert "after epoch 1 of 1" in output


def test_refuses_other_arguments_than_the_run_has(train, tmp_path):
    train(epochs=1)
    before = (tmp_path / "run" / "run.json").read_bytes()

    output = train("--seed", 3, "--ema-decay", 0.5, epochs=2, code=2)

    assert "seed is 0 there, not 3" in output
    assert "ema_decay is None there, not 0.5" in output
    assert f"Received: --out {tmp_path / 'run'}" in output
    assert (tmp_path / "run" / "run.json").read_bytes() == before


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

    assert "fid[fashion_mnist_classifier]" in output
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
        (["DCGAN", "--image-size", 20], "Received: image_shape=(20, 20, 1)"),
        (["GAN", "--set", "unitz=3"], "has no argument 'unitz'"),
        (["GAN", "--set", "units"], "Received: 'units'"),
        (["GAN", "--learning-rate", "fast"], "Received: 'fast'"),
        (["GAN", "--learning-rate", "-1"], "Received: '-1'"),
        (["GAN", "--learning-rate", "painter=1e-4"], "'painter=1e-4'"),
        (["GAN", "--corrupt", "ignore"], "Received: 'ignore'"),
        (["GAN", "--channels", 2], "Received: 2"),
        (["GAN", "--fid-every", 1], "Received: (16, 16, 1)"),
        (["GAN", "--set", "loss=hing"], "Received: 'hing'"),
        (["GAN", "--dtype", "float7"], "float7"),
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


def test_the_data_say_how_many_classes_there_are(photos):
    for i, path in enumerate(sorted(photos.iterdir())):
        (photos / f"kind{i % 3}").mkdir(exist_ok=True)
        path.rename(photos / f"kind{i % 3}" / path.name)
    images = keras_gans.data.load(photos)
    told = {"image_shape": (16, 16, 1), "num_classes": 3}
    assert of_data("ACGAN", images) == told
    assert of_data("DCGAN", images) == {"image_shape": (16, 16, 1)}


def test_debug_shows_where(cli, tmp_path):
    with pytest.raises(AssertionError):  # the exit code is 1, not 2
        cli("--debug", "train", "GANN", "--data", "x", "--out", "y",
            "--epochs", 1, code=2)  # fmt: skip


def test_ctrl_c_says_how_to_go_on(photos, tmp_path):
    run = tmp_path / "run"
    command = [
        "train", "GAN", "--data", str(photos), "--out", str(run),
        "--epochs", "100000", "--batch-size", "8", "--set", "units=20",
    ]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_gans", *command],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        # A shell has its background jobs, as this run may be, ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while process.poll() is None and not (run / "log.csv").exists():
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "keras-gans " + " ".join(command) in errors
    assert "Traceback" not in errors
