import inspect
import json
import re
import runpy
from pathlib import Path

import keras
import pytest

import keras_gans
from keras_gans.metrics import fid
from keras_gans.presets import publishing
from keras_gans.presets.folder import FILES, VOCABULARY

ZOO = Path(__file__).parents[1] / "zoo"
PRESETS = keras_gans.list_presets()
# Published by their recipes from what a benchmark trained.
PUBLISHED = {"dfgan_anime"}


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_complete(name):
    files = {path.name for path in (ZOO / name).iterdir()}
    assert {"recipe.py", "README.md", "samples.png"} <= files
    recipe = (ZOO / name / "recipe.py").read_text()
    parts = [ZOO / name / part for part in (*FILES, VOCABULARY)]
    size = sum(path.stat().st_size for path in parts if path.exists())
    if name in PUBLISHED:
        assert "publishing.publish(" in recipe
        assert size < 15e6
    else:
        assert len(recipe.splitlines()) <= 25
        assert "publishing.make_preset(" in recipe
        assert size < 13e6
    card = (ZOO / name / "README.md").read_text()
    for record in PRESETS[name]["metadata"]["metrics"]:
        assert record["name"] in card
        assert f"{record['value']:.4f}" in card


def plain(value):
    """A config without the names and the precision of the layers in it."""
    if isinstance(value, keras.layers.Layer):
        value = keras.saving.serialize_keras_object(value)
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in ("name", "dtype")}
        return {k: plain(v) for k, v in kept.items()}
    return [*map(plain, value)] if isinstance(value, list) else value


@pytest.mark.parametrize("name", sorted({*PRESETS} - PUBLISHED))
def test_recipes_train_what_the_presets_hold(name, monkeypatch):
    calls = []
    signature = inspect.signature(publishing.make_preset)

    def note(*args, **kwargs):
        calls.append(signature.bind(*args, **kwargs))

    monkeypatch.setattr(publishing, "make_preset", note)
    runpy.run_path(str(ZOO / name / "recipe.py"))
    (call,) = calls
    call.apply_defaults()
    given = call.arguments
    about = PRESETS[name]["metadata"]
    config = json.loads((ZOO / name / "config.json").read_text())["config"]
    own = given["gan"].get_config()
    assert own["dtype"] == about["precision"]
    changed = {k for k in own if plain(own[k]) != plain(config.get(k))}
    # Presets run in float32, and names of classes come from the data.
    assert changed <= {"dtype", "class_names", "own_stabilizers"}
    assert Path(given["script"]).parent.name == name
    title = given["data_set"].title
    rows = re.match(f"{title}, ([\\d,]+) training", about["dataset"])[1]
    rows = int(rows.replace(",", ""))
    assert rows == 60_000 or "MNIST" not in title
    passes = given["steps_per_epoch"] or rows // given["batch_size"]
    assert about["steps"] == given["epochs"] * passes
    assert about["images_seen"] == about["steps"] * given["batch_size"]
    assert about["license"] == given["data_set"].license
    networks = given["data_set"].networks_for(**given["options"])
    if networks is None:
        networks = ["colour_classifier"]
    assert [about["metrics"][0]["feature_network"]] == (networks or ["images"])


@pytest.mark.parametrize("name", PRESETS)
def test_the_readme_shows_what_its_card_says(name):
    readme = (ZOO.parent / "README.md").read_text()
    (row,) = (x for x in readme.splitlines() if f"[`{name}`](zoo/" in x)
    score, *others = PRESETS[name]["metadata"]["metrics"]
    assert f"`{PRESETS[name]['class']}`" in row
    if score["metric"] != "fid":  # pictures made of pictures
        (psnr, *_) = (x for x in others if x["metric"] == "psnr")
        assert f"{psnr['value']:.2f} dB" in row
        return
    assert f"| {score['value']:.3f} |" in row
    for inception in (x for x in others if x["name"] == "fid[inception_768]"):
        assert f"| {inception['value']:.3f} |" in row
    assert score["feature_network"].removesuffix("_classifier") in row


@pytest.mark.parametrize("name", PRESETS)
def test_records_name_no_place_on_a_machine(name):
    for record in PRESETS[name]["metadata"]["metrics"]:
        assert not Path(record["real"] or "").is_absolute()
        assert not Path(record["fake"] or "").is_absolute()


def test_dcgan_fashion_mnist_is_as_good_as_its_card_says():
    # 2,000 samples against 10,000 images score 4.3; noise scores hundreds,
    # and the same generator after one epoch above 20.
    gan = keras_gans.DCGAN.from_preset("dcgan_fashion_mnist")
    real = keras_gans.data.load("fashion_mnist_10k")
    record = fid(real, gan.generate(2000, seed=0))
    assert record.value < 5.0
