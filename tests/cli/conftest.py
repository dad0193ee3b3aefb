import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from keras_gans.cli import app


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    # The commands set it for their process; it is not to outlive a test.
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("KERAS_GANS_DEBUG", raising=False)


@pytest.fixture
def cli():
    """Runs a command line; gives what it printed if its exit code is right."""

    def run(*arguments, code=0):
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        output = " ".join((result.output).split())
        assert result.exit_code == code, output
        return output

    return run


@pytest.fixture
def photos(tmp_path):
    """A folder of 40 PNG files of 16x16."""
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for i in range(40):
        pixels = rng.integers(0, 256, (16, 16), dtype="uint8")
        Image.fromarray(pixels).save(folder / f"{i:02d}.png")
    return folder


@pytest.fixture
def train(cli, photos, tmp_path):
    """Trains a small GAN on the photos, in `tmp_path / "run"`."""

    def run(*more, epochs=1, variant="GAN", code=0):
        small = ["--latent-dim", 4, "--batch-size", 8, "--set", "units=20"]
        where = ["--data", photos, "--out", tmp_path / "run"]
        return cli(
            "train", variant, *where, "--epochs", epochs, *small, *more,
            code=code,
        )  # fmt: skip

    return run


@pytest.fixture(autouse=True)
def no_graphs(eagerly):
    pass
