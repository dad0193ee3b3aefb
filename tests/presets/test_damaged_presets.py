"""A damaged preset is refused with one clear error, and not made either."""

import json
import shutil

import hostile
import numpy as np
import pytest
from small_gans import same_images, small

import keras_gans
from keras_gans.presets import load_preset, note_scores, save_to_preset

TEXTS = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b'"text"',
    b"\xff\xfe{}",
    b"[" * 100_000,
    b'{"a": ' * 100_000,
    b"{'class_name': 'GAN'}",
    bytes(1000),
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("name", ["config.json", "metadata.json"])
def test_json(name, text, preset):
    (preset / name).write_bytes(text)
    if name == "config.json":
        hostile.sign(preset)
    with pytest.raises(ValueError, match=rf"{name}.*Received: .*small_gan"):
        load_preset(keras_gans.GAN, preset)


CONFIGS = [
    {},
    {"config": None},
    {"config": []},
    {"config": "x"},
    {"registered_name": None},
    {"registered_name": 5},
    {"registered_name": ["keras_gans>GAN"]},
    {"registered_name": {"a": 1}},
    {"registered_name": "keras_gans>"},
    {"registered_name": "keras_gans>AdversarialModel"},
]


@pytest.mark.parametrize("changes", CONFIGS, ids=str)
def test_configurations(changes, preset):
    config = json.loads((preset / "config.json").read_text())
    config = {**config, **changes} if changes else {}
    (preset / "config.json").write_text(json.dumps(config))
    hostile.sign(preset)
    with pytest.raises(ValueError, match=r"Received: .*small_gan"):
        load_preset(keras_gans.AdversarialModel, preset)


ARGUMENTS = [
    {"units": "many"},
    {"units": None},
    {"units": -1},
    {"units": 0},
    {"units": 1.5},
    {"units": [20]},
    {"units": {"class_name": "Dense", "config": {}}},
    {"latent_dim": "4"},
    {"image_shape": [16]},
    {"image_shape": "16"},
    {"image_shape": [16, 16, "1"]},
    {"image_shape": [-16, -16, 1]},
    {"loss": "unknown"},
    {"loss": 5},
    {"seed": -1},
    {"dtype": "float7"},
    {"ema_decay": 2},
    {"stabilizers": ["R1"]},
    {"generator": "network"},
    {"generator": {"class_name": "Gone", "config": {}}},
    {"frozen_layers": ["generator/0/99"]},
    {"frozen_layers": 5},
    {"an_argument": 1},
    # Others that are right, but not those of the weights.
    {"units": 21},
    {"latent_dim": 5},
    {"image_shape": [8, 8, 1]},
    {"ema_decay": 0.9},
]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=str)
@pytest.mark.filterwarnings("ignore:Skipping")
def test_arguments(arguments, preset):
    hostile.configure(preset, **arguments)
    with pytest.raises(ValueError, match=r"(?s)preset's.*Received: .*small_g"):
        load_preset(keras_gans.GAN, preset)


@pytest.mark.parametrize("content", [None, [], {"config.json": 5}, "x"])
def test_checksums_that_are_none(content, preset):
    about = json.loads((preset / "metadata.json").read_text())
    about["sha256"] = content
    (preset / "metadata.json").write_text(json.dumps(about))
    with pytest.raises(ValueError, match=r"SHA-256.*Received: .*small_gan"):
        load_preset(keras_gans.GAN, preset)


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
@pytest.mark.parametrize("kind", ["folder", "broken link"])
def test_a_file_that_is_none(name, kind, preset):
    (preset / name).unlink()
    if kind == "folder":
        (preset / name).mkdir()
    else:
        (preset / name).symlink_to("nowhere")
    with pytest.raises(FileNotFoundError, match=rf"no {name}.*Received:"):
        load_preset(keras_gans.GAN, preset)


def test_scores_of_a_damaged_preset(preset):
    (preset / "metadata.json").write_text("{")
    with pytest.raises(ValueError, match=r"metadata.json.*Received:"):
        note_scores(preset, [])


NUMBERS = [np.nan, np.inf, -np.inf]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("ema_decay", [None, 0.9])
def test_a_generator_that_diverged_is_not_saved(number, ema_decay, tmp_path):
    gan = small("DCGAN", ema_decay=ema_decay)
    save_to_preset(gan, tmp_path / "preset")
    shutil.copytree(tmp_path / "preset", tmp_path / "before")
    weight = gan.inference_generator.weights[-1]
    weight.assign(np.full(weight.shape, number, "float32"))
    with pytest.raises(ValueError, match=r"diverged.*Received: NaN or.*bias"):
        save_to_preset(gan, tmp_path / "preset")
    for path in (tmp_path / "before").iterdir():
        other = tmp_path / "preset" / path.name
        assert other.read_bytes() == path.read_bytes()


def test_a_discriminator_may_have_diverged(tmp_path):
    # The generator is what presets are used for.
    gan = small()
    kernel = gan.discriminator.weights[0]
    kernel.assign(np.full(kernel.shape, np.nan))
    save_to_preset(gan, tmp_path)
    assert same_images(load_preset(type(gan), tmp_path), gan)
