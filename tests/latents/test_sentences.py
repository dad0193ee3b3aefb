"""Images between two sentences."""

import types

import keras
import numpy as np
import pytest
from contract import tiny

from keras_gans.latents import between, save_walk


@pytest.fixture(scope="module")
def gan():
    return tiny("Worded")


def test_the_ends_are_what_the_sentences_make(gan):
    made = between(gan, ["red hair", "blue eyes"], frames=5, num=2, seed=3)
    assert made.shape == (5, 2, 16, 16, 1)
    ends = gan.generate(["red hair", "blue eyes"], num_images=2, seed=3)
    np.testing.assert_allclose(
        made[[0, -1]].reshape(ends.shape), ends, atol=1e-5
    )


def test_the_middle_is_made_of_the_mean_of_what_words_become(gan):
    # The variant's sentence is the mean of its words' vectors.
    made = between(gan, ["red", "blue"], frames=3, seed=3)[1]
    mean = gan.generate("red blue", seed=3)
    np.testing.assert_allclose(made, mean, atol=1e-5)


def test_three_sentences_one_after_the_other(gan):
    made = between(gan, ["red", "blue", "hair"], frames=5)
    (middle,) = gan.generate("blue", seed=0)
    np.testing.assert_allclose(made[2, 0], middle, atol=1e-5)


@pytest.mark.parametrize(
    "sentences, frames", [("red hair", 3), (["red"], 3), (["red", "hair"], 1)]
)
def test_too_little_to_go_between(gan, sentences, frames):
    with pytest.raises(ValueError, match="needs two of them"):
        between(gan, sentences, frames)


def test_a_gan_without_words():
    with pytest.raises(ValueError, match="GAN takes no words"):
        between(tiny("GAN"), ["red", "blue"])


class Both(keras.layers.Layer):
    def call(self, z, ids):
        images = keras.ops.tile(z * keras.ops.cast(ids, "float32"), (1, 64))
        return keras.ops.reshape(images, (-1, 16, 16, 1))


def test_a_generator_that_takes_words_and_latents_at_once():
    z, ids = keras.Input((4,)), keras.Input((4,), dtype="int32")
    network = keras.Model([z, ids], Both()(z, ids))
    gan = types.SimpleNamespace(
        inference_generator=network,
        takes={"latents": None, "prompts": None},
        _told=lambda _: "prompts",
    )
    with pytest.raises(ValueError, match="nothing follows from prompts alone"):
        between(gan, ["red", "blue"])


def test_it_can_be_saved(gan, tmp_path):
    save_walk(tmp_path / "way.gif", between(gan, ["red", "blue"], 4))
    assert (tmp_path / "way.gif").stat().st_size > 100
