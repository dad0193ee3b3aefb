import numpy as np
import pytest
from contract import tiny
from PIL import Image

import keras_gans
from keras_gans.modalities.image import to_uint8
from keras_gans.pictures import make_grid


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
    pytest.importorskip("imageio_ffmpeg")
    cli("walk", preset, tmp_path / "walk.mp4", "--frames", 4, "--seconds", 1)
    assert (tmp_path / "walk.mp4").read_bytes()[4:8] == b"ftyp"
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


def test_edit_along_what_labels_say(cli, preset, tmp_path):
    gan = keras_gans.StyleGAN2.from_preset(preset)
    w = gan.to_styles(num=60, seed=3, truncation=0.8)[:, 0]
    wanted = np.array([0.5, -0.5, 0.7, 0.1])
    labels = (w @ wanted > np.median(w @ wanted)).astype(int)
    file, out = tmp_path / "labels.txt", tmp_path / "edited.png"
    file.write_text("\n".join(map(str, labels)))
    words = ("--seed", 3, "--truncation", 0.8, "--strengths", "-4,4")
    given = (*words, "--num", 3, "--method", "labels")
    cli("edit", preset, out, *given, "--labels", file)
    direction = keras_gans.latents.boundary(w, labels)
    assert direction @ wanted / np.linalg.norm(wanted) > 0.9
    made = gan.edit(w[:3], direction, strengths=(-4.0, 4.0))
    with Image.open(out) as picture:
        shown = np.asarray(picture).astype(int)
    pictures = to_uint8(made.reshape(-1, 8, 8, 1))
    assert np.abs(shown - make_grid(pictures, 2)[..., 0]).max() <= 1
    said = cli("edit", preset, out, *given, code=2)
    assert said.endswith("Received: --method labels, --labels None")
    file.write_text("0 1 yes")
    said = cli("edit", preset, out, *given, "--labels", file, code=2)
    assert "Received: ['yes'] in" in said


def test_project_and_edit_what_was_found(cli, preset, photos, tmp_path):
    out = tmp_path / "projected.png"
    words = ("--steps", 2, "--distance", "pixels", "--out", out)
    said = cli("project", preset, photos / "00.png", photos / "01.png", *words)
    assert "00.png" in said and "01.png" in said
    assert size_of(out) == (2 * 10 + 2, 2 * 10 + 2)
    with np.load(tmp_path / "projected.npz") as found:
        assert found["styles"].shape == (2, 4, 4)
        assert found["noise"].shape == (2, 16 + 64 + 64)
    edited = tmp_path / "edited.png"
    cli("edit", preset, edited, "--styles", tmp_path / "projected.npz")
    assert size_of(edited) == (5 * 10 + 2, 2 * 10 + 2)
    said = cli("project", preset, photos / "00.png", "--label", 3, code=2)
    assert "Received: --label 3" in said


def test_pictures_are_refused_before_the_work(cli, preset, photos, tmp_path):
    out = tmp_path / "made.jpg"
    for words in (
        ("project", preset, photos / "00.png", "--out", out),
        ("mix", preset, out),
        ("edit", preset, out),
    ):
        assert "must be a .png. Received: made.jpg" in cli(*words, code=2)
    (tmp_path / "no.npz").write_bytes(b"no")
    np.savez(tmp_path / "other.npz", other=np.zeros(2))
    files = tmp_path / "no.npz", tmp_path / "other.npz", photos / "00.png"
    for file in files:
        words = ("edit", preset, tmp_path / "e.png", "--styles")
        said = cli(*words, file, code=2)
        assert "that `keras-gans project` writes" in said
    said = cli("edit", preset, tmp_path / "e.png", "--strengths=a,b", code=2)
    assert "Received: --strengths a,b" in said


def test_classes_go_by_their_names_first(cli, tmp_path):
    gan = keras_gans.StyleGAN2(
        *((8, 8, 1), 2, 4),
        width=4,
        mapping_layers=1,
        class_names=["1", "0"],
        seed=1,
    )
    gan.save_to_preset(tmp_path / "preset")
    out = tmp_path / "mixed.png"
    for label, number in (("1", 0), ("0", 1)):
        words = ("--rows", 1, "--columns", 1, "--label", label)
        cli("mix", tmp_path / "preset", out, *words)
        wanted = gan.mix(1, 1, labels=number)
        with Image.open(out) as picture:
            shown = np.asarray(picture).astype(int)
        pictures = to_uint8(wanted.reshape(-1, 8, 8, 1))
        assert np.abs(shown - make_grid(pictures, 2)[..., 0]).max() <= 1


def test_conditions_of_several_numbers(cli, tmp_path):
    gan = keras_gans.StyleGAN2(
        (8, 8, 1),
        latent_dim=4,
        width=4,
        mapping_layers=1,
        condition=keras_gans.modalities.MultiLabel(3, ["hat", "old", "sad"]),
        seed=1,
    )
    gan.save_to_preset(tmp_path / "preset")
    one = gan.generate(2, seed=0, labels=[1, 0, 1])
    two = gan.generate(2, seed=0, labels=[[1, 0, 1]] * 2)
    np.testing.assert_array_equal(one, two)
    for named in ("hat+sad", {"hat": 1, "sad": 1}):
        again = gan.generate(2, seed=0, labels=named)
        np.testing.assert_array_equal(one, again)
    walk = tmp_path / "walk.gif"
    for label in ((), ("--label", "1,0,1"), ("--label", "hat+sad")):
        cli("mix", tmp_path / "preset", tmp_path / "mixed.png", *label)
        cli("edit", tmp_path / "preset", tmp_path / "edited.png", *label)
        cli("walk", tmp_path / "preset", walk, "--frames", 2, *label)
    words = ("walk", tmp_path / "preset", walk, "--label")
    assert "Received: 'bag'" in cli(*words, "bag", code=2)


def test_walks_of_what_has_no_latents_and_of_sentences(cli, tmp_path):
    tiny("Pix2Pix").save_to_preset(tmp_path / "pairs")
    tiny("DFGAN").save_to_preset(tmp_path / "words")
    out = tmp_path / "walk.gif"
    said = cli("walk", tmp_path / "pairs", out, code=2)
    assert said.endswith("Received: Pix2Pix, which takes inputs")
    sentence = tiny("DFGAN").sentences(1)[0]
    cli("walk", tmp_path / "words", out, "--frames", 2, "--prompt", sentence)
