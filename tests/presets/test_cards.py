"""Cards follow from the metadata of their preset."""

import shutil
from pathlib import Path

import pytest

from keras_gans.presets.publication.cards import write_card

ZOO = Path(__file__).parents[2] / "zoo"
FILES = (
    "README.md",
    "config.json",
    "metadata.json",
    "recipe.py",
    "samples.png",
)


@pytest.mark.parametrize(
    "name", sorted(p.parent.name for p in ZOO.glob("*/metadata.json"))
)
def test_cards_of_the_zoo_are_what_their_metadata_say(name, tmp_path):
    folder = tmp_path / name
    folder.mkdir()
    for file in (*FILES, "model.weights.h5"):
        shutil.copy(ZOO / name / file, folder)
    write_card(folder)
    assert (folder / "README.md").read_bytes() == (
        ZOO / name / "README.md"
    ).read_bytes()
