"""A run's folder: stopped, gone on with, looked into, shared."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.cli.interrupts import noted_interrupts
from keras_gans.cli.presets import load_preset
from keras_gans.cli.runs import locked


def weights(gan):
    return [keras.ops.convert_to_numpy(w) for w in gan.weights]


def assert_same_weights(one, other):
    for a, b in zip(weights(one), weights(other), strict=True):
        np.testing.assert_array_equal(a, b)


def test_other_arguments_are_refused_by_name(train, tmp_path):
    train(epochs=1)
    before = (tmp_path / "run" / "run.json").read_bytes()
    output = train(
        "--seed", 3, "--ema-decay", 0.5, "--learning-rate", 0.5, epochs=2,
        code=2,
    )  # fmt: skip
    assert "seed was 0 and is 3" in output
    assert "ema_decay was None and is 0.5" in output
    assert "generator_optimizer" in output
    assert f"Received: --out {tmp_path / 'run'}" in output
    assert (tmp_path / "run" / "run.json").read_bytes() == before


def test_another_variant_is_refused_by_name(cli, train, photos, tmp_path):
    train(epochs=1)
    output = cli(
        "train", "DCGAN", "--data", photos, "--out", tmp_path / "run",
        "--epochs", 2, "--batch-size", 8, "--set", "width=2", code=2,
    )  # fmt: skip
    assert "class was 'GAN' and is 'DCGAN'" in output


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda photos: (photos / "07.png").unlink(), "rows"),
        (
            lambda photos: [
                Image.new("L", (16, 16)).save(p) for p in photos.iterdir()
            ],
            "rows (a sample of them)",
        ),
    ],
)
def test_other_data_under_the_same_path(
    train, photos, tmp_path, change, message
):
    train(epochs=1)
    change(photos)
    output = train(epochs=2, code=2)
    assert message in output and "Received" in output
    with open(tmp_path / "run" / "log.csv") as file:
        assert len(list(csv.DictReader(file))) == 1


def test_the_same_data_under_another_path(cli, train, photos, tmp_path):
    train(epochs=1)
    photos.rename(tmp_path / "elsewhere")
    cli(
        "train", "GAN", "--data", tmp_path / "elsewhere", "--out",
        tmp_path / "run", "--epochs", 2, "--latent-dim", 4, "--batch-size", 8,
        "--set", "units=20", "--tensorboard", "--backup-every", 2,
    )  # fmt: skip
    assert int(load_preset(tmp_path / "run").steps) == 10


@pytest.mark.parametrize("content", ["[1]", "{", "{}", '{"facts": 3}', ""])
def test_a_damaged_record(train, tmp_path, content):
    train(epochs=1)
    (tmp_path / "run" / "run.json").write_text(content)
    output = train(epochs=2, code=2)
    assert "run.json of this run is damaged" in output
    assert f"Received: {tmp_path / 'run' / 'run.json'}" in output


def test_a_backup_of_nobody_knows_what(train, tmp_path):
    train(epochs=1)
    (tmp_path / "run" / "run.json").unlink()
    assert "no run.json that says of what" in train(epochs=2, code=2)


@pytest.fixture
def stop_at(monkeypatch):
    """Breaks off training after a step, as a kill would."""

    def stop(step):
        counted = []

        def count(callback, batch, logs=None):
            counted.append(batch)
            if len(counted) == step:
                raise KeyboardInterrupt

        grid = keras_gans.callbacks.SampleGrid
        monkeypatch.setattr(grid, "on_train_batch_end", count, raising=False)
        return monkeypatch.undo

    return stop


def test_a_killed_run_is_a_result(cli, train, tmp_path, stop_at, photos):
    undo = stop_at(8)
    train("--ema-decay", 0.9, epochs=3, code=130)
    undo()
    run = tmp_path / "run"
    assert not (run / "preset").exists()
    gan = load_preset(run)
    assert int(gan.steps) == 5
    cli("generate", run, "--num", 3, "--out", tmp_path / "out")
    made = np.array(Image.open(tmp_path / "out" / "seed0_00002.png"))
    expected = gan.generate(3, seed=0)[2, ..., 0]
    assert np.abs(made - (expected + 1) * 127.5).max() <= 1
    with pytest.warns(UserWarning, match="only"):
        output = cli(
            "evaluate", run, "--data", photos, "--num-samples", 20,
            "--feature-network", "mnist_classifier/clean",
        )  # fmt: skip
    assert "[mnist_classifier/clean]" in output
    if keras.backend.backend() == "tensorflow":
        cli("export", run, tmp_path / "saved", "--no-verify")
        assert (tmp_path / "saved" / "saved_model.pb").is_file()


def test_the_newest_backup_counts(train, tmp_path, stop_at):
    train(epochs=1)
    preset = keras_gans.GAN.from_preset(tmp_path / "run" / "preset")
    assert_same_weights(load_preset(tmp_path / "run"), preset)
    undo = stop_at(3)
    train("--backup-every", 2, epochs=2, code=130)
    undo()
    assert int(load_preset(tmp_path / "run").steps) == 7
    (tmp_path / "run" / "backup" / "latest.weights.h5").unlink()
    assert int(load_preset(tmp_path / "run").steps) == 5


def test_a_damaged_backup(cli, train, tmp_path):
    train(epochs=1)
    backup = tmp_path / "run" / "backup" / "latest.weights.h5"
    backup.write_bytes(backup.read_bytes()[:1000])
    output = cli("generate", tmp_path / "run", code=2)
    assert "backup cannot be read" in output and f"{backup}" in output


def command(photos, run, epochs):
    return [
        "train", "GAN", "--data", str(photos), "--out", str(run),
        "--epochs", str(epochs), "--batch-size", "8", "--set", "units=20",
    ]  # fmt: skip


def start(arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "keras_gans", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        # A shell has its background jobs, as this run may be, ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def test_ctrl_c_saves_the_step(cli, photos, tmp_path):
    run = tmp_path / "run"
    process = start(command(photos, run, 100000))
    try:
        while process.poll() is None and not (run / "log.csv").exists():
            time.sleep(0.1)
        # A second process is refused while the first one trains.
        output = cli(*command(photos, run, 100000), code=1)
        assert f"The process {process.pid} trains in this folder" in output
        assert f"Received: --out {run}" in output
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, errors
    assert "Stopping after this step" in errors
    assert "keras-gans " + " ".join(command(photos, run, 100000)) in errors
    assert "Traceback" not in errors
    step = int(re.search(r"Saved at step (\d+)", printed)[1])
    assert int(load_preset(run).steps) == step
    with open(run / "log.csv") as file:
        assert len(list(csv.DictReader(file))) == step // 5
    # It goes on from there, and the next one need not wait.
    output = cli(*command(photos, run, step // 5 + 1))
    assert f"after epoch {step // 5} of {step // 5 + 1} (step {step})" in output
    assert int(load_preset(run).steps) == 5 * (step // 5 + 1)


def test_a_lock_is_given_back(tmp_path):
    with locked(tmp_path):
        assert (tmp_path / ".run.lock").read_text() == f"{os.getpid()}\n"
        message = f"process {os.getpid()} trains"
        with pytest.raises(OSError, match=message), locked(tmp_path):
            pass
    (tmp_path / ".run.lock").write_text("1\n")  # of a process that is gone
    with locked(tmp_path):
        pass


def test_two_interrupts_break_off():
    before = signal.getsignal(signal.SIGINT)
    with noted_interrupts() as pressed:
        assert not pressed.is_set()
        signal.raise_signal(signal.SIGINT)
        assert pressed.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) == before


def test_ignored_interrupts_stay_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with noted_interrupts() as pressed:
            signal.raise_signal(signal.SIGINT)
            assert not pressed.is_set()
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def scored(cli, tmp_path):
    images = keras_gans.data.load("fashion_mnist_10k").images[:150]
    np.save(tmp_path / "data.npy", images)

    def run(epochs, *more):
        return cli(
            "train", "gan", "--data", tmp_path / "data.npy", "--out",
            tmp_path / "run", "--epochs", epochs, "--fid-every", 2,
            "--fid-samples", 140, "--set", "units=20", *more,
        )  # fmt: skip

    return run


def scores(run):
    lines = (run / "fid.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_a_torn_line_of_scores(scored, tmp_path):
    run = tmp_path / "run"
    scored(1)
    with open(run / "fid.jsonl", "a") as file:
        file.write('{"epoch": 2, "val')
    assert "[fashion_mnist_classifier]" in scored(1)
    scored(2)
    assert [score["epoch"] for score in scores(run)] == [1, 2]
    (run / "fid.jsonl").write_text("torn\n" + json.dumps({"epoch": 2}) + "\n")
    with pytest.raises(AssertionError, match="Line 1 of the scores is damaged"):
        scored(2)


def test_the_best_gan_is_kept(scored, tmp_path, monkeypatch):
    values = iter([5.0, 3.0, 4.0])
    compute = keras_gans.callbacks.FID._compute

    def scripted(fid, epoch):
        compute(fid, epoch)
        *others, (epoch, record) = fid.records
        record = type(record)(**{**vars(record), "value": next(values)})
        fid.records = [*others, (epoch, record)]
        return record.value

    monkeypatch.setattr(keras_gans.callbacks.FID, "_compute", scripted)
    scored(2)
    scored(4)
    best = keras_gans.GAN.from_preset(tmp_path / "run" / "best")
    assert int(best.steps) == 4  # two of 64 rows an epoch
    assert [score["value"] for score in scores(tmp_path / "run")] == [5, 3, 4]


def test_what_is_scored_may_change(scored, tmp_path):
    scored(2)
    with open(tmp_path / "run" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["fid"] and rows[1]["fid"]
    scored(3, "--fid-every", 0)
    with open(tmp_path / "run" / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert rows[1]["fid"] and not rows[2]["fid"]
    assert "NA" not in {value for row in rows for value in row.values()}
