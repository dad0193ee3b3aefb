"""Every kind of source feeds `fit`."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.data import FolderImages, augment, load


def new_gan():
    keras.utils.set_random_seed(0)
    gan = keras_gans.GAN(image_shape=(8, 8, 3), latent_dim=4, units=20)
    gan.compile()
    return gan


def trained(gan, feed, **options):
    gan.fit(feed, epochs=2, verbose=0, **options)
    return gan.generate(4, seed=0)


def test_the_feed_and_tf_data_train_the_same_weights(photos):
    pytest.importorskip("tensorflow", reason="tf.data needs TensorFlow")
    source = FolderImages(photos, 8)
    gan = new_gan()
    seed = int(gan.shuffle_seed)
    ours = trained(gan, source, batch_size=4)
    gan = new_gan()
    theirs = trained(gan, source.to_tf_dataset(4, seed), shuffle=False)
    # One graph knows its batch size and the other does not, which rounds
    # differently; another order of the images would differ a thousandfold.
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


def test_augmented_images_train_and_repeat(photos):
    pytest.importorskip("keras_cv", reason="augmentation needs keras-cv")
    source = augment(FolderImages(photos, 8))
    first, again = (trained(new_gan(), source, batch_size=4) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_an_image_of_another_size_is_refused(photos):
    with pytest.raises(ValueError, match=r"Received: .*16"):
        trained(new_gan(), load(photos, image_size=16), batch_size=4)
