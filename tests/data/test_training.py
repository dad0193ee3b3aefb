"""Every kind of source feeds `fit`."""

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.data import FolderImages, augment, load


def trained(feed, **options):
    keras.utils.set_random_seed(0)
    gan = keras_gans.GAN(image_shape=(8, 8, 3), latent_dim=4, units=20)
    gan.compile()
    gan.fit(feed, epochs=2, verbose=0, **options)
    return gan.generate(4, seed=0)


def test_the_feed_and_tf_data_train_the_same_weights(photos):
    pytest.importorskip("tensorflow", reason="tf.data needs TensorFlow")
    source = FolderImages(photos, 8)
    ours = trained(source, batch_size=4, shuffle=False)
    theirs = trained(source.to_tf_dataset(4))
    np.testing.assert_array_equal(ours, theirs)
    shuffled = trained(source, batch_size=4)
    assert not np.array_equal(ours, shuffled)


def test_augmented_images_train_and_repeat(photos):
    pytest.importorskip("keras_cv", reason="augmentation needs keras-cv")
    source = FolderImages(photos, 8)
    first, again = (trained(augment(source), batch_size=4) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, trained(source, batch_size=4))


def test_an_image_of_another_size_is_refused(photos):
    with pytest.raises(ValueError, match=r"Received: \(16, 16, 3\)"):
        trained(load(photos, image_size=16), batch_size=4)
