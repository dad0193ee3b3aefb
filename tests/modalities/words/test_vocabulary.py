import json

import numpy as np
import pytest
from random_texts import CAPTIONS, random_texts

from keras_gans.modalities import Vocabulary
from keras_gans.modalities.words.byte_pairs import learn_pairs, pieces
from keras_gans.modalities.words.folding import folding

WORDS = Vocabulary(["red", "hair", "eyes", "dont", "strasse", "雪"])


@pytest.mark.parametrize(
    "text, words",
    [
        ("Red HAIR", ["red", "hair"]),
        ("  red,\thair!\n", ["red", "hair"]),
        ("red-hair_eyes/red", ["red", "hair", "eyes", "red"]),
        ("don't don’t", ["dont", "dont"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("re\u0301d r\u00e9d ré\u0323d", ["red", "red", "red"]),
        ("ｒｅｄ\u3000ﬁn", ["red", "fin"]),
        ("雪雪x🐶", ["雪", "雪", "x", "🐶"]),
        ("\ufeffred\u200b\u2028hair\0eyes", ["red", "hair", "eyes"]),
        ("½ x² №5", ["1", "2", "x2", "no5"]),
        ("red\ud800hair", ["red", "hair"]),
        ("ΣΑΣ Ѐ Ǆ", ["σασ", "е", "dz"]),
        ("", []),
        ("?!… —", []),
    ],
)
def test_words_of_a_text(text, words):
    assert WORDS.split(text) == words


def test_ids_begin_with_two_and_unknown_words_are_left_out():
    assert WORDS.ids("red zorgle hair") == [2, 3]
    assert WORDS.ids("zorgle") == [1]
    ids = WORDS.encode(["red hair eyes", "eyes", ""], 2)
    np.testing.assert_array_equal(ids, [[2, 3], [4, 0], [1, 0]])
    assert ids.dtype == np.int32
    assert WORDS.decode([2, 3, 0, 0]) == "red hair"
    assert WORDS.size == 8


def test_the_most_frequent_words_first():
    words = Vocabulary.from_captions(["b a b", "c B", "a!"], max_words=2)
    assert words.words == ["b", "a"]


def test_the_table_changes_nothing_twice():
    table = folding()
    for char, text in table.items():
        assert len(char) == 1
        again = "".join(table.get(c, c) for c in text)
        assert again == text, (char, text, again)


def test_texts_that_look_alike_have_equal_words():
    import unicodedata

    for text in random_texts(500):
        whole = text.encode("utf-8", "replace").decode()
        for form in ("NFC", "NFD"):
            other = unicodedata.normalize(form, whole)
            if not any(0xAC00 <= ord(c) < 0xD7A4 for c in whole):
                same = _latin(WORDS.split(whole)) == _latin(WORDS.split(other))
                assert same, (form, text)


def _latin(words):
    return [w for w in words if all(ord(c) < 0x590 for c in w)]


def test_byte_pairs_by_hand():
    # Sennrich et al. 2016, figure 1, but for what marks a word's end.
    counts = {"low": 5, "lowest": 2, "newer": 6, "wider": 3}
    pairs = learn_pairs(counts, 10)
    # "er " 9 times, "lo" and "low" 7 and ...
    assert pairs[0] == ("e", "r ")
    assert pairs[1:3] == [("l", "o"), ("e", "w")]
    ranks = {pair: i for i, pair in enumerate(pairs)}
    assert pieces("newer", ranks)[-1].endswith("er ")
    assert "".join(pieces("lower", ranks)) == "lower "
    assert pieces("q", ranks) == ["q "]


def test_the_leftmost_pair_is_joined_first():
    assert pieces("aaaa", {("a", "a"): 0}) == ["aa", "a", "a "]
    assert pieces("abab", {("b", "a"): 1, ("a", "b"): 0}) == ["ab", "a", "b "]


def test_pieces_know_words_that_no_caption_had():
    words = Vocabulary.from_captions(CAPTIONS, num_pairs=60)
    assert words.pairs[:1] and words.knows("skating") and words.knows("dogs")
    assert not words.knows("zoo")
    assert words.decode(words.ids("Skating dogs")) == "skating dogs"
    assert max(words.ids("skating dogs")) < words.size


def test_words_with_a_piece_that_is_not_known_are_left_out_whole():
    words = Vocabulary.from_captions(CAPTIONS, num_pairs=60)
    assert not words.knows("zdog")
    assert words.ids("a zdog") == words.ids("a")
    assert words.ids("zdog") == [1]


@pytest.mark.parametrize(
    "pairs, wrong",
    [([["a", "b "]], "'ab '"), ([["a", "b "], ["q", "ab "]], "'ab ', 'q'")],
)
def test_pairs_of_what_is_no_piece(pairs, wrong):
    with pytest.raises(ValueError, match=f"pairs join.*wrong: .{wrong}"):
        Vocabulary(["a", "b "], pairs=pairs)


@pytest.mark.parametrize("num_pairs", [0, 40])
def test_its_file_makes_it_again(num_pairs):
    words = Vocabulary.from_captions(CAPTIONS, num_pairs=num_pairs)
    again = Vocabulary(**json.loads(json.dumps(words.get_config())))
    assert again == words
    texts = random_texts(300, seed=1)
    np.testing.assert_array_equal(
        again.encode(texts, 9), words.encode(texts, 9)
    )


@pytest.mark.parametrize(
    "words", [[], ["red", "red"], ["Red"], ["red hair"], [""], ["it's"]]
)
def test_words_that_the_rules_do_not_make(words):
    with pytest.raises(ValueError, match="each once and as its rules make it"):
        Vocabulary(words)


def test_captions_without_words():
    with pytest.raises(ValueError, match="must have words"):
        Vocabulary.from_captions(["!", ""])


def test_nearest_words():
    assert WORDS.nearest("hairs") == ["hair"]
    assert WORDS.nearest("qqq") == []
