import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.presets import index

COMMANDS = ["demo", "train", "generate", "evaluate", "stats", "export", "zoo"]


@pytest.fixture
def preset(tmp_path):
    gan = keras_gans.GAN((16, 16, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(
        tmp_path / "zoo" / "small_gan",
        metadata={
            "description": "a small GAN",
            "metrics": [
                {
                    "name": "fid[inception]",
                    "value": 12.5,
                    "num_real": 60000,
                    "num_fake": 10000,
                }
            ],
        },
    )
    return tmp_path / "zoo" / "small_gan"


@pytest.fixture
def built_index(monkeypatch, preset, tmp_path):
    monkeypatch.setattr(index, "INDEX", tmp_path / "index.json")
    keras_gans.presets.build_index(preset.parent)


def pixels(folder):
    return {path.name: np.array(Image.open(path)) for path in folder.iterdir()}


def test_evaluate_names_its_network(cli, tmp_path):
    gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    rng = np.random.default_rng(0)
    real = rng.integers(0, 256, (140, 20, 20, 3), "uint8")
    np.save(tmp_path / "real.npy", real)

    output = cli(
        "evaluate", tmp_path / "gan", "--data", tmp_path / "real.npy",
        "--num-samples", 130, "--seed", 4,
    )  # fmt: skip

    assert "[fashion_mnist_classifier]" in output
    assert "130" in output and "140" in output


def test_evaluate_refuses_what_it_cannot_compare(cli, preset, photos):
    network = ["--feature-network", "inception_v9"]
    where = ["evaluate", preset, "--data", photos, "--num-samples", 10]
    assert "Received: 'inception_v9'" in cli(*where, *network, code=2)
    network[1] = "fashion_mnist_classifier"
    assert "Received: (16, 16, 1)" in cli(*where, *network, code=2)


def test_export(cli, preset, tmp_path):
    pytest.importorskip("tensorflow")
    output = cli("export", preset, tmp_path / "saved", "--no-verify")
    assert "tf_saved_model" in output and "not verified" in output
    assert (tmp_path / "saved" / "saved_model.pb").is_file()


def test_export_takes_the_format_from_the_name(cli, preset, tmp_path):
    pytest.importorskip("ai_edge_litert")
    pytest.importorskip("tensorflow")
    output = cli("export", preset, tmp_path / "gan.tflite")
    assert "litert" in output and "differs from Keras by at most" in output


def test_export_refuses(cli, preset, tmp_path, monkeypatch):
    output = cli("export", preset, tmp_path / "x", "--format", "onnxx", code=2)
    assert "Received: 'onnxx'" in output
    output = cli("export", preset, tmp_path / "x", "--format", "litert", code=2)
    assert "'.tflite'" in output
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: name != "onnxruntime" or None
    )
    output = cli("export", preset, tmp_path / "x.onnx", code=1)
    assert 'pip install "keras-gans[onnx]"' in output
    assert not (tmp_path / "x.onnx").exists()


@pytest.mark.parametrize("command", ["generate", "evaluate", "export"])
def test_unknown_presets(cli, built_index, command, tmp_path):
    more = {"evaluate": ["--data", "mnist"], "export": [tmp_path / "x"]}
    output = cli(command, "smal_gan", *more.get(command, []), code=2)
    assert "nearest built-in presets are ['small_gan']" in output
    assert "Received: 'smal_gan'" in output
    assert "Traceback" not in output


def test_a_damaged_preset(cli, preset, tmp_path):
    weights = preset / "model.weights.h5"
    weights.write_bytes(weights.read_bytes()[:-1])
    output = cli("generate", preset, "--out", tmp_path / "out", code=2)
    assert "SHA-256" in output and f"Received: {preset}" in output
    assert not (tmp_path / "out").exists()


def test_a_run_without_a_preset(cli, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(
        '{"facts": {}, "variant": "GAN"}'
    )
    output = cli("generate", tmp_path / "run", code=2)
    assert "saved nothing yet" in output and "Received" in output


def test_zoo(cli, built_index, preset):
    output = cli("zoo")
    for word in ("small_gan", "12.5", "inception", "a small GAN"):
        assert word in output
    card = cli("zoo", "small_gan")
    entry = keras_gans.list_presets()["small_gan"]
    assert entry["files"]["model.weights.h5"] in card
    assert "60,000" in card and "10,000" in card
    output = cli("zoo", "small_gam", code=2)
    assert "['small_gan']" in output and "Received: 'small_gam'" in output


def test_zoo_rebuilds_the_index(cli, built_index, preset, tmp_path):
    keras_gans.GAN((8, 8, 1), units=20).save_to_preset(preset.parent / "second")
    assert "second" in cli("zoo", "--index", preset.parent)
    assert set(json.loads(index.INDEX.read_text())) == {"small_gan", "second"}
    cli("zoo", "--index", tmp_path / "nowhere", code=2)


def test_the_projects_own_presets_are_listed(cli):
    output = cli("zoo")
    for name in keras_gans.list_presets():
        assert name in output


def test_help_has_examples(cli):
    assert "keras-gans train DCGAN --data" in cli("--help")
    for command in COMMANDS:
        assert f"keras-gans {command}" in cli(command, "--help")
    assert keras_gans.__version__ in cli("--version")


def test_help_imports_no_keras():
    code = (
        "import sys\n"
        "from keras_gans.cli import app\n"
        "try: app(['train', '--help'])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'keras', 'tensorflow', 'jax', 'torch', 'numpy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_backend_that_is_not_installed():
    code = (
        "import os, sys\n"
        "os.environ['KERAS_BACKEND'] = 'jax'\n"
        "sys.modules['jax'] = None\n"
        "from keras_gans.cli import app\n"
        "app(['zoo'])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert result.returncode == 1
    errors = " ".join(result.stderr.split())
    assert 'pip install "keras-gans[jax]"' in errors
    assert "Traceback" not in errors


def test_what_tensorflow_says_on_import_is_hidden():
    code = (
        "import os\n"
        "from keras_gans.cli.quiet import hidden_stderr\n"
        "with hidden_stderr(): os.write(2, b'chatter')\n"
        "os.write(2, b'news')\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert result.stderr == b"news"
