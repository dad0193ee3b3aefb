import json

import contract
import numpy as np
import own_variants
import pytest
from PIL import Image

import keras_gans
from keras_gans import metrics
from keras_gans.presets import note_scores, publishing


@pytest.fixture
def clothes():
    return keras_gans.data.load("fashion_mnist_10k")[np.arange(200)]


def publish_small(gan, folder, data, **kwargs):
    return publishing.publish(
        gan,
        folder,
        data,
        description="clothes",
        dataset="Fashion-MNIST",
        license="MIT",
        rows_seen=192,
        num_samples=150,
        **kwargs,
    )


def publish(folder, images, variant="GAN", **kwargs):
    cls = getattr(keras_gans, variant)
    gan = cls((28, 28, 1), latent_dim=4, units=24, seed=1, **kwargs)
    gan.compile()
    data = (images, np.arange(len(images)) % 10)
    gan.fit(*data[: 2 if variant == "ConditionalGAN" else 1], verbose=0)
    return gan, publish_small(gan, folder, images)


@pytest.mark.filterwarnings("ignore:fid")
def test_a_published_preset_says_how_it_scores(tmp_path, clothes):
    folder = tmp_path / "small_gan"
    gan, (record,) = publish(folder, clothes, dtype="mixed_bfloat16")
    shipped = keras_gans.GAN.from_preset(folder)
    assert shipped.dtype_policy.name == "float32"
    again = metrics.fid(clothes, shipped.generate(150, seed=0))
    assert record.value == pytest.approx(again.value, rel=1e-6)
    about = json.loads((folder / "metadata.json").read_text())["metadata"]
    assert about["metrics"] == [json.loads(record.to_json())]
    assert about["steps"] == int(gan.steps) == 3
    assert about["precision"] == "mixed_bfloat16"
    card = (folder / "README.md").read_text()
    assert card.startswith("# small_gan\n")
    assert f"| `{record.name}` | {record.value:.4f} | none | 200 of " in card
    assert "generator: Adam, rate 0.0002; discriminator: Adam" in card
    assert "latent_dim=4, units=24" in card
    assert (folder / "samples.png").stat().st_size > 1000


@pytest.mark.filterwarnings("ignore:fid")
def test_labels_are_drawn_as_the_data_have_them(tmp_path, clothes):
    labels = np.repeat([0, 0, 0, 4], 50)  # uneven
    source = keras_gans.data.Images(clothes, labels, None, "clothes")
    gan = keras_gans.ConditionalGAN((28, 28, 1), 5, latent_dim=4, units=24)
    gan.compile()
    fid = publish_small(gan, tmp_path, source)[0]
    assert fid.labels == "as the reference set"
    drawn = metrics.labels_for(gan, source, 150)
    assert list(np.bincount(drawn)) in ([112, 0, 0, 0, 38], [113, 0, 0, 0, 37])
    made = type(gan).from_preset(tmp_path).generate(150, 0, labels=drawn)
    assert fid.value == pytest.approx(metrics.fid(source, made).value)


@pytest.mark.filterwarnings("ignore:fid")
@pytest.mark.parametrize("variant", own_variants.VARIANTS)
def test_any_variant_is_published(variant, tmp_path):
    gan = contract.tiny(variant)
    rows = contract.rows_for(gan)
    records = publish_small(gan, tmp_path, rows)
    shipped = type(gan).from_preset(tmp_path)
    about = json.loads((tmp_path / "metadata.json").read_text())
    parameters = about["metadata"]["parameters"]
    assert list(parameters) == list(gan.players)
    assert sum(parameters.values()) == about["parameter_count"]
    for player, num in parameters.items():
        networks = gan.networks_of(player)
        assert num == sum(n.count_params() for n in networks)
    with Image.open(tmp_path / "samples.png") as sheet:
        assert len(np.unique(np.asarray(sheet))) > 2
    card = (tmp_path / "README.md").read_text()
    made, asked = next(iter(gan.makes)), "16, "
    if variant == "Pairs":
        (record,) = records
        again = shipped.score_rows(keras_gans.data.Rows(rows))["l1"]
        assert record.name == "l1[images]" and record.value == again
        asked = "inputs=..., "
    else:
        assert records == []
    asked = "images_a=..., " if variant == "UnpairedImages" else asked
    assert f"{made} = gan.generate({asked}seed=0)" in card
    assert ("## Scores" in card) == bool(records)


def test_features_of_what_is_no_image_are_refused(tmp_path):
    gan = contract.tiny("Sound")
    with pytest.raises(ValueError, match=r"makes none.*Received: feature_n"):
        publish_small(
            gan,
            tmp_path / "preset",
            contract.rows_for(gan),
            feature_networks=["mnist_classifier"],
        )
    assert not (tmp_path / "preset").exists()


@pytest.mark.filterwarnings("ignore:fid")
def test_a_recipe_resumes_and_publishes(tmp_path, clothes, monkeypatch, capsys):
    script = tmp_path / "small_gan" / "recipe.py"
    np.save(tmp_path / "clothes.npy", clothes)
    arguments = [str(script), str(tmp_path / "clothes.npy"), str(tmp_path)]
    monkeypatch.setattr("sys.argv", arguments)
    data_set = publishing.FASHION_MNIST

    def run(epochs):
        gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20, seed=1)
        gan.compile()
        publishing.make_preset(
            gan, script, data_set, epochs=epochs, num_samples=100
        )
        return gan

    run(1)
    again = run(2)
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 3
    about = json.loads((tmp_path / "small_gan" / "metadata.json").read_text())
    about = about["metadata"]
    assert about["steps"] == int(again.steps) == 6
    assert about["images_seen"] == 6 * 64
    assert about["description"] == "GAN, 28x28 grey, trained on Fashion-MNIST"
    assert about["dataset"] == "Fashion-MNIST, 200 training images"
    assert "fid[fashion_mnist_classifier]" in capsys.readouterr().out


def test_a_data_set_names_its_classes(tmp_path):
    labels = np.arange(40) % 10
    images = np.zeros((40, 28, 28, 1), "uint8")
    np.savez(tmp_path / "data.npz", images=images, labels=labels)
    source = publishing.MNIST.read(str(tmp_path / "data.npz"), image_size=32)
    assert source.modalities["labels"].names == list("0123456789")
    text = publishing.MNIST.describe(source, image_size=32)
    assert text == "MNIST, 40 training images, as 32x32"
    networks = publishing.MNIST.networks_for(image_size=32)
    assert networks == ["mnist_classifier/clean"]


@pytest.mark.filterwarnings("ignore:fid")
def test_conditional_gans_make_their_classes_in_turn(tmp_path, clothes):
    gan, (fid, accuracy) = publish(tmp_path, clothes, "ConditionalGAN")
    labels = np.arange(150) % 10
    shipped = type(gan).from_preset(tmp_path)
    made = shipped.generate(150, seed=0, labels=labels)
    again = metrics.conditional_accuracy(labels, made)
    assert accuracy.value == pytest.approx(again.value, abs=1e-9)
    assert fid.value == pytest.approx(metrics.fid(clothes, made).value)


@pytest.mark.filterwarnings("ignore:fid")
def test_gans_that_are_told_in_words_draw_what_the_captions_say(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 16, 16, 3), dtype="uint8")
    captions = ["red eyes", "long blue eyes"] * 30
    faces = keras_gans.data.captioned((images, captions))
    gan = own_variants.VARIANTS["Worded"](seed=1)
    gan.compile()
    gan.fit(faces, batch_size=20, verbose=0)
    (record,) = publish_small(gan, tmp_path, faces)
    shipped = type(gan).from_preset(tmp_path)
    ids = shipped.takes["prompts"].check(captions * 3)[:150]
    made = shipped.generate(prompts=ids, seed=0)
    again = metrics.fid(images, made, "colour_classifier")
    assert record.value == pytest.approx(again.value, rel=1e-6)


@pytest.mark.filterwarnings("ignore:fid")
def test_scores_are_added_and_what_was_written_by_hand_stays(tmp_path, clothes):
    _, (record,) = publish(tmp_path, clothes)
    card = tmp_path / "README.md"
    card.write_text(card.read_text() + "\n## Limits\n\nSmall.\n")
    other = metrics.fid(clothes[:100], clothes[100:])
    publishing.add_scores(tmp_path, [other])
    text = card.read_text()
    assert text.endswith("\n## Limits\n\nSmall.\n")
    assert f"{record.value:.4f}" in text and f"{other.value:.4f}" in text
    publishing.write_card(tmp_path)
    assert card.read_text() == text


def test_a_newer_score_takes_an_older_ones_place(tmp_path, clothes):
    gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20)
    gan.save_to_preset(tmp_path, metadata={"license": "MIT"})
    with pytest.warns(UserWarning, match="fid"):
        one, other = (
            metrics.fid(clothes[:100], clothes[n : n + 100]) for n in (50, 100)
        )
    note_scores(tmp_path, [one])
    note_scores(tmp_path, [other])
    about = json.loads((tmp_path / "metadata.json").read_text())["metadata"]
    assert about["license"] == "MIT"
    assert [r["value"] for r in about["metrics"]] == [other.value]
    assert keras_gans.GAN.from_preset(tmp_path).generate(2).shape[0] == 2
