import json

import numpy as np
import pytest
from contract import tiny

from keras_gans import AdversarialModel
from keras_gans.presets.folder import CONFIG, FILES, VOCABULARY


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words") / "preset"
    gan = tiny("Worded")
    gan.save_to_preset(folder)
    return gan, folder


@pytest.fixture
def preset(saved, tmp_path):
    _, folder = saved
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def test_words_are_a_file_that_the_configuration_refers_to(saved):
    gan, folder = saved
    assert {p.name for p in folder.iterdir()} == {*FILES, VOCABULARY}
    config = json.loads((folder / CONFIG).read_text())["config"]
    assert config["prompts"]["config"]["vocabulary"] == {"file": VOCABULARY}
    words = json.loads((folder / VOCABULARY).read_text())
    assert words == gan.takes["prompts"].vocabulary.get_config()
    loaded = AdversarialModel.from_preset(folder)
    np.testing.assert_array_equal(
        loaded.generate("long hair", seed=0), gan.generate("long hair", seed=0)
    )


def test_a_missing_vocabulary_is_named(preset):
    (preset / VOCABULARY).unlink()
    with pytest.raises(FileNotFoundError, match="there is no vocabulary"):
        AdversarialModel.from_preset(preset)


def test_an_altered_vocabulary_is_refused(preset):
    text = (preset / VOCABULARY).read_text()
    (preset / VOCABULARY).write_text(text.replace('"red"', '"reb"'))
    with pytest.raises(ValueError, match="of the preset is damaged"):
        AdversarialModel.from_preset(preset)


def test_a_preset_that_forgets_its_vocabulary_is_refused(preset):
    (preset / VOCABULARY).unlink()
    path = preset / "metadata.json"
    about = json.loads(path.read_text())
    del about["sha256"][VOCABULARY]
    path.write_text(json.dumps(about))
    with pytest.raises(FileNotFoundError, match="which is missing"):
        AdversarialModel.from_preset(preset)


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_archives_hold_the_vocabulary(saved, kind, tmp_path, monkeypatch):
    import shutil

    gan, folder = saved
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    archive = shutil.make_archive(str(tmp_path / "words"), kind, folder)
    loaded = AdversarialModel.from_preset(archive)
    assert loaded.takes["prompts"].vocabulary == gan.takes["prompts"].vocabulary


def test_a_url_is_asked_for_the_vocabulary_too(preset, server, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(preset.parent / "home"))
    AdversarialModel.from_preset(f"{server.url}/copy")
    assert server.requests == [f"/copy/{n}" for n in (*FILES, VOCABULARY)]
    (preset / VOCABULARY).write_text("{}")
    with pytest.raises(ValueError, match="of the preset is damaged"):
        AdversarialModel.from_preset(f"{server.url}/copy/")


def test_an_index_lists_the_vocabulary(saved):
    from keras_gans.presets import index

    entry = index._entry(saved[1])
    assert set(entry["files"]) == set(entry["sizes"]) == {*FILES, VOCABULARY}
