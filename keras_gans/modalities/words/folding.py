"""The table by which the characters of a text become those of words."""

import functools
import unicodedata

LETTERS = (
    (0x0000, 0x058F),  # Latin, marks, Greek, Cyrillic, Armenian
    (0x1E00, 0x206F),  # more Latin and Greek, punctuation
    (0x2070, 0x214F),  # superscripts, currencies, letterlike symbols
    (0x3000, 0x303F),  # punctuation of Chinese and Japanese
    (0xFB00, 0xFB06),  # ligatures
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFF00, 0xFFFD),  # letters of full and half width
)
"""First and last code points of what the table covers."""

ALONE = (
    (0x2190, 0x2BFF),  # arrows, signs, dingbats
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x9FFF),  # Chinese characters
    (0xF900, 0xFAFF),
    (0x1F000, 0x1FAFF),  # emoji
    (0x20000, 0x3FFFF),  # Chinese characters
)
"""First and last code points of characters that are a word each."""

APOSTROPHES = "'`´ʼ‘’\uff07"


@functools.cache
def folding() -> dict[str, str]:
    """Returns what stands for a character, where that is another text.

    Case and accents go, as in `unicodedata`'s NFKD: "É" and "e" with an
    accent of its own are "e", "ß" is "ss". Punctuation and spaces become one
    space, apostrophes nothing. All other characters stay as they are.
    """
    chars = (
        chr(code) for first, last in LETTERS for code in range(first, last + 1)
    )
    table = {char: _folded(char) for char in chars}
    table["\ufeff"] = ""
    return {char: text for char, text in table.items() if char != text}


def _folded(char: str) -> str:
    if char in APOSTROPHES:
        return ""
    kind = unicodedata.category(char)
    if kind in ("Mn", "Cf"):
        return ""
    if kind[0] in "ZPSC" and unicodedata.normalize("NFKD", char) == char:
        return " "
    parts = unicodedata.normalize("NFKD", char)
    if parts == char:
        parts = char.casefold()
    return char if parts == char else "".join(map(_folded, parts))
