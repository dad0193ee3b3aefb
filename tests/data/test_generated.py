import numpy as np
import pytest

from keras_gans import GAN
from keras_gans.data import GeneratedImages
from keras_gans.data.generated import NotFiniteError
from keras_gans.images import to_uint8


@pytest.fixture
def gan():
    return GAN((8, 8, 1), latent_dim=4, units=20, seed=1)


class Stripes:
    """A conditional GAN whose label says which row is white."""

    image_shape = (4, 4, 1)

    def sample_latents(self, num, seed):
        return np.random.default_rng(seed).standard_normal((num, 2))

    def generate(self, num_images, seed, latents, labels):
        images = np.full((num_images, *self.image_shape), -1.0)
        images[np.arange(num_images), labels] = 1.0
        return images


def test_they_are_those_of_generate(gan):
    source = GeneratedImages(gan, 10, seed=3, name="mine")
    assert (len(source), source.image_shape) == (10, (8, 8, 1))
    assert source.name == "mine"
    expected = to_uint8(gan.generate(10, seed=3)).astype(int)
    read = np.concatenate([source[:4], source[np.arange(4, 10)]])
    assert read.dtype == np.uint8
    assert np.abs(read - expected).max() <= 1  # batches round otherwise
    assert np.abs(source[7] - expected[7]).max() <= 1


def test_labels_go_with_their_images():
    labels = [3, 1, 0, 2, 2]
    source = GeneratedImages(Stripes(), 5, labels=labels)
    rows = np.array([4, 0, 2])
    np.testing.assert_array_equal(
        source[rows].argmax(axis=1)[:, 0, 0], [2, 3, 0]
    )
    np.testing.assert_array_equal(source.labels, labels)
    with pytest.raises(ValueError, match=r"\(6,\).*Received: \(5,\)"):
        GeneratedImages(Stripes(), 6, labels=labels)


def test_what_is_not_finite_is_refused(gan):
    bias = gan.generator.trainable_weights[-1]
    bias.assign(np.full(bias.shape, np.nan))
    with pytest.raises(NotFiniteError, match=r"diverged.*Received: mine"):
        GeneratedImages(gan, 2, name="mine")[:]
