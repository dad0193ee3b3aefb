import numpy as np
import pytest

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
    expected = to_uint8(gan.generate(10, seed=3)).astype(int)
    read = np.concatenate([source[:4], source[np.arange(4, 10)]])
    assert read.dtype == np.uint8
    assert np.abs(read - expected).max() <= 1  # batches round otherwise
    assert np.abs(source[7] - expected[7]).max() <= 1


@pytest.fixture
def conditional():
    return ConditionalGAN((8, 8, 1), 5, latent_dim=4, units=120, seed=1)


def test_labels_go_with_their_images(conditional):
    labels = np.array([3, 1, 0, 2, 2])
    source = GeneratedImages(conditional, 5, labels=labels)
    expected = to_uint8(conditional.generate(5, seed=0, labels=labels))
    rows = np.array([4, 0, 2])
    difference = source[rows].astype(int) - expected[rows].astype(int)
    assert np.abs(difference).max() <= 1  # batches round otherwise
    np.testing.assert_array_equal(source.labels, labels)
    with pytest.raises(ValueError, match="6 images and 5 labels"):
        GeneratedImages(conditional, 6, labels=labels)


def test_the_classes_take_turns_whichever_rows_are_read(conditional):
    source = GeneratedImages(conditional, 20, seed=3)
    expected = to_uint8(conditional.generate(20, seed=3)).astype(int)
    read = [source[:7], source[7:14], source[14:]]
    assert np.abs(np.concatenate(read) - expected).max() <= 1


def test_what_is_not_finite_is_refused(gan):
    bias = gan.generator.trainable_weights[-1]
    bias.assign(np.full(bias.shape, np.nan))
    with pytest.raises(NotFiniteError, match=r"diverged.*Received: mine"):
        GeneratedImages(gan, 2, name="mine")[:]
