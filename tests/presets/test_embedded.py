"""Presets that ship in the package: an installed wheel has no zoo."""

import filecmp
from pathlib import Path

import pytest
import tomllib

import keras_gans
from keras_gans.presets import index
from keras_gans.presets.folder import FILES, write_files
from keras_gans.presets.origins import sources
from keras_gans.presets.origins.sources import find

ROOT = Path(__file__).parents[2]
EMBEDDED = [
    "conditional_gan_mnist",
    "dcgan_fashion_mnist",
    "r3gan_fashion_mnist",
]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The package as it is installed: its index, and no zoo beside it."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KERAS_GANS_ZOO", raising=False)
    monkeypatch.setattr(sources, "CHECKOUT", tmp_path / "nowhere")
    monkeypatch.setattr(index, "ZOO_URL", "http://127.0.0.1:1/zoo")


def test_they_are_those_of_the_zoo_and_small():
    folders = [p for p in index.EMBEDDED.iterdir() if p.is_dir()]
    assert sorted(p.name for p in folders) == EMBEDDED
    for folder in folders:
        assert sorted(p.name for p in folder.iterdir()) == sorted(FILES)
        for name in FILES:
            original = ROOT / "zoo" / folder.name / name
            assert filecmp.cmp(folder / name, original, shallow=False)
    files = [p for p in index.EMBEDDED.rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) < 8e6


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_name_needs_neither_a_checkout_nor_a_network(name):
    assert find(name) == index.EMBEDDED / name
    gan = keras_gans.AdversarialModel.from_preset(name)
    assert gan.generate(2, seed=0).shape == (2, 28, 28, 1)


def test_the_others_come_from_the_url_with_their_hashes(monkeypatch, tmp_path):
    with pytest.raises(OSError, match=r"fetched.*Received: http://127.0.0.1:1"):
        find("wgan_fashion_mnist")
    # Another zoo has files of the same names, and other contents.
    files = {name: b"{}" for name in FILES}
    write_files(tmp_path / "zoo" / "wgan_fashion_mnist", files)
    monkeypatch.setenv("KERAS_GANS_ZOO", str(tmp_path / "zoo"))
    with pytest.raises(ValueError, match=r"not the published one.*Received: w"):
        find("wgan_fashion_mnist")


def test_the_index_is_that_of_the_zoo(tmp_path, monkeypatch):
    current = index.INDEX.read_bytes()
    copy = tmp_path / "embedded"
    monkeypatch.setattr(index, "INDEX", tmp_path / "index.json")
    monkeypatch.setattr(index, "EMBEDDED", copy)
    (copy / "dcgan_fashion_mnist").mkdir(parents=True)
    index.build_index(ROOT / "zoo")
    assert (tmp_path / "index.json").read_bytes() == current
    assert sorted(p.name for p in copy.iterdir()) == ["dcgan_fashion_mnist"]
    assert find(copy / "dcgan_fashion_mnist")


def test_a_wheel_takes_along_all_that_is_no_code():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = ROOT / "keras_gans"
    patterns = project["tool"]["setuptools"]["package-data"]["keras_gans"]
    taken = {path for pattern in patterns for path in package.glob(pattern)}
    others = {
        path
        for path in package.rglob("*")
        if path.is_file()
        and path.suffix not in (".py", ".pyc")
        and path.name != ".gitattributes"
    }
    assert len(others) > 15
    assert others <= taken
