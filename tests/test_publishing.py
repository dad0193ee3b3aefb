import json

import numpy as np
import pytest

import keras_gans
from keras_gans import metrics
from keras_gans.presets import note_scores, publishing


@pytest.fixture
def clothes():
    return keras_gans.data.load("fashion_mnist_10k")[np.arange(200)]


def publish(folder, images, variant="GAN", **kwargs):
    cls = getattr(keras_gans, variant)
    gan = cls((28, 28, 1), latent_dim=4, units=24, seed=1, **kwargs)
    gan.compile()
    data = (images, np.arange(len(images)) % 10)
    gan.fit(*data[: 2 if variant == "ConditionalGAN" else 1], verbose=0)
    return gan, publishing.publish(
        gan,
        folder,
        images,
        description="clothes",
        dataset="Fashion-MNIST",
        license="MIT",
        images_seen=192,
        num_samples=150,
    )


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
def test_conditional_gans_make_their_classes_in_turn(tmp_path, clothes):
    gan, (fid, accuracy) = publish(tmp_path, clothes, "ConditionalGAN")
    labels = np.arange(150) % 10
    shipped = type(gan).from_preset(tmp_path)
    made = shipped.generate(150, seed=0, labels=labels)
    again = metrics.conditional_accuracy(labels, made)
    assert accuracy.value == pytest.approx(again.value, abs=1e-9)
    assert fid.value == pytest.approx(metrics.fid(clothes, made).value)


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
