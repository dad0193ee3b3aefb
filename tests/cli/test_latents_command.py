import numpy as np
import pytest
from PIL import Image

import keras_gans


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("presets") / "styles"
    gan = keras_gans.StyleGAN2(
        (8, 8, 1), latent_dim=4, width=4, mapping_layers=1, seed=1
    )
    gan.save_to_preset(folder)
    return folder


def size_of(path):
    with Image.open(path) as picture:
        return picture.size


def test_walk(cli, preset, tmp_path):
    out = tmp_path / "walk.gif"
    said = cli("walk", preset, out, "--frames", 4, "--num", 2, "--scale", 2)
    assert "4 pictures" in said
    assert size_of(out) == (2 * 18 + 2, 18 + 2)
    said = cli("walk", preset, tmp_path / "walk.avi", code=2)
    assert said.endswith("Received: walk.avi")


def test_mix(cli, preset, tmp_path):
    out = tmp_path / "mixed.png"
    words = ("--rows", 2, "--columns", 3, "--layers", "0-1,3")
    cli("mix", preset, out, *words, "--truncation", 0.5)
    assert size_of(out) == (4 * 10 + 2, 3 * 10 + 2)
    assert "Received: --layers x" in cli(
        "mix", preset, out, "--layers", "x", code=2
    )
    assert "from 0 to 3" in cli("mix", preset, out, "--layers", "7", code=2)


@pytest.mark.parametrize("method", ["sefa", "ganspace"])
def test_edit(cli, preset, tmp_path, method):
    out = tmp_path / "edited.png"
    words = ("--method", method, "--direction", 1, "--num", 2)
    cli("edit", preset, out, *words, "--strengths", "-2,0,2")
    assert size_of(out) == (3 * 10 + 2, 2 * 10 + 2)
    said = cli("edit", preset, out, "--method", "pca", code=2)
    assert "Received: --method pca" in said


def test_project_and_edit_what_was_found(cli, preset, photos, tmp_path):
    out = tmp_path / "projected.png"
    words = ("--steps", 2, "--distance", "pixels", "--out", out)
    said = cli("project", preset, photos / "00.png", photos / "01.png", *words)
    assert "00.png" in said and "01.png" in said
    assert size_of(out) == (2 * 10 + 2, 2 * 10 + 2)
    with np.load(tmp_path / "projected.npz") as found:
        assert found["styles"].shape == (2, 4, 4)
    edited = tmp_path / "edited.png"
    cli("edit", preset, edited, "--styles", tmp_path / "projected.npz")
    assert size_of(edited) == (5 * 10 + 2, 2 * 10 + 2)
    said = cli("project", preset, photos / "00.png", "--label", 3, code=2)
    assert "Received: --label 3" in said
