import numpy as np
import pytest
from own_variants.pairs import Pairs
from own_variants.sound import Sound
from own_variants.tree import Tree

from keras_gans import GAN, ConditionalGAN
from keras_gans.data import GeneratedImages
from keras_gans.data.generated import NotFiniteError
from keras_gans.modalities.image import to_uint8


@pytest.fixture
def gan():
    return GAN((8, 8, 1), latent_dim=4, units=20, seed=1)


def test_they_are_those_of_generate(gan):
    source = GeneratedImages(gan, 10, seed=3, name="mine")
    assert (len(source), source.image_shape) == (10, (8, 8, 1))
    assert source.name == "mine"
    assert source.labels is None and list(source.modalities) == ["images"]
    expected = to_uint8(gan.generate(10, seed=3)).astype(int)
    read = np.concatenate([source[:4], source[np.arange(4, 10)]])
    assert read.dtype == np.uint8
    assert np.abs(read - expected).max() <= 1  # batches round otherwise
    assert np.abs(source[7] - expected[7]).max() <= 1


def test_options_and_latents_may_be_given(gan):
    options = {"seed": 3, "truncation": 0.2}
    source = GeneratedImages(gan, 10, **options)
    expected = to_uint8(gan.generate(10, **options)).astype(int)
    assert np.abs(source[:] - expected).max() <= 1
    latents = np.ones((2, 4), "float32")
    expected = to_uint8(gan.generate(latents=latents)).astype(int)
    read = GeneratedImages(gan, 2, latents=latents)[:]
    assert np.abs(read - expected).max() <= 1
    with pytest.raises(ValueError, match=r"GAN takes latents.*labels"):
        GeneratedImages(gan, 2, labels=[0, 1])


@pytest.fixture
def conditional():
    names = ["bag", "boot", "coat", "dress", "shirt"]
    return ConditionalGAN(
        (8, 8, 1), 5, latent_dim=4, units=120, seed=1, class_names=names
    )


def test_labels_go_with_their_images(conditional):
    labels = np.array([3, 1, 0, 2, 2])
    source = GeneratedImages(conditional, 5, labels=labels)
    expected = to_uint8(conditional.generate(5, seed=0, labels=labels))
    rows = np.array([4, 0, 2])
    difference = source[rows].astype(int) - expected[rows].astype(int)
    assert np.abs(difference).max() <= 1  # batches round otherwise
    np.testing.assert_array_equal(source.labels, labels)
    with pytest.raises(ValueError, match=r"be of shape \(6,\).*\(5,\)"):
        GeneratedImages(conditional, 6, labels=labels)


def test_labels_may_be_names_and_have_names(conditional):
    source = GeneratedImages(conditional, 3, labels=["coat", "bag", "coat"])
    np.testing.assert_array_equal(source.labels, [2, 0, 2])
    assert source.class_names[2] == "coat"
    assert source.modalities["labels"] is conditional.takes["labels"]
    np.testing.assert_array_equal(
        GeneratedImages(conditional, 3, labels=4).labels, [4, 4, 4]
    )


def test_the_classes_take_turns_whichever_rows_are_read(conditional):
    source = GeneratedImages(conditional, 20, seed=3)
    expected = to_uint8(conditional.generate(20, seed=3)).astype(int)
    read = [source[:7], source[7:14], source[14:]]
    assert np.abs(np.concatenate(read) - expected).max() <= 1
    np.testing.assert_array_equal(source.labels, np.arange(20) % 5)


def test_images_of_images(images):
    gan = Pairs(seed=1)
    source = GeneratedImages(gan, 4, inputs=images[:4])
    expected = to_uint8(gan.generate(inputs=images[:4])).astype(int)
    assert np.abs(source[:] - expected).max() <= 1
    with pytest.raises(ValueError, match="Pairs needs `inputs`"):
        GeneratedImages(gan, 4)


def test_the_first_images_of_several_outputs():
    gan = Tree(seed=1)
    expected = to_uint8(gan.generate(3, seed=2)["images"]).astype(int)
    assert np.abs(GeneratedImages(gan, 3, 2)[:] - expected).max() <= 1


def test_sounds_are_no_images():
    with pytest.raises(ValueError, match="Received: Sound, which makes wave"):
        GeneratedImages(Sound(seed=1), 3)


def test_what_is_not_finite_is_refused(gan):
    bias = gan.generator.trainable_weights[-1]
    bias.assign(np.full(bias.shape, np.nan))
    with pytest.raises(NotFiniteError, match=r"diverged.*Received: mine"):
        GeneratedImages(gan, 2, name="mine")[:]
