"""Sentences that mean the same, as the data say."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import ops

from keras_gans.modalities import Text, Vocabulary

COLOURS = (
    *("black", "white", "red", "green", "yellow", "blue"),
    *("brown", "purple", "pink", "orange", "grey"),
)
"""The words of a variant that is told none."""


def default_prompts() -> Text:
    """Returns sentences of the eleven basic colour words."""
    return Text(Vocabulary(COLOURS))


def group_numbers(
    prompts: Text, synonyms: Sequence[Sequence[str]] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Returns sentences that mean the same as others, and their groups.

    Args:
        prompts: The modality of the sentences.
        synonyms: Groups of sentences that mean the same; None for none.

    Returns:
        Ids (M, L), and the number of each one's group, from 1, (M,).
    """
    groups = list(synonyms or [])
    ids = [prompts.check(list(group)) for group in groups]
    none = np.zeros((0, *prompts.shape), "int32")
    sizes = [len(rows) for rows in ids]
    return (
        np.concatenate([none, *ids]),
        np.repeat(np.arange(1, len(ids) + 1), sizes).astype("int32"),
    )


def groups_of(ids: Any, known: tuple[np.ndarray, np.ndarray]) -> Any:
    """Returns the number of each sentence's group, 0 for none, (N,).

    Args:
        ids: Ids (N, L), a tensor.
        known: What `group_numbers` returned.
    """
    rows, numbers = known
    if not len(rows):
        return None
    equal = ops.all(ops.equal(ids[:, None], rows[None]), axis=-1)
    return ops.max(ops.where(equal, numbers[None], 0), axis=1)
