"""Variants that are told in words what to make."""

import tracemalloc

import keras
import numpy as np
import pytest
from contract import EAGER, tiny

from keras_gans import data
from keras_gans.engine.training.opening import open_rows

CAPTIONS = ["red hair", "Blue eyes!", "long red hair", "blue hair"] * 8


@pytest.fixture(scope="module")
def gan():
    return tiny("Worded")


def images():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (32, 16, 16, 1), "uint8")


def same(one, other):
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_sentence_makes_one_image(gan):
    made = gan.generate("red hair", seed=0)
    assert made.shape == (1, 16, 16, 1)
    same(gan.generate(prompts="Red, hair?", num=1, seed=0), made)
    same(gan.generate(["red hair"], num_images=1, seed=0), made)


def test_a_sentence_does_not_depend_on_its_neighbours(gan):
    alone = gan.generate("blue hair", num_images=3, seed=5)
    beside = gan.generate(["red eyes", "blue hair"], num_images=3, seed=5)
    assert beside.shape == (6, 16, 16, 1)
    same(beside[3:], alone)
    same(gan.generate("blue hair", num_images=8, seed=5)[:3], alone)
    # The same latents for every sentence; other ones of another seed.
    inputs = gan.inputs_for(3, 5, prompts=["red eyes", "blue hair"])
    np.testing.assert_array_equal(*np.split(inputs["latents"], 2))
    assert np.abs(gan.generate("blue hair", seed=6) - alone[:1]).max() > 1e-3


def test_latents_that_are_given_are_made_with_every_sentence(gan):
    latents = np.eye(4, dtype="float32")[:2]
    made = gan.generate(["red eyes", "blue hair"], latents=latents)
    same(made[2:], gan.generate("blue hair", latents=latents))


def test_a_number_draws_the_examples_in_turn(gan):
    made = gan.generate(4, seed=0)
    ids = gan.inputs_for(4, 0)["prompts"]
    words = [gan.takes["prompts"].name_of(row) for row in ids]
    assert words == ["red hair", "long blue hair", "blue eyes", "red hair"]
    same(gan.generate("red hair", seed=0)[0], made[0])
    # Ids are rows, each with a latent of its own.
    same(gan.generate(prompts=ids, seed=0), made)


@pytest.mark.parametrize(
    "asked, message",
    [
        ("", "must have a word that is known, for instance red"),
        ("hairs zorgle", "the nearest: hair"),
        ("🐶", "Received: '🐶'"),
        ("\n", r"Received: '\\n'"),
        (b"red", "Received: b'red'"),
        (["red", None], "Received: None"),
        (["red", 3], "Received: 3"),
        ([], r"sentences, each a string. Received: \[\]"),
        (2.5, "how many to make, a whole number, or.*Received: 2.5"),
        (True, "Received: True"),
        ([1, 2], r"Received: \[1, 2\]"),
    ],
)
def test_bad_prompts(gan, asked, message):
    with pytest.raises(ValueError, match=message):
        gan.generate(asked, seed=0)


def test_no_prompts(gan):
    with pytest.raises(ValueError, match=r"`prompts` must not be empty"):
        gan.generate(prompts=[], seed=0)


def test_what_is_left_out_is_warned_of(gan):
    with pytest.warns(UserWarning, match="not known: crimson; .* fit: eyes$"):
        made = gan.generate("crimson long red\nblue hair eyes", seed=0)
    same(made, gan.generate("long red blue hair", seed=0))


def test_ten_thousand_prompts_at_once(gan):
    words = ["red hair", "blue eyes"] * 5_000
    ids = gan.inputs_for(1, 0, prompts=words)["prompts"]
    assert ids.shape == (10_000, 4)
    tracemalloc.start()  # which NumPy tells of its arrays
    made = gan.generate(words, seed=0, batch_size=128)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.shape == (10_000, 16, 16, 1)
    same(made[9998:], made[:2])
    assert peak < 1.3 * made.nbytes + 20e6


@pytest.mark.parametrize(
    ("asked", "told", "received"),
    [
        ((None,), {}, "Received: None"),
        ((), {}, "Received: None"),
        (("red hair",), {"prompts": "blue"}, "'red hair' and prompts='blue'"),
        ((4,), {"num_images": 3}, "num=4 and num_images=3"),
    ],
)
def test_what_is_asked_twice_or_not_at_all(gan, asked, told, received):
    with pytest.raises(ValueError, match=received):
        gan.generate(*asked, **told)


def test_prompts_for_a_variant_without_words():
    other = tiny("GAN")
    with pytest.raises(ValueError, match=r"GAN takes no words.*'red hair'"):
        other.generate("red hair")
    with pytest.raises(ValueError, match="GAN takes latents"):
        other.generate(2, prompts=["red", "blue"])
    with pytest.raises(ValueError, match="GAN takes no words"):
        other.describe("red hair")


def test_what_is_understood_of_a_sentence(gan):
    said = gan.describe("Reds hair, long blue eyes and red zorgle")
    assert said.known == ["hair", "long", "blue", "eyes"]
    assert said.unknown == {"reds": ["red"], "and": [], "zorgle": []}
    assert said.beyond == ["red"]
    assert str(said).splitlines()[:2] == [
        "known    hair long blue eyes",
        "unknown  reds, the nearest: red",
    ]
    assert str(gan.describe("?")) == "known    no word"
    with pytest.raises(ValueError, match="one sentence"):
        gan.describe(["red"])


@pytest.mark.parametrize("how", ["pair", "array", "dictionary", "source", "y"])
def test_fit_takes_captions(how):
    gan, pictures = tiny("Worded", run_eagerly=EAGER), images()
    x, y = {
        "pair": ((pictures, CAPTIONS), None),
        "y": (pictures, CAPTIONS),
        "array": (pictures, np.array(CAPTIONS)),
        "dictionary": ({"images": pictures, "prompts": CAPTIONS}, None),
        "source": (data.captioned((pictures, CAPTIONS)), None),
    }[how]
    rows = open_rows(x, y, gan.learns_from, "Worded").rows(np.arange(32))
    wanted = gan.takes["prompts"].check(CAPTIONS)
    np.testing.assert_array_equal(rows["prompts"], wanted)
    np.testing.assert_array_equal(rows["images"], pictures)
    if how == "pair":
        gan.fit(x, y, batch_size=32, verbose=0)
        assert int(gan.steps) == 1


def test_held_out_captions_are_told_in_the_words_of_the_gan():
    gan = tiny("Worded", run_eagerly=EAGER)
    with pytest.warns(UserWarning, match="not known: green"):
        gan.fit(
            data.captioned((images(), ["red green"] * 32)),
            batch_size=16,
            verbose=0,
        )


def test_bytes_never_reach_a_step():
    gan = tiny("Worded")
    with pytest.raises(ValueError, match="not bytes"):
        gan.fit((images(), [b"red"] * 32), batch_size=16, verbose=0)


class Told(keras.utils.PyDataset):
    """One batch of images and what is said of them."""

    def __init__(self, prompts):
        super().__init__()
        self.prompts = prompts

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return images(), self.prompts


@pytest.mark.parametrize(
    "prompts, received",
    [
        (np.array(CAPTIONS), "batches of <U13, for instance .*red hair"),
        (CAPTIONS, "batches of <U13"),
        (np.array(CAPTIONS, object), "batches of object"),
        (np.array(CAPTIONS, bytes), r"batches of \|S13.*b'red hair'"),
    ],
)
def test_strings_in_the_batches_of_a_data_set_never_reach_a_step(
    prompts, received
):
    gan = tiny("Worded", run_eagerly=EAGER)
    advice = r'learns_from\["prompts"\].check.*data.captioned.*Received: '
    with pytest.raises(ValueError, match=advice + received):
        gan.fit(Told(prompts), verbose=0)
    gan.fit(Told(gan.learns_from["prompts"].check(CAPTIONS)), verbose=0)
    assert int(gan.steps) == 1


def test_captions_of_the_rows_that_are_trained_on():
    gan = tiny("Worded", run_eagerly=EAGER)
    assert gan.captions(4) == {}
    gan.fit((images(), CAPTIONS), batch_size=32, verbose=0)
    text = gan.takes["prompts"]
    np.testing.assert_array_equal(
        gan.captions(16)["prompts"], text.check(CAPTIONS[::2])
    )
    np.testing.assert_array_equal(
        gan.captions(40)["prompts"], text.check([*CAPTIONS, *CAPTIONS[:8]])
    )
