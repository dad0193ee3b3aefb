"""The model card of a preset, as text that asks nobody for anything."""

import re
from pathlib import Path
from typing import Any

from keras_gans.presets.origins.sources import CHECKOUT

MOST = 100_000
"""Characters of a card that are shown."""


def card_of(preset: str, gan: Any) -> str:
    """Returns a preset's model card, without its title, pictures and HTML.

    Pictures would be asked for where the card says, and HTML may be anything.

    Args:
        preset: The preset's name or folder.
        gan: Its GAN, which is described where there is no card.
    """
    folders = Path(preset).expanduser(), CHECKOUT / Path(preset).name
    for folder in folders:
        card = folder / "README.md"
        if card.is_file():
            with open(card, encoding="utf-8", errors="replace") as file:
                return plain(file.read(MOST))
    takes = ", ".join(f"{n}: {m.describe()}" for n, m in gan.takes.items())
    makes = ", ".join(f"{n}: {m.describe()}" for n, m in gan.makes.items())
    return plain(
        f"A {type(gan).__name__} without a card.\n\n"
        f"- It takes {takes}.\n- It makes {makes}.\n"
    )


def plain(markdown: str) -> str:
    """Returns Markdown without its title, pictures and HTML."""
    text = re.sub(r"^\s*# .*\n", "", markdown)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = text.replace("<", "&lt;")
    for _ in range(3):  # a picture may stand in the text of another
        text = re.sub(r"!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])?", "", text)
    return text.strip()
