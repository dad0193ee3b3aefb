"""Each variant's networks are, row by row, those of its committed table."""

import pytest
from architecture import COMMAND, CONFIGURATIONS, FOLDER, architecture


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_networks_are_those_of_the_table(name):
    path = FOLDER / f"{name}.txt"
    expected = path.read_text() if path.is_file() else "no such file"
    made = architecture(name)
    assert made.splitlines() == expected.splitlines(), (
        f"{path.name} is not of these networks. If they are meant, write the "
        f"tables anew, with\n\n    {COMMAND}\n\nand read the difference."
    )


def test_every_table_is_of_a_configuration():
    stale = {path.stem for path in FOLDER.glob("*.txt")} - {*CONFIGURATIONS}
    assert not stale, f"Remove them with `{COMMAND}`."
