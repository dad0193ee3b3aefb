"""What a request says, and what the generator then takes, inside a graph."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import keras
import tensorflow as tf

from keras_gans.exporting.limits import MOST_ROWS, MOST_SEED
from keras_gans.exporting.saved_model.pictures import decode_all, is_picture
from keras_gans.exporting.saved_model.refusing import refuse_unless
from keras_gans.exporting.saved_model.words import Tokenizer
from keras_gans.modalities import (
    ClassLabel,
    Condition,
    HashedLatents,
    Modality,
    Text,
    Truncation,
)
from keras_gans.modalities.hashed_latents import uniform
from keras_gans.modalities.words.vocabulary import UNKNOWN

SHOWN = 20
"""Most names of classes that an error lists."""

Takes = Mapping[str, Modality]


def request_for(takes: Takes) -> dict[str, Any] | None:
    """Returns the tensors of a request, by name.

    Pictures are bytes of files (N,). Where there are none, `count` says how
    many rows to make. Classes are text (K,), conditions vectors (K, D), and
    truncation is one number for all. Sentences are text (K,), and
    `count` is how many rows each gets. What is left is drawn from `seed`.

    Args:
        takes: What the generator takes.

    Returns:
        Their `tf.TensorSpec`s; None where something can neither be drawn nor
        read from a file.
    """
    reads = any(is_picture(m) and not m.is_drawn for m in takes.values())
    specs: dict[str, Any] = {} if reads else {"count": ((), tf.int32)}
    for name, modality in takes.items():
        if (reads and is_picture(modality)) or isinstance(modality, ClassLabel):
            specs[name] = (None,), tf.string
        elif isinstance(modality, Condition):
            specs[name] = (None, *modality.shape), tf.float32
        elif isinstance(modality, Truncation):
            specs[name] = (), tf.float32
        elif isinstance(modality, Text):
            specs[name] = (None,), tf.string
        elif type(modality).sample is not Modality.sample:
            told = any(isinstance(m, Text) for m in takes.values())
            specs["seed"] = (), tf.int32 if told else tf.int64
        else:
            return None
    return {n: tf.TensorSpec(*spec, n) for n, spec in specs.items()}


def rows_for(
    takes: Takes,
    request: dict[str, Any],
    tokenizers: Mapping[str, Tokenizer] = MappingProxyType({}),
) -> dict[str, Any]:
    """Returns device values (N, ...) by the names of `takes`.

    Every sentence gets the same rows of all else, as in `generate`.

    Args:
        takes: What the generator takes.
        request: Tensors as `request_for` describes them.
        tokenizers: What makes ids of sentences, by name.
    """
    num = rows_in(takes, request)
    seeds = _Seeds(request["seed"]) if "seed" in request else None
    told = {
        name: _ids(name, tokenizer, request[name], num)
        for name, tokenizer in tokenizers.items()
    }
    rows = {
        name: _rows(name, modality, request.get(name), num, seeds)
        for name, modality in takes.items()
        if name not in told
    }
    for name, ids in told.items():
        others = tf.shape(ids)[0]
        rows = {
            n: tf.tile(x, [others] + [1] * (len(x.shape) - 1))
            for n, x in rows.items()
        }
        rows[name] = tf.repeat(ids, num, axis=0)
    return {name: rows[name] for name in takes}


def _ids(name: str, tokenizer: Tokenizer, texts: Any, num: Any) -> Any:
    """Returns the ids of sentences, of each of which `num` rows are wanted."""
    sentences = tf.size(texts)
    texts = refuse_unless(
        (sentences >= 1) & (sentences * num <= MOST_ROWS),
        f"`{name}` must be sentences, of `count` rows each, together from 1 to "
        f"{MOST_ROWS} rows.",
        sentences,
        texts,
    )
    ids = tokenizer(texts)
    return refuse_unless(
        ids[:, 0] != UNKNOWN,
        f"`{name}` must each have a word that is known.",
        texts,
        ids,
    )


def rows_in(takes: Takes, request: dict[str, Any]) -> Any:
    """Returns how many rows a request asks for, a scalar."""
    files = [
        request[n] for n, m in takes.items() if n in request and is_picture(m)
    ]
    num = tf.size(files[0]) if files else request["count"]
    return refuse_unless(
        (num >= 1) & (num <= MOST_ROWS),
        f"A request gets from 1 to {MOST_ROWS} rows.",
        num,
        num,
    )


def _rows(name: str, modality: Any, given: Any, num: Any, seeds: Any) -> Any:
    if given is None and isinstance(modality, HashedLatents):
        return _hashed(modality, num, seeds.chosen)
    if given is None:
        return modality.sample(
            lambda sampler, num, *shape: sampler((num, *shape), seed=seeds),
            num,
        )
    if isinstance(modality, Truncation):
        given = refuse_unless(
            tf.math.is_finite(given), f"`{name}` must be finite.", given, given
        )
        return tf.fill((num,), given)
    if is_picture(modality):
        given = refuse_unless(
            tf.size(given) == num,
            f"`{name}` must be as many files as the other pictures.",
            tf.size(given),
            given,
        )
        return decode_all(given, modality)
    size = tf.shape(given)[0]
    given = refuse_unless(
        (size >= (0 if isinstance(modality, ClassLabel) else 1))
        & (size <= num),
        f"`{name}` must be one value for each row, or fewer, which take turns.",
        size,
        given,
    )
    if isinstance(modality, ClassLabel):
        given = _numbers(name, modality, given, num)
    return tf.gather(given, tf.range(num) % tf.maximum(1, tf.shape(given)[0]))


def _hashed(latents: HashedLatents, num: Any, seed: Any) -> Any:
    """Returns the latents (num, dim) that `HashedLatents.draw` draws."""
    place = tf.range(tf.cast(num * latents.dim, tf.int64), dtype=tf.int64)
    u, v = uniform(tf.cast(seed, tf.int64)[None], place)
    numbers = tf.sqrt(-2.0 * tf.math.log(u)) * tf.cos(2.0 * math.pi * v)
    return tf.cast(tf.reshape(numbers, (-1, latents.dim)), tf.float32)


def _numbers(name: str, classes: ClassLabel, given: Any, num: Any) -> Any:
    """Returns classes by number; all of them in turn where none is given."""
    is_number = tf.strings.regex_full_match(given, "[0-9]{1,9}")
    digits = tf.where(is_number, given, tf.fill(tf.shape(given), "-1"))
    numbers = tf.strings.to_number(digits, tf.int32)
    shown = f"`{name}` must be numbers in [0, {classes.num_classes})"
    if classes.names is not None:
        names, asked = tf.constant(classes.names), given
        folded = [name.lower() for name in classes.names]
        if len(set(folded)) == len(folded):
            names, asked = tf.constant(folded), tf.strings.lower(given, "utf-8")
        same = asked[:, None] == names[None]
        place = tf.argmax(same, axis=1, output_type=tf.int32)
        numbers = tf.where(tf.reduce_any(same, axis=1), place, numbers)
        shown += f", or names: {', '.join(classes.names[:SHOWN])}"
        shown += ", ..." * (len(classes.names) > SHOWN)
    every = tf.range(tf.minimum(num, classes.num_classes))
    known = (numbers >= 0) & (numbers < classes.num_classes)
    numbers = refuse_unless(known, f"{shown}.", given, numbers)
    return tf.cond(tf.size(given) == 0, lambda: every, lambda: numbers)


class _Seeds(keras.random.SeedGenerator):
    """Seeds (seed, 1), (seed, 2), ... inside of a graph, without a state."""

    def __init__(self, seed: Any):
        self.drawn = 0
        self.chosen = tf.cast(
            refuse_unless(
                (seed >= 0) & (seed <= MOST_SEED),
                f"`seed` must be from 0 to {MOST_SEED}.",
                seed,
                seed,
            ),
            tf.int32,
        )

    def next(self, ordered: bool = True) -> Any:
        """Returns the next seed, int32 (2,)."""
        self.drawn += 1
        return tf.stack([self.chosen, self.drawn])
