"""The words of a preset: a file of its own beside the configuration."""

import copy
from pathlib import Path
from typing import Any

from keras_gans.modalities import Text
from keras_gans.presets.folder import VOCABULARY, read_json

REFERENCE = {"file": VOCABULARY}
"""What stands in a configuration in place of the words."""


def take_out(
    config: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Takes the vocabulary out of a configuration.

    Args:
        config: The content of `config.json`, whole.

    Returns:
        The configuration with `REFERENCE` in its place, and the vocabulary;
        None where there is none. A second, other vocabulary stays.
    """
    config = copy.deepcopy(config)
    found = None
    for text in _texts(config):
        found = text["vocabulary"] if found is None else found
        if text["vocabulary"] == found:
            text["vocabulary"] = REFERENCE
    return config, found


def put_back(
    config: dict[str, Any], folder: Path, origin: object
) -> dict[str, Any]:
    """Returns a configuration with the vocabulary of a preset's folder.

    Args:
        config: The content of `config.json`.
        folder: The preset's folder.
        origin: Where it comes from, for the message.

    Raises:
        FileNotFoundError: If the vocabulary is missing.
        ValueError: If it is damaged.
    """
    config = copy.deepcopy(config)
    for text in _texts(config):
        if text.get("vocabulary") == REFERENCE:
            path = folder / VOCABULARY
            if not path.is_file():
                raise FileNotFoundError(
                    f"The preset's words are in {VOCABULARY}, which is "
                    f"missing. Received: {origin}"
                )
            text["vocabulary"] = read_json(path, origin)
    return config


def _texts(config: Any) -> list[dict[str, Any]]:
    """Returns the configurations of all texts in one."""
    name = f"keras_gans>{Text.__name__}"
    found, left = [], [config]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            if part.get("registered_name") == name:
                found.append(part["config"])
            left.extend(part.values())
        elif isinstance(part, list):
            left.extend(part)
    return [text for text in found if isinstance(text, dict)]
