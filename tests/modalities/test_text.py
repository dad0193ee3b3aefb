import warnings

import keras
import numpy as np
import pytest

from keras_gans.modalities import Text, Vocabulary, deserialize, serialize
from keras_gans.modalities.words.vocabulary import FIRST

WORDS = Vocabulary(["red", "blue", "hair", "eyes"])
TEXT = Text(WORDS, 3, ["red hair", "blue eyes"])


@pytest.mark.parametrize(
    "values, ids",
    [
        ("red hair", [[2, 4, 0]]),
        (["red hair", "Blue!"], [[2, 4, 0], [3, 0, 0]]),
        (("eyes",), [[5, 0, 0]]),
        (np.array(["eyes", "red"]), [[5, 0, 0], [2, 0, 0]]),
        (np.array(["eyes", "red"], object), [[5, 0, 0], [2, 0, 0]]),
        ("red\nhair", [[2, 4, 0]]),
        ([[2, 4, 0]], [[2, 4, 0]]),
        (np.array([[5, 0, 0]], "int64"), [[5, 0, 0]]),
    ],
)
def test_sentences_and_ids(values, ids):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        checked = TEXT.check(values)
    np.testing.assert_array_equal(checked, ids)
    assert checked.dtype == np.int32


@pytest.mark.parametrize(
    "values, left_out",
    [
        ("red zorgle hair 🐶", "that are not known: zorgle, 🐶"),
        ("red hair blue eyes", "beyond the 3 words that fit: eyes"),
        (
            ["red crimson", "azure blue", "red crimson"],
            "that are not known: crimson, azure",
        ),
        (
            "red dark hair blue eyes",
            "not known: dark; and without words beyond the 3 .* fit: eyes",
        ),
        ("red " + "z" * 1000, f"not known: {'z' * 60}..."),
    ],
)
def test_what_is_left_out_is_named(values, left_out):
    with pytest.warns(UserWarning, match=f"are read without .*{left_out}$"):
        TEXT.check(values)


@pytest.mark.parametrize(
    "values, message",
    [
        ("", r"known, for instance red, blue.*Received: ''"),
        (" \n", r"Received: ' \\n'"),
        ("🐶", "must have a word that is known, for instance red"),
        ("hairs reds", "the nearest: hair, red"),
        (["red", ""], "Received: ''"),
        (b"red", "not bytes, numbers or None. Received: b'red'"),
        (np.array([b"red"]), "Received: b'red'"),
        (None, "Received: None"),
        (["red", None], "Received: None"),
        (["red", 3], "Received: 3"),
        (3, "Received: 3"),
        (2.5, "Received: 2.5"),
        ([[2, 4]], r"must have the shape \(N, 3\)"),
        ([[2, 4, 6]], r"ids in \[0, 6\). Received: ids from 2 to 6"),
        ([[-1, 0, 0]], "Received: ids from -1 to 0"),
    ],
)
def test_bad_input(values, message):
    with pytest.raises(ValueError, match=message):
        TEXT.check(values)


def test_the_nearest_of_the_first_unknown_words_alone(monkeypatch):
    asked = []
    nearest = Vocabulary.nearest

    def counted(self, word, num=3):
        asked.append(word)
        return nearest(self, word, num)

    monkeypatch.setattr(Vocabulary, "nearest", counted)
    unknown = [f"reds{i}" for i in range(5000)]
    said = TEXT.understand(" ".join(["hair", *unknown, *unknown]))
    assert said.known == ["hair"] and list(said.unknown) == unknown
    assert asked == unknown[:10]
    assert said.unknown["reds9"] == ["red"] and said.unknown["reds10"] == []
    with pytest.raises(ValueError, match="the nearest: red"):
        TEXT.check(" ".join(unknown))
    assert asked == 2 * unknown[:10]


def test_examples_are_drawn_in_turn():
    drawn = TEXT.draw(3, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn, [[2, 4, 0], [3, 5, 0], [2, 4, 0]])
    assert Text(WORDS).examples == ["red"]


@pytest.mark.parametrize(
    "captions, num_pairs, example",
    [
        (["red hair"], 0, "hair"),
        (["red hair"] * 2, 3, "air"),
        (["red hair"] * 2, 20, "hair"),
    ],
)
def test_the_example_of_a_vocabulary_is_a_whole_word(
    captions, num_pairs, example
):
    words = Vocabulary.from_captions(captions, num_pairs=num_pairs)
    text = Text(words)
    assert text.examples == [example]
    assert len(words.ids(example)) == 1
    with pytest.raises(ValueError, match=f"known, for instance {example}"):
        text.check("q")


def test_what_is_left_out_or_cut_of_words_in_pieces():
    words = Vocabulary.from_captions(["red hair"] * 2, num_pairs=3)
    wanted = [FIRST + words.words.index(piece) for piece in ("r", "ed ", "h")]
    with pytest.warns(
        UserWarning,
        match="not known: xred; .* 3 pieces of words that fit: hair$",
    ):
        ids = Text(words, 3).check("red xred hair")
    np.testing.assert_array_equal(ids, [wanted])


def test_noise_is_sentences_of_any_length():
    noise = TEXT.noise(200, np.random.default_rng(0))
    lengths = (noise > 0).sum(1)
    assert set(lengths) == {1, 2, 3}
    assert set(noise[noise > 0]) == {2, 3, 4, 5}
    assert (np.sort(noise > 0)[:, ::-1] == (noise > 0)).all()  # padded at ends


def test_what_is_saved_makes_it_again():
    for again in (
        deserialize(serialize(TEXT)),
        keras.saving.deserialize_keras_object(
            keras.saving.serialize_keras_object(TEXT)
        ),
    ):
        assert again.agrees_with(TEXT)
        assert again.examples == TEXT.examples
    assert not Text(WORDS, 4).agrees_with(TEXT)
    assert not Text(Vocabulary(["red"]), 3).agrees_with(TEXT)


def test_it_knows_how_many_ids_there_are():
    assert TEXT.vocabulary_size == TEXT.num_values == 6
    with pytest.raises(ValueError, match="Received: length=0"):
        Text(WORDS, 0)
