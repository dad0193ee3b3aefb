import hashlib
import threading

import keras
import numpy as np
import pytest

from keras_gans import metrics
from keras_gans.metrics.features import shipped_classifiers


def pictures(num, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, 8, 8, 1), dtype="uint8")


@pytest.fixture(scope="module")
def network():
    """The features are the rows' means."""
    inputs = keras.Input((8, 8, 1))
    rows = keras.layers.AveragePooling2D((1, 8))(inputs)
    return keras.Model(inputs, keras.layers.Flatten()(rows), name="rows")


class Source:
    """Counts what is read, and in which thread."""

    image_shape = (8, 8, 1)
    name = "mine"
    split = "test"

    def __init__(self, images, broken=None):
        self.images = images
        self.broken = broken
        self.threads = set()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, rows):
        self.threads.add(threading.current_thread())
        if self.broken in rows:
            raise OSError(f"Image {self.broken} cannot be read.")
        return self.images[rows]


def test_features_stand_in_the_order_of_the_images(network):
    images = pictures(23)
    result = metrics.compute_features(images, network, batch_size=5)
    expected = (images / 127.5 - 1).mean((2, 3))
    assert result.features.dtype == "float32"
    assert len(result) == 23
    np.testing.assert_allclose(result.features, expected, atol=1e-6)
    floats = metrics.compute_features(images / 127.5 - 1, network)
    np.testing.assert_array_equal(floats.features, result.features)
    assert floats.origin.images_checksum == result.origin.images_checksum


def test_the_origin_says_where_they_come_from(network):
    images = pictures(23)
    extractor = metrics.FeatureExtractor(network)
    origin = metrics.compute_features(Source(images), extractor, 5).origin
    digest = hashlib.sha256(b"(23, 8, 8, 1)" + images.tobytes()).hexdigest()
    assert origin == metrics.Origin(
        "rows", extractor.checksum, None, "mine", digest, "test", None
    )
    chosen = metrics.compute_features(
        images, extractor, num_samples=7, seed=3
    ).origin
    assert (chosen.seed, chosen.images, chosen.split) == (3, None, None)


def test_statistics_are_those_of_the_features(network):
    images = pictures(40)
    features = metrics.compute_features(images, network, 7)
    for statistics in (
        features.statistics(),
        metrics.feature_statistics(images, network, 7),
    ):
        assert statistics.origin == features.origin
        gaussian = statistics.gaussian
        wide = features.features.astype("float64")
        assert gaussian.count == 40
        np.testing.assert_allclose(gaussian.mean, wide.mean(0), rtol=1e-12)
        np.testing.assert_allclose(
            gaussian.covariance, np.cov(wide.T), rtol=1e-10, atol=1e-14
        )


def test_images_are_read_ahead_in_another_thread(network):
    source, done = Source(pictures(23)), []
    metrics.compute_features(source, network, 5, progress=done.append)
    assert done == [5, 10, 15, 20, 23]
    assert threading.current_thread() not in source.threads
    assert not any(thread.is_alive() for thread in source.threads)
    source = Source(pictures(23))
    source.read_ahead = False
    metrics.compute_features(source, network, 5)
    assert source.threads == {threading.current_thread()}


def test_a_broken_image_stops_it(network):
    source = Source(pictures(23), broken=17)
    with pytest.raises(OSError, match="Image 17 cannot be read"):
        metrics.compute_features(source, network, 5)
    assert not any(thread.is_alive() for thread in source.threads)


def test_a_resizing_extractor_of_any_model(network):
    images = np.repeat(np.repeat(pictures(4), 2, axis=1), 2, axis=2)
    extractor = metrics.FeatureExtractor(network, resize="legacy_tensorflow")
    result = metrics.compute_features(images, extractor)
    expected = metrics.compute_features(images[:, ::2, ::2], network)
    np.testing.assert_allclose(
        result.features, expected.features, atol=1e-6
    )  # Every second pixel lies where an old one does.
    assert result.origin.resize == "legacy_tensorflow"


@pytest.mark.parametrize("name", shipped_classifiers.SHA256)
def test_the_classifiers_head_gives_its_logits(name):
    extractor = metrics.load_shipped_classifier(name)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3, 28, 28, 1), dtype="uint8")
    result = metrics.compute_features(images, extractor)
    whole = shipped_classifiers.build_classifier(name)
    whole.load_weights(shipped_classifiers.weights_of(name))
    expected = keras.ops.convert_to_numpy(
        whole((images / 127.5 - 1).astype("float32"), training=False)
    )
    logits = result.head(result.features)
    assert (logits.dtype, extractor.dimensions) == ("float64", 128)
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-4)


def test_the_classifiers_take_other_sizes_by_another_name():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3, 28, 28, 1), dtype="uint8")
    doubled = images.repeat(2, axis=1).repeat(2, axis=2)
    name = "mnist_classifier/legacy_tensorflow"  # takes every second pixel
    result = metrics.compute_features(doubled, name)
    assert result.origin.feature_network == name
    np.testing.assert_allclose(
        result.features,
        metrics.compute_features(images, "mnist_classifier").features,
        atol=1e-5,
    )
    with pytest.raises(ValueError, match="takes images of"):
        metrics.compute_features(doubled, "mnist_classifier")


def test_bad_arguments(network):
    with pytest.raises(ValueError, match="Received: none"):
        metrics.compute_features([], network)
    with pytest.raises(ValueError, match="Received: 0"):
        metrics.compute_features(pictures(3), network, batch_size=0)
    with pytest.raises(ValueError, match="Received: 'nearest'"):
        metrics.FeatureExtractor(network, resize="nearest")
    anything = keras.Sequential(
        [keras.Input((None, None, 1)), keras.layers.GlobalMaxPooling2D()]
    )
    with pytest.raises(ValueError, match=r"one size.*None, None, 1"):
        metrics.FeatureExtractor(anything, resize="clean")
