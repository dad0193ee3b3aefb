import importlib.util
import json
import time

import pytest
from PIL import Image

import keras_gans
from keras_gans.cli.commands.demo import run_demo
from keras_gans.cli.training import train_run
from keras_gans.exporting.parity import Difference


@pytest.fixture
def few():
    images = keras_gans.data.load("fashion_mnist_10k")
    return keras_gans.data.Images(images[:160], name="few")


def without(monkeypatch, *packages):
    """Lets exports believe that packages are not installed."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec",
        lambda name, *more: (
            None if name in packages else find_spec(name, *more)
        ),
    )


def test_demo(few, tmp_path, capsys, monkeypatch):
    pytest.importorskip("tensorflow")
    pytest.importorskip("ai_edge_litert")
    out = tmp_path / "demo"

    run_demo(few, out, epochs=1, num_samples=130)

    printed = " ".join(capsys.readouterr().out.split())
    assert "[fashion_mnist_classifier]" in printed
    assert "130" in printed  # samples
    assert (out / "export" / "saved_model" / "saved_model.pb").is_file()
    assert (out / "export" / "generator.tflite").is_file()
    assert Image.open(out / "samples" / "animation.gif").n_frames == 1
    metadata = json.loads((out / "preset" / "metadata.json").read_text())
    (score,) = metadata["metadata"]["metrics"]
    assert (
        score["value"] == json.loads((out / "fid.jsonl").read_text())["value"]
    )
    gan = keras_gans.DCGAN.from_preset(out / "preset")
    assert int(gan.steps) == 5

    # It has come to its end, and says the same again without any work.
    backup = (out / "backup" / "latest.weights.h5").stat()
    start = time.time()
    run_demo(few, out, epochs=1, num_samples=130)
    again = " ".join(capsys.readouterr().out.split())
    assert "holds 1 epochs" in again and "Exporting" not in again
    assert f"{score['value']:.4g}" in again
    assert time.time() - start < 30
    after = (out / "backup" / "latest.weights.h5").stat()
    assert after.st_mtime_ns == backup.st_mtime_ns


def test_demo_without_the_packages_of_an_export(
    few, tmp_path, capsys, monkeypatch
):
    without(monkeypatch, "tensorflow")
    # Conversion has tests of its own.
    monkeypatch.setattr("keras_gans.exporting.convert", fake_conversion)
    monkeypatch.setattr(
        "keras_gans.exporting.compare", lambda *a: Difference(0.0, 0.0, "none")
    )

    run_demo(few, tmp_path / "demo", epochs=1, num_samples=130)

    printed = " ".join(capsys.readouterr().out.split())
    assert "no export, litert" in printed
    assert "pip install" in printed
    assert (tmp_path / "demo" / "preset" / "config.json").is_file()


def fake_conversion(generator, draft, *arguments):
    draft.mkdir()
    (draft / "saved_model.pb").write_bytes(b"")


def test_demo_takes_no_folder_of_another_run(few, tmp_path):
    gan = keras_gans.DCGAN((28, 28, 1), width=2, seed=0)
    gan.compile()
    train_run(gan, few, tmp_path / "demo", epochs=1, batch_size=32)
    with pytest.raises(ValueError, match="width was 2 and is 40"):
        run_demo(few, tmp_path / "demo", epochs=1)
