"""keras-gans draw, and train with captions."""

import numpy as np
import pytest
from contract import tiny
from own_variants.worded import Worded
from PIL import Image

from keras_gans.cli.presets import load_preset
from keras_gans.data.generated import is_generated
from keras_gans.modalities.image import to_uint8


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("draw") / "worded"
    tiny("Worded").save_to_preset(folder)
    return folder


def pixels(path):
    return np.asarray(Image.open(path)).astype(int)


def test_a_file_for_each_picture(cli, preset, tmp_path):
    out = tmp_path / "drawn"
    said = cli("draw", "Red hair!", "blue eyes", "--preset", preset, "-n", 2,
               "--seed", 5, "--out", out)  # fmt: skip
    assert said.startswith("4 of seed 5:")
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        "00000_Red-hair_seed5_00.png",
        "00000_Red-hair_seed5_01.png",
        "00001_blue-eyes_seed5_00.png",
        "00001_blue-eyes_seed5_01.png",
    ]
    gan = load_preset(str(preset))
    made = to_uint8(gan.generate("blue eyes", num_images=2, seed=5))
    assert np.abs(pixels(out / names[3]) - made[1, ..., 0]).max() <= 1
    assert is_generated(out / names[0])


def test_a_sheet_has_a_row_for_each_sentence(cli, preset, tmp_path):
    cli("draw", "red hair", "blue eyes", "--preset", preset, "-n", 8,
        "--out", tmp_path / "sheet.png")  # fmt: skip
    sheet = pixels(tmp_path / "sheet.png")
    assert sheet.shape[0] == 2 * 18 + 2  # two rows
    assert sheet.shape[1] > 8 * 18 + 2 + 30  # and their names
    cli("draw", "red hair", "--preset", preset, "--out", tmp_path / "one.png")
    assert pixels(tmp_path / "one.png").shape[0] == 16


def test_sentences_of_a_file(cli, preset, tmp_path):
    (tmp_path / "asked.txt").write_text("red hair\n\nblue eyes\n")
    cli("draw", "--file", tmp_path / "asked.txt", "--preset", preset,
        "--out", tmp_path / "drawn")  # fmt: skip
    assert len(list((tmp_path / "drawn").iterdir())) == 2


def test_an_animation_between_sentences(cli, preset, tmp_path):
    cli("draw", "red hair", "blue eyes", "--preset", preset, "--between", 4,
        "--out", tmp_path / "way.gif")  # fmt: skip
    assert Image.open(tmp_path / "way.gif").n_frames > 1
    said = cli("draw", "red", "blue", "--preset", preset, "--between", 4,
               "--out", tmp_path / "way.jpg", code=2)  # fmt: skip
    assert "way.jpg" in said


def test_a_table_of_two_gaps(cli, preset, tmp_path):
    (tmp_path / "seen.txt").write_text("Red hair.\n\nblue eyes\nred eyes\n \n")
    said = cli("draw", "{red, blue} {hair,eyes}", "--table", "--preset",
               preset, "--seed", 5, "--seen", tmp_path / "seen.txt",
               "--out", tmp_path / "table.png")  # fmt: skip
    assert "4 of seed 5, 1 of them framed" in said
    table = pixels(tmp_path / "table.png")
    cells = table[-2 * (64 + 3) :, -2 * (64 + 3) :]  # each four times as large
    made = to_uint8(
        load_preset(str(preset)).generate(
            ["red hair", "red eyes", "blue hair", "blue eyes"], seed=5
        )
    )
    for i, image in enumerate(made[..., 0]):
        top, left = 67 * (i // 2), 67 * (i % 2)
        cell = cells[top : top + 64, left : left + 64]
        large = image.repeat(4, 0).repeat(4, 1)
        assert np.abs(cell - large).max() <= 1
        beside = cells[top : top + 64, left + 64 : left + 67]
        # "blue hair" was not seen.
        assert (beside == 0).all() if i == 2 else (beside == 255).all()


@pytest.mark.parametrize(
    "asked, message",
    [
        (["{red} hair"], "two gaps"),
        (["{red} {hair}", "{red} {eyes}"], "two gaps"),
        (["{red} {hair}", "-n", 2], "Received: --num 2"),
        (["{red,} {hair,zorgle}"], "Received: ' zorgle'"),
    ],
)
def test_tables_that_cannot_be_drawn(cli, preset, tmp_path, asked, message):
    out = tmp_path / "table.png"
    said = cli("draw", *asked, "--table", "--preset", preset, "--out", out,
               code=2)  # fmt: skip
    assert message in said
    assert not out.exists()


@pytest.mark.parametrize(
    "asked, message",
    [
        (["zorgle hairs"], "the nearest: hair. Received: 'zorgle hairs'"),
        ([""], "must have a word that is known"),
        ([], "What to draw must be said"),
    ],
)
def test_what_cannot_be_drawn(cli, preset, tmp_path, asked, message):
    said = cli("draw", *asked, "--preset", preset, "--out", tmp_path / "d",
               code=2)  # fmt: skip
    assert message in said
    assert not (tmp_path / "d").exists()


def test_a_preset_without_words(cli, tmp_path):
    tiny("GAN").save_to_preset(tmp_path / "gan")
    said = cli("draw", "red", "--preset", tmp_path / "gan", code=2)
    assert "GAN takes no words" in said


@pytest.fixture
def faces(photos):
    """The photos with a file of captions, in columns of other names."""
    lines = ["picture,said", *(f"{i:02d}.png,hair {i % 3}" for i in range(40))]
    (photos / "tags.csv").write_text("\n".join(lines))
    return photos


def train(cli, faces, out, *more, epochs=1, code=0):
    return cli("train", "worded", "--data", faces, "--captions", "tags.csv",
               "--read", "columns=picture,said", "--batch-size", 8, "--out",
               out, "--epochs", epochs, "--flip", *more, code=code)  # fmt: skip


def test_training_from_a_folder_with_captions(cli, faces, tmp_path):
    run = tmp_path / "run"
    said = train(cli, faces, run, "--validation", faces, "--fid-every", 0,
                 code=2)  # fmt: skip
    assert "Held-out data of a Worded are compared by FID" in said
    said = train(cli, faces, run)
    assert "sentences of 4 words" in said and "flipped" in said
    samples = Image.open(run / "samples" / "epoch_00001.png")
    assert samples.size[0] > samples.size[1]  # with sentences at the left
    gan = load_preset(str(run))
    assert isinstance(gan, Worded)
    words = gan.takes["prompts"].vocabulary.words
    assert set(words) == {"hair", "0", "1", "2"}
    cli("draw", "hair 2", "--preset", run, "--out", tmp_path / "2.png")
    # From that run's weights, and in its words.
    (faces / "tags.csv").write_text(
        (faces / "tags.csv").read_text().replace("hair 1", "hair one")
    )
    with pytest.warns(UserWarning, match="not known: one"):
        train(cli, faces, tmp_path / "tuned", "--init", run, "--warm-up", 0)
    tuned = load_preset(str(tmp_path / "tuned"))
    assert tuned.takes["prompts"].vocabulary.words == words


def test_captions_for_a_variant_without_words(cli, faces, tmp_path):
    said = cli("train", "GAN", "--data", faces, "--captions", "tags.csv",
               "--out", tmp_path / "run", "--epochs", 1, code=2)  # fmt: skip
    assert "captions" in said


def test_scores_are_of_what_the_captions_say(cli, preset, faces, monkeypatch):
    from keras_gans.cli import scoring

    given = {}

    def samples(*arguments, **more):
        given.update(more)
        raise ValueError("That is enough")

    monkeypatch.setattr(scoring, "GeneratedImages", samples)
    with pytest.warns(UserWarning, match="not known: 0, 1, 2"):
        said = cli("evaluate", preset, "--data", faces, "--captions",
                   "tags.csv", "--read", "columns=picture,said",
                   "--num-samples", 60, "--feature-network",
                   "fashion_mnist_classifier", code=2)  # fmt: skip
    assert "That is enough" in said
    hair = load_preset(str(preset)).takes["prompts"].check("hair")
    np.testing.assert_array_equal(given["prompts"], np.repeat(hair, 60, 0))
