import collections
import json

import numpy as np
import pytest
from PIL import Image
from real_images import WEIGHTS

import keras_gans
from keras_gans import metrics

CLASSIFIER = ["--feature-network", "fashion_mnist_classifier"]


def write_folder(folder, images):
    folder.mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image[..., 0]).save(folder / f"{i:03d}.png")
    return folder


@pytest.fixture(scope="module")
def clothes():
    return keras_gans.data.load("fashion_mnist_10k").images


@pytest.fixture
def real(tmp_path, clothes):
    return write_folder(tmp_path / "real", clothes[:140])


@pytest.fixture
def fake(tmp_path, clothes):
    return write_folder(tmp_path / "fake", clothes[200:340] // 2)


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_two_folders(cli, real, fake, clothes, tmp_path):
    output = cli(
        "evaluate", "--real", real, "--fake", fake, *CLASSIFIER,
        "--metrics", "fid,kid,is,prdc",
        "--out", tmp_path / "out" / "scores.jsonl",
    )  # fmt: skip
    records = read(tmp_path / "out" / "scores.jsonl")
    values = {record["metric"]: record["value"] for record in records}
    assert list(values)[:2] == ["fid", "kid"]
    assert {"precision", "recall", "density", "coverage"} <= set(values)
    expected = metrics.fid(clothes[:140], clothes[200:340] // 2)
    assert values["fid"] == pytest.approx(expected.value, rel=1e-6)
    assert records[0]["real_checksum"] == expected.real_checksum
    assert (records[0]["num_real"], records[0]["num_fake"]) == (140, 140)
    assert (records[0]["real"], records[0]["fake"]) == ("real", "fake")
    assert records[1]["details"]["subset_size"] == 70  # not of a thousand
    for record in records:
        assert record["name"] in output
        assert f"{record['value']:.4g}" in output


def test_each_set_is_looked_at_once(cli, real, fake, monkeypatch):
    looked_at = collections.Counter()
    read = keras_gans.data.FolderImages.read

    def counted(images, rows):
        looked_at[images.name] += len(rows)
        return read(images, rows)

    monkeypatch.setattr(keras_gans.data.FolderImages, "read", counted)
    cli("evaluate", "--real", real, "--fake", fake, *CLASSIFIER,
        "--metrics", "prdc,kid,fid")  # fmt: skip
    assert looked_at == {"real": 140, "fake": 140}


def test_a_statistics_file_stands_for_the_real_images(
    cli, real, fake, tmp_path
):
    file = tmp_path / "stats.npz"
    output = cli("stats", real, "--out", file, *CLASSIFIER)
    assert "128 features of fashion_mnist_classifier on 140 images" in output
    for i, side in enumerate((file, real)):
        cli("evaluate", "--real", side, "--fake", fake, *CLASSIFIER,
            "--out", tmp_path / f"{i}.jsonl")  # fmt: skip
    ((of_file,), (of_images,)) = (
        read(tmp_path / f"{i}.jsonl") for i in range(2)
    )
    assert of_file["value"] == pytest.approx(of_images["value"], rel=1e-9)
    for record in (of_file, of_images):
        record.pop("value")
    assert of_file == of_images

    made = tmp_path / "made.npz"
    cli("stats", fake, "--out", made, *CLASSIFIER)
    output = cli("evaluate", "--real", file, "--fake", made, *CLASSIFIER)
    assert of_file["name"] in output and "140" in output


def test_a_preset_against_a_statistics_file(cli, tmp_path, clothes):
    gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    np.save(tmp_path / "real.npy", clothes[:140])
    file = tmp_path / "stats.npz"
    cli("stats", tmp_path / "real.npy", "--out", file, *CLASSIFIER)
    output = cli("evaluate", tmp_path / "gan", "--real", file,
                 "--num-samples", 130, "--seed", 4)  # fmt: skip
    assert "[fashion_mnist_classifier]" in output
    assert "130" in output and "140" in output


def test_num_samples_chooses_of_each_side(cli, real, fake, tmp_path):
    cli("evaluate", "--real", real, "--fake", fake, *CLASSIFIER,
        "--num-samples", 130, "--seed", 5,
        "--out", tmp_path / "scores.jsonl")  # fmt: skip
    (record,) = read(tmp_path / "scores.jsonl")
    assert (record["num_real"], record["num_fake"]) == (130, 130)
    assert record["seed"] == 5


def test_generated_images_on_the_real_side_are_noticed(cli, fake, tmp_path):
    gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    made = tmp_path / "made"
    cli("generate", tmp_path / "gan", "--num", 130, "--out", made)
    swapped = pytest.warns(UserWarning, match=r"\(made\).*generated.*swapped")
    with swapped:
        cli("evaluate", "--real", made, "--fake", fake, *CLASSIFIER)
    file = tmp_path / "made.npz"
    cli("stats", made, "--out", file, *CLASSIFIER)
    with swapped:
        cli("evaluate", "--real", file, "--fake", fake, *CLASSIFIER)


def test_the_same_images(cli, real, clothes, tmp_path):
    output = cli("evaluate", "--real", real, "--fake", f"{real}/", code=2)
    assert f"different ones. Received: {real}" in output
    copy = write_folder(tmp_path / "copy", clothes[:140])
    with pytest.warns(UserWarning, match="the very same images"):
        cli("evaluate", "--real", real, "--fake", copy, *CLASSIFIER)


def test_a_corrupt_image_is_named(cli, real, fake):
    (fake / "007.png").write_bytes(b"no picture")
    sides = ["evaluate", "--real", real, "--fake", fake, *CLASSIFIER]
    assert "007.png" in cli(*sides, code=2)
    with pytest.warns(UserWarning, match=r"007\.png"):
        assert "139" in cli(*sides, "--corrupt", "skip")


def test_mixed_sizes(cli, real, fake):
    Image.new("L", (40, 30)).save(fake / "007.png")
    sides = ["evaluate", "--real", real, "--fake", fake, *CLASSIFIER]
    output = cli(*sides, code=2)
    assert "differ in size: give `image_size`" in output
    assert f"{fake} with (height, width) from (28, 28) to (30, 40)" in output
    assert "140" in cli(*sides, "--image-size", 28)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give PRESET or --fake"),
        (["--real", "a"], "PRESET=None, --fake None"),
        (["--real", "a", "--data", "b", "--fake", "c"], "--data b"),
        (["gan", "--fake", "b", "--real", "a"], "PRESET=gan, --fake b"),
        (["--real", "a", "--fake", "b", "--metrics", "fidd"], "['fid'"),
        (["--real", "a", "--fake", "b", "--metrics", "fid,"], "Received: ''"),
        (["--real", "nowhere", "--fake", "b"], "Received: 'nowhere'"),
        (["--real", "a", "--fake", "b", "--resize", "bicubic"], "bicubic"),
        (
            ["--real", "a", "--fake", "b", "--feature-network", "incption_64"],
            "incption_64",
        ),
    ],
)
def test_wrong_arguments(cli, arguments, message, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    if "--feature-network" not in arguments and "--resize" not in arguments:
        arguments = [*arguments, *CLASSIFIER]
    output = cli("evaluate", *arguments, code=2)
    assert message in output and "Received" in output
    assert "Traceback" not in output


def test_wrong_statistics(cli, real, fake, tmp_path):
    file = tmp_path / "stats.npz"
    cli("stats", real, "--out", file, *CLASSIFIER)
    sides = ["evaluate", "--real", file, "--fake", fake, *CLASSIFIER]
    output = cli(*sides, "--metrics", "fid,kid", code=2)
    assert "Received: statistics of real as `real` for fid, kid" in output

    np.savez(tmp_path / "other.npz", mu=np.zeros(64), sigma=np.eye(64))
    sides[2] = tmp_path / "other.npz"
    output = cli(*sides, code=2)
    assert "128 features" in output and "other.npz of 64" in output
    output = cli("stats", real, "--out", tmp_path / "stats.pkl", code=2)
    assert "ends in .npz or .pt" in output


def test_too_few_images(cli, real, tmp_path, clothes):
    one = write_folder(tmp_path / "one", clothes[:1])
    output = cli("evaluate", "--real", real, "--fake", one, *CLASSIFIER,
                 code=2)  # fmt: skip
    assert "at least 2" in output and "Received: 1" in output
    (tmp_path / "none").mkdir()
    output = cli("evaluate", "--real", real, "--fake", tmp_path / "none",
                 *CLASSIFIER, code=2)  # fmt: skip
    assert "holds no images" in output


@pytest.mark.parametrize(
    ("values", "message"),
    [((0.0, 1.0), "0..1 floats"), ((0.0, 255.0), "from 0 to 255"),
     ((-1.0, np.nan), "must be finite")],
)  # fmt: skip
def test_images_in_a_wrong_range(cli, real, tmp_path, values, message):
    images = np.linspace(*values, 10 * 28 * 28).reshape(10, 28, 28, 1)
    np.save(tmp_path / "fake.npy", images)
    output = cli("evaluate", "--real", real, "--fake", tmp_path / "fake.npy",
                 *CLASSIFIER, code=2)  # fmt: skip
    assert message in output and "Received" in output


def test_a_picture_of_the_nearest_pairs(cli, real, fake, clothes, tmp_path):
    Image.fromarray(clothes[33, ..., 0]).save(fake / "050.png")  # A copy.
    sides = ["evaluate", "--real", real, "--fake", fake, *CLASSIFIER]
    file = tmp_path / "new" / "pairs.png"
    assert str(file) in cli(*sides, "--nearest-pairs", file)
    with Image.open(file) as picture:
        pixels = np.asarray(picture)
    assert pixels.shape == (4 * (28 + 4) + 4, 4 * (56 + 4) + 4)
    first = pixels[4:32, 4:60]
    np.testing.assert_array_equal(first[:, :28], clothes[33, ..., 0])
    np.testing.assert_array_equal(first[:, 28:], clothes[33, ..., 0])

    output = cli(*sides, "--nearest-pairs", tmp_path / "pairs.txt", code=2)
    assert "ends in .png" in output and "pairs.txt" in output
    smaller = write_folder(tmp_path / "small", clothes[:3, ::2, ::2])
    sides[2] = smaller
    output = cli(*sides, "--nearest-pairs", file, code=2)
    assert "(14, 14, 1) real and (28, 28, 1) fake" in output
    statistics = tmp_path / "stats.npz"
    cli("stats", real, "--out", statistics, *CLASSIFIER)
    sides[2] = statistics
    output = cli(*sides, "--nearest-pairs", file, code=2)
    assert "needs the images, not a statistics file" in output


def test_inception_in_a_resize_mode(cli, photos, tmp_path, monkeypatch):
    if not WEIGHTS.is_file():
        pytest.skip(f"there are no weights: {WEIGHTS}")
    monkeypatch.setenv("KERAS_GANS_INCEPTION", str(WEIGHTS))
    network = ["--feature-network", "inception_64"]
    legacy = [*network, "--resize", "legacy_pytorch"]
    others = write_folder(
        tmp_path / "others", np.zeros((30, 20, 20, 1), "uint8")
    )
    file = tmp_path / "stats.npz"
    cli("stats", photos, "--out", file, *legacy)
    with pytest.warns(UserWarning, match="only 30 images"):
        output = cli("evaluate", "--real", file, "--fake", others, *legacy)
    assert "legacy_pytorch]" in output

    output = cli("evaluate", "--real", file, "--fake", others, *network,
                 code=2)  # fmt: skip
    assert "'inception_64' (resize clean" in output
    assert "made with 'inception_64/legacy_pytorch'" in output
    output = cli("evaluate", "--real", photos, "--fake", others, *network,
                 "--metrics", "fid,is", code=2)  # fmt: skip
    assert "need a feature network with a classifier" in output


def test_the_network_is_chosen_by_the_real_images(
    cli, real, fake, clothes, tmp_path, monkeypatch
):
    output = cli("evaluate", "--real", real, "--fake", fake)
    assert "fid[fashion_mnist_classifier]" in output
    digits = write_folder(tmp_path / "mnist", 255 - clothes[:140])
    with pytest.warns(UserWarning, match=r"\(mnist\) are unlike the digits"):
        output = cli("evaluate", "--real", digits, "--fake", fake)
    assert "fid[mnist_classifier]" in output
    file = tmp_path / "stats.npz"
    cli("stats", real, "--out", file, "--feature-network", "mnist_classifier")
    output = cli("evaluate", "--real", file, "--fake", fake)
    assert "fid[mnist_classifier]" in output
    output = cli("evaluate", "--real", real, "--fake", fake,
                 "--resize", "legacy_pytorch")  # fmt: skip
    assert "fid[fashion_mnist_classifier/legacy_pytorch]" in output
    monkeypatch.setenv("KERAS_GANS_INCEPTION", "nowhere.npz")
    photos = write_folder(tmp_path / "photos", clothes[:5, 2:])
    output = cli("evaluate", "--real", photos, "--fake", photos.parent / "real",
                 code=1)  # fmt: skip
    assert "nowhere.npz" in output


def test_inception_without_its_weights(cli, real, fake, monkeypatch):
    monkeypatch.setenv("KERAS_GANS_INCEPTION", "nowhere.npz")
    output = cli("evaluate", "--real", real, "--fake", fake,
                 "--feature-network", "inception_64", code=1)  # fmt: skip
    assert "KERAS_GANS_INCEPTION" in output and "nowhere.npz" in output


def test_scores_can_be_noted_in_a_presets_folder(cli, tmp_path):
    gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    command = ["evaluate", tmp_path / "gan", "--data", "fashion_mnist_10k",
               "--num-samples", 140]  # fmt: skip
    out = tmp_path / "scores.jsonl"
    cli(*command, "--note", "--out", out)
    metadata = json.loads((tmp_path / "gan" / "metadata.json").read_text())
    assert metadata["metadata"]["metrics"] == read(out)
    assert read(out)[0]["fake"] == "gan"  # and no path of this machine
    command[1] = "dcgan_fashion_mnist"
    output = cli(*command, "--note", code=2)
    assert "Received: PRESET=dcgan_fashion_mnist" in output


def test_a_classifier_looks_for_what_was_asked_for(cli, tmp_path):
    gan = keras_gans.ConditionalGAN((28, 28, 1), latent_dim=4, units=24, seed=1)
    gan.save_to_preset(tmp_path / "gan")
    command = ["evaluate", tmp_path / "gan", "--data", "fashion_mnist_10k",
               "--num-samples", 130, "--metrics"]  # fmt: skip
    out = tmp_path / "scores.jsonl"
    cli(*command, "fid,conditional_accuracy", "--out", out)
    real = keras_gans.data.load("fashion_mnist_10k")
    labels = metrics.labels_like(real.labels, 130, seed=0)
    fake = gan.generate(130, seed=0, labels=labels)
    expected = metrics.conditional_accuracy(labels, fake)
    record = read(out)[1]
    assert record["value"] == pytest.approx(expected.value, abs=1 / 130)
    assert (record["seed"], record["labels"]) == (0, "as the reference set")
    command[1] = "dcgan_fashion_mnist"
    output = cli(*command, "conditional_accuracy", code=2)
    assert "Received: dcgan_fashion_mnist without labels" in output


def test_samples_have_the_classes_of_the_real_images(cli, clothes, tmp_path):
    write_folder(tmp_path / "data" / "a", clothes[:90])
    write_folder(tmp_path / "data" / "b", clothes[90:120])
    gan = keras_gans.ConditionalGAN(
        (28, 28, 1), num_classes=2, latent_dim=4, units=24, seed=1
    )
    gan.save_to_preset(tmp_path / "gan")
    out = tmp_path / "scores.jsonl"
    command = ["evaluate", tmp_path / "gan", "--data", tmp_path / "data",
               "--num-samples", 40, "--seed", 2, "--out", out]  # fmt: skip
    with pytest.warns(UserWarning, match="only 40 images"):
        cli(*command)
    (record,) = read(out)
    assert record["labels"] == "as the reference set"
    labels = metrics.labels_like([0] * 90 + [1] * 30, 40, seed=2)
    assert np.bincount(labels).tolist() == [30, 10]
    fake = gan.generate(40, seed=2, labels=labels)
    with pytest.warns(UserWarning, match="only 40 images"):
        expected = metrics.fid(clothes[:120], fake)
    assert record["value"] == pytest.approx(expected.value, rel=1e-4)


def test_a_gan_that_makes_no_images(cli, real, tmp_path, monkeypatch):
    class Speaker:
        scores = ()
        takes, makes = {}, {"sounds": keras_gans.modalities.Audio(64)}

    monkeypatch.setattr(
        keras_gans.AdversarialModel, "from_preset", lambda preset: Speaker()
    )
    output = cli("evaluate", "speaker", "--data", real, code=2)
    assert "must make images" in output and "Received" in output
