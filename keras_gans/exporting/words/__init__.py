"""What lies beside an export that is told in words: rules and tokenizers."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from keras_gans.modalities import Modality, Text

VOCABULARY = "vocabulary.json"
"""The rules: what `Vocabulary.get_config` returns, and the `length`."""

TOKENIZERS = ("tokenizer.py", "tokenizer.js")
"""Programs of 40 lines that make ids of a sentence, and need nothing else."""


def write_words(folder: Path, takes: Mapping[str, Modality]) -> None:
    """Writes the vocabulary and the tokenizers, where words are taken.

    Args:
        folder: Where to; it is made where it is missing.
        takes: What a generator takes, by name.
    """
    for modality in takes.values():
        if isinstance(modality, Text):
            folder.mkdir(parents=True, exist_ok=True)
            rules = modality.vocabulary.get_config()
            text = json.dumps({**rules, "length": modality.length})
            (folder / VOCABULARY).write_text(text, encoding="utf-8")
            for name in TOKENIZERS:
                shutil.copyfile(Path(__file__).with_name(name), folder / name)
