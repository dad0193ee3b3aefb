import wave

import numpy as np
import pytest
from own_variants.pairs import Pairs
from own_variants.sound import Sound
from own_variants.tree import Tree
from own_variants.unpaired import UnpairedImages
from PIL import Image

import keras_gans
from keras_gans.cli.presets import load_preset
from keras_gans.data.generated import is_generated
from keras_gans.modalities.image import to_uint8


@pytest.fixture
def preset(tmp_path):
    gan = keras_gans.GAN((16, 16, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(tmp_path / "small_gan")
    return tmp_path / "small_gan"


def saved(gan, tmp_path):
    gan.save_to_preset(tmp_path / "own")
    return tmp_path / "own"


def pixels(folder):
    return {path.name: np.array(Image.open(path)) for path in folder.iterdir()}


def assert_near(pixels, expected):
    assert np.abs(pixels - to_uint8(expected).astype(int)).max() <= 1


def test_generate_is_reproducible(cli, preset, tmp_path):
    for out, seed in (("a", 5), ("b", 5), ("c", 6)):
        cli("generate", preset, "--num", 3, "--seed", seed,
            "--out", tmp_path / out)  # fmt: skip
    a, b, c = (pixels(tmp_path / out) for out in "abc")
    assert list(sorted(a)) == [f"seed5_{i:05d}.png" for i in range(3)]
    for name in a:
        np.testing.assert_array_equal(a[name], b[name])
        assert a[name].shape == (16, 16)
    assert not np.array_equal(a["seed5_00000.png"], c["seed6_00000.png"])
    assert is_generated(tmp_path / "a" / "seed5_00000.png")

    gan = keras_gans.GAN.from_preset(preset)
    assert_near(a["seed5_00002.png"], gan.generate(3, seed=5)[2, ..., 0])


def test_generate_one_picture(cli, preset, tmp_path):
    cli("generate", preset, "--num", 4, "--out", tmp_path / "four.png")
    assert Image.open(tmp_path / "four.png").size == (38, 38)
    cli("generate", preset, "--num", 4, "--grid", "--out", tmp_path / "four")
    assert list(pixels(tmp_path / "four")) == ["seed0_grid.png"]
    cli("generate", preset, "--num", 1, "--out", tmp_path / "one.png")
    assert Image.open(tmp_path / "one.png").size == (16, 16)


def test_more_than_a_batch(cli, preset, tmp_path):
    cli("generate", preset, "--num", 300, "--out", tmp_path / "many")
    made = pixels(tmp_path / "many")
    assert len(made) == 300
    gan = keras_gans.GAN.from_preset(preset)
    assert_near(made["seed0_00299.png"], gan.generate(300, seed=0)[299, ..., 0])


@pytest.fixture
def conditional(tmp_path):
    names = ["bag", "T-shirt/top", "coat"]
    gan = keras_gans.ConditionalGAN(
        (16, 16, 1), 3, latent_dim=6, units=24, seed=1, class_names=names
    )
    return gan, saved(gan, tmp_path)


@pytest.mark.parametrize("labels", ["coat,bag", "2,bag", "2,0"])
def test_classes_by_name_or_number(cli, conditional, tmp_path, labels):
    gan, preset = conditional
    cli("generate", preset, "--num", 3, "--labels", labels,
        "--truncation", 0.5, "--out", tmp_path / "out")  # fmt: skip
    expected = gan.generate(3, seed=0, labels=[2, 0, 2], truncation=0.5)
    made = pixels(tmp_path / "out")
    names = [f"seed0_{i:05d}_{n}.png" for i, n in
             enumerate(("coat", "bag", "coat"))]  # fmt: skip
    assert sorted(made) == names
    assert_near(np.stack([made[name] for name in names]), expected[..., 0])


def test_classes_in_file_names_and_beside_rows(cli, conditional, tmp_path):
    _, preset = conditional
    cli("generate", preset, "--num", 4, "--out", tmp_path / "out")
    assert sorted(pixels(tmp_path / "out"))[1] == "seed0_00001_T-shirt-top.png"
    cli("generate", preset, "--num", 6, "--out", tmp_path / "grid.png")
    width, height = Image.open(tmp_path / "grid.png").size
    assert height == 3 * 18 + 2 and width > 2 * 18 + 2 + 30


@pytest.mark.parametrize(
    ("labels", "message"),
    [("coot", "nearest: ['coat'"), ("3", "from 3 to 3"), ("", "Received: ''")],
)
def test_wrong_classes(cli, conditional, tmp_path, labels, message):
    _, preset = conditional
    output = cli("generate", preset, "--labels", labels,
                 "--out", tmp_path / "x", code=2)  # fmt: skip
    assert message in output
    assert not (tmp_path / "x").exists()


def test_a_gan_without_classes(cli, preset, tmp_path):
    output = cli("generate", preset, "--labels", "bag", "--out",
                 tmp_path / "x", code=2)  # fmt: skip
    assert "GAN takes latents" in output and "Received: labels" in output


def test_inputs_from_a_folder(cli, photos, tmp_path):
    gan = Pairs(seed=1)
    preset = saved(gan, tmp_path)
    (photos / "more").mkdir()
    (photos / "07.png").rename(photos / "more" / "07.png")
    cli("generate", preset, "--inputs", photos, "--out", tmp_path / "made")
    made = pixels(tmp_path / "made")
    assert len(made) == 40 and "more_07.png" in made
    photo = np.array(Image.open(photos / "03.png"))[None, ..., None]
    assert_near(made["03.png"], gan.generate(inputs=photo)[0, ..., 0])

    cli("generate", preset, "--inputs", f"inputs={photos}", "--num", 2,
        "--out", tmp_path / "two.png")  # fmt: skip
    sheet = np.array(Image.open(tmp_path / "two.png"))
    np.testing.assert_array_equal(
        sheet[2:18, 2:18], np.array(Image.open(photos / "00.png"))
    )
    assert sheet.shape == (2 * 18 + 2, 2 * 16 + 4)


def test_inputs_that_differ_in_their_ending_alone(cli, photos, tmp_path):
    Image.open(photos / "03.png").save(photos / "03.bmp")
    preset = saved(Pairs(seed=1), tmp_path)
    cli("generate", preset, "--inputs", photos, "--out", tmp_path / "made")
    made = pixels(tmp_path / "made")
    assert len(made) == 41 and {"03_png.png", "03_bmp.png"} < set(made)


def test_inputs_of_another_size_are_resized(cli, tmp_path):
    preset = saved(Pairs(seed=1), tmp_path)
    (tmp_path / "large").mkdir()
    colour = np.full((40, 60, 3), 90, "uint8")
    Image.fromarray(colour).save(tmp_path / "large" / "one.jpg")
    cli("generate", preset, "--inputs", tmp_path / "large",
        "--out", tmp_path / "made")  # fmt: skip
    assert pixels(tmp_path / "made")["one.png"].shape == (16, 16)


def test_inputs_from_an_array(cli, images, tmp_path):
    gan = Pairs(seed=1)
    np.save(tmp_path / "inputs.npy", images[:3])
    cli("generate", saved(gan, tmp_path), "--inputs", tmp_path / "inputs.npy",
        "--out", tmp_path / "made")  # fmt: skip
    expected = gan.generate(inputs=images[:3])[2, ..., 0]
    assert_near(pixels(tmp_path / "made")["00002.png"], expected)


def side_by_side(folder, images):
    folder.mkdir()
    for i, (left, right) in enumerate(zip(images, images[::-1], strict=True)):
        both = np.concatenate([left, right], 1)[..., 0]
        Image.fromarray(both).save(folder / f"{i}.png")
    return folder


def test_pairs_show_what_was_to_be_made(cli, images, tmp_path):
    folder = side_by_side(tmp_path / "pairs", images[:4])
    preset = saved(Pairs(seed=1), tmp_path)
    cli("generate", preset, "--data", folder, "--num", 1,
        "--out", tmp_path / "one.png")  # fmt: skip
    sheet = np.array(Image.open(tmp_path / "one.png"))
    np.testing.assert_array_equal(sheet[:, :16], images[0, ..., 0])
    np.testing.assert_array_equal(sheet[:, 32:], images[3, ..., 0])
    cli("generate", preset, "--data", folder, "--out", tmp_path / "made")
    assert sorted(pixels(tmp_path / "made")) == [
        f"0000{i}.png" for i in range(4)
    ]


def test_two_folders_without_pairs(cli, images, tmp_path):
    for name in "AB":
        (tmp_path / "sets" / name).mkdir(parents=True)
        for i, image in enumerate(images[: 3 if name == "A" else 4, ..., 0]):
            Image.fromarray(image).save(tmp_path / "sets" / name / f"{i}.png")
    cli("generate", saved(UnpairedImages(seed=1), tmp_path), "--data",
        tmp_path / "sets", "--out", tmp_path / "all.png")  # fmt: skip
    height, width = np.array(Image.open(tmp_path / "all.png")).shape
    assert (height % 18, width % 34) == (2, 2)  # inputs, and what was made


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--inputs", "{}/none"], "no such folder"),
        (["--inputs", "photos={}"], "Received: --inputs photos="),
        ([], "Pairs needs `inputs`"),
        (["--inputs", "{}", "--truncation", 1], "Received: truncation"),
        (["--data", "{}"], "does not hold two images side by side"),
    ],
)
def test_wrong_inputs(cli, photos, tmp_path, arguments, message):
    if "--data" in arguments:
        Image.new("L", (17, 16)).save(photos / "odd.png")
    arguments = [str(a).format(photos) for a in arguments]
    preset = saved(Pairs(seed=1), tmp_path)
    output = cli("generate", preset, *arguments, "--out", tmp_path / "x",
                 code=2)  # fmt: skip
    assert message in output and "Received" in output


def test_data_for_a_gan_that_needs_none(cli, preset, photos):
    output = cli("generate", preset, "--data", photos, code=2)
    assert "Received: GAN, which draws latents" in output


def test_sounds(cli, tmp_path):
    gan = Sound(seed=1, class_names=["drum", "flute", "horn"])
    preset = saved(gan, tmp_path)
    cli("generate", preset, "--num", 2, "--labels", "horn", "--seed", 3,
        "--out", tmp_path / "made")  # fmt: skip
    path = tmp_path / "made" / "seed3_00001_horn.wav"
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, 64)
        samples = np.frombuffer(file.readframes(64), "<i2")
    expected = gan.generate(2, seed=3, labels=["horn", "horn"])[1, :, 0]
    np.testing.assert_allclose(samples / 32767, expected, atol=1e-4)
    cli("generate", preset, "--num", 3, "--out", tmp_path / "waves.png")
    assert Image.open(tmp_path / "waves.png").size[1] > 64


def test_several_outputs(cli, tmp_path):
    gan = Tree(seed=1)
    preset = saved(gan, tmp_path)
    cli("generate", preset, "--num", 2, "--out", tmp_path / "made")
    made = pixels(tmp_path / "made")
    assert sorted(made) == [
        f"seed0_0000{i}_{name}.png" for i in range(2)
        for name in ("images", "maps")
    ]  # fmt: skip
    expected = gan.generate(2, seed=0)["maps"][1, ..., 0]
    assert_near(made["seed0_00001_maps.png"], expected)


def test_channels_of_pictures(cli, tmp_path):
    gan = keras_gans.GAN((16, 16, 5), latent_dim=4, units=20, seed=1)
    preset = saved(gan, tmp_path)
    for option, shown in (([], [0, 1, 2]), (["--show-channels", "4"], [4])):
        cli("generate", preset, "--num", 1, "--out", tmp_path / "one.png",
            *option)  # fmt: skip
        sheet = np.array(Image.open(tmp_path / "one.png"))
        expected = gan.generate(1, seed=0)[0][..., shown]
        assert_near(sheet.reshape(16, 16, -1), expected)
    cli("generate", preset, "--num", 2, "--out", tmp_path / "made")
    made = np.load(tmp_path / "made" / "seed0_00001.npy")
    assert_near(made, gan.generate(2, seed=0)[1])


def test_a_run_that_diverged(cli, train, tmp_path):
    train()
    run = tmp_path / "run"
    gan = load_preset(run)
    bias = gan.generator.trainable_weights[-1]
    bias.assign(np.full(bias.shape, np.nan))
    gan.save_weights(run / "backup" / "latest.weights.h5")
    output = cli("generate", run, "--out", tmp_path / "x", code=2)
    assert "not finite" in output and f"Received: {run}" in output


def test_out_is_a_folder_or_a_picture(cli, preset):
    output = cli("generate", preset, "--out", "x.jpg", code=2)
    assert "Received: 'x.jpg'" in output
